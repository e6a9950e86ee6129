"""Fields of a workspace's own over the API: read, written and filtered under `custom`."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from engagements import queries
from engagements.custom_fields import Field
from engagements.queries.fields import fitting_values
from tenancy.rest.resources import Resource

PREFIX = "custom."


class WithOwnFields(Resource):
    """Rows that carry fields of the workspace's own; `custom.<key>=…` narrows a list by one."""

    @cached_property
    def own(self) -> dict[str, Field]:
        """The fields in use by their keys; none for the customer's side."""
        if getattr(self, "swagger_fake_view", False):
            return {}
        view: Any = self
        fields = queries.get_custom_fields(kind=view.queryset.model._meta.model_name)
        return {field.key: field for field in fields}

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "own": tuple(self.own)}

    def more_parameters(self) -> frozenset[str]:
        return frozenset(PREFIX + key for key in self.own)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        for key, field in self.own.items():
            if text := self.request.query_params.get(PREFIX + key, ""):
                rows = rows.filter(fitting_values(field, text))
        return rows
