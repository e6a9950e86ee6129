"""Rows as resources: what listing, reading, making, changing and removing have in common.

A viewset names its serializer and its queryset, and hands what was checked to an operation: in
`make`, `change` and `remove`. Versions, repeated calls, pages and refusals are seen to here.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from tenancy.access import may
from tenancy.models import Membership
from tenancy.rest import repeats, versions
from tenancy.rest.authentication import KeyHolder
from tenancy.rest.filters import OF_PAGES, filters_of, refuse_unknown

READ = ("GET", "HEAD")


class Resource(viewsets.GenericViewSet[Any]):
    """Rows of one kind. `queryset` is `Model.objects.none()`; `get_queryset` says which there are.

    Mix in Listed, Made, Changed and Removed for what may be done with them.
    """

    # What one of the rows and what several are called, for the documentation: "a risk", "risks".
    one: Any = ""
    many: Any = ""
    lookup_value_converter = "uuid"
    # Fields that are said when a row is made and stay as they are.
    fixed: ClassVar[frozenset[str]] = frozenset()
    # Parameters an action of one's own takes in its query, by the action's name.
    parameters: ClassVar[Mapping[str, frozenset[str]]] = {}
    # Whether calls may be sent again. Not where an answer holds a secret that is shown once.
    repeatable: ClassVar[bool] = True
    pledge: repeats.Pledge | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self._known_parameters())
        if request.method == "POST" and self.repeatable:
            self.pledge = repeats.begin(request, now=timezone.now())

    def _known_parameters(self) -> frozenset[str]:
        if self.action == "list":
            return OF_PAGES | filters_of(self) | self.more_parameters()
        return self.parameters.get(self.action or "", frozenset())

    def more_parameters(self) -> frozenset[str]:
        """Parameters of a list beyond its declared filters."""
        return frozenset()

    def get_object(self) -> Any:
        """The row the address names, held until the transaction ends where it may be changed."""
        rows = self.get_queryset()
        if self.request.method not in SAFE_METHODS:
            rows = rows.select_for_update(of=("self",))
        row = get_object_or_404(rows, pk=self.kwargs[self.lookup_url_kwarg or "pk"])
        self.check_object_permissions(self.request, row)
        return row

    def shown(self, pk: UUID) -> Any:
        """A row as it is answered, read afresh."""
        return self.get_serializer(self.get_queryset().get(pk=pk)).data

    def checked(self, serializer_class: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What was sent to an action of one's own, checked one by one."""
        asked = serializer_class(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def allows(self, action: str) -> bool:
        """Whether a member who asks may do something more; keys may what their scopes open."""
        auth = self.request.auth
        return may(auth, action) if isinstance(auth, Membership) else True

    @property
    def by(self) -> Any:
        """The person who asks; None when it is a program."""
        user: Any = self.request.user
        return None if isinstance(user, KeyHolder) else user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        done = isinstance(response, Response) and status.is_success(response.status_code)
        if done and isinstance(response.data, Mapping):
            response = self._with_version(request, response)
        if done and self.pledge is not None:
            repeats.keep(self.pledge, response)
        return super().finalize_response(request, response, *args, **kwargs)

    def _with_version(self, request: Request, response: Response) -> Response:
        tag = versions.tag_of(response.data)
        known = request.headers.get("If-None-Match", "")
        if request.method in READ and known and versions.is_known(known, response.data):
            response = Response(status=status.HTTP_304_NOT_MODIFIED)
        response["ETag"] = tag
        if request.method in READ:
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


class Listed(Resource):
    """Rows that are listed in pages and read one by one."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class Made(Resource):
    """Rows that may be added."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = self.make(dict(asked.validated_data))
        place = {"Location": request.build_absolute_uri(f"{request.path}{row.pk}/")}
        return Response(self.shown(row.pk), status=status.HTTP_201_CREATED, headers=place)

    @abstractmethod
    def make(self, fields: dict[str, Any]) -> Any:
        """Add a row by an operation; `fields` were checked one by one."""


class Changed(Resource):
    """Rows that may be changed, each change meant for a version."""

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        versions.insist_on(request, self.get_serializer(row).data)
        asked = self.get_serializer(row, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        self.change(row, self._changeable(row, dict(asked.validated_data)))
        return Response(self.shown(row.pk))

    def _changeable(self, row: Any, fields: dict[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in fields.items() if name in self.fixed}
        refuse_moved(said, {name: getattr(row, name) for name in said})
        return {name: value for name, value in fields.items() if name not in self.fixed}

    @abstractmethod
    def change(self, row: Any, fields: dict[str, Any]) -> None:
        """Change a row by an operation; `fields` holds what was sent, checked one by one."""


def refuse_moved(said: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """Raises ValidationError, by field, where other values are said than those that stay."""
    moved = [name for name, value in said.items() if value != stored[name]]
    if moved:
        stays = _("This stays as it was when the row was made.")
        raise ValidationError({name: [stays] for name in moved})


class Removed(Resource):
    """Rows that may be taken away, each meant in its version."""

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        versions.insist_on(request, self.get_serializer(row).data)
        self.remove(row)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @abstractmethod
    def remove(self, row: Any) -> None:
        """Take a row away by an operation."""
