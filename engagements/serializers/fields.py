"""Rows that other rows point at, as the API names them."""

from typing import Any

from django.db import models
from rest_framework import serializers

from people.models import User
from people.queries import get_staff
from tenancy.scope import current_tenant_id


class StaffField(serializers.SlugRelatedField[User]):
    """Somebody of the workspace, by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", User.objects.none())
        super().__init__(slug_field="email", **kwargs)

    def get_queryset(self) -> Any:
        people = get_staff(tenant_id=current_tenant_id())
        return User.objects.filter(pk__in=[person.pk for person in people])


class RowField(serializers.PrimaryKeyRelatedField[Any]):
    """A row of the workspace, by id. What the caller may not see is not there."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model: Any = model
        super().__init__(
            queryset=model.objects.none(),  # type: ignore[attr-defined]
            pk_field=serializers.UUIDField(),
            **kwargs,
        )

    def get_queryset(self) -> Any:
        return self.model.objects.all()
