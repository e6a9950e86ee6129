"""What every table of workspace data has in common."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

from tenancy.scope import CurrentTenant, current_tenant_id


def new_id() -> UUID:
    """A UUIDv7: unique without asking, and in the order of time, which keeps indexes warm."""
    return uuid7()


class TenantQuerySet(models.QuerySet[Any]):
    """Rows of the workspace in force; the base of every queryset class."""


class TenantManager(models.Manager[Any]):
    """Filters by the workspace in force at the moment the query runs; raises NoTenant without one.

    A convenience that keeps plans short and mistakes loud. The boundary is PostgreSQL's row
    security.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(tenant_id=CurrentTenant())

    @classmethod
    def of(cls, queryset_class: type[models.QuerySet[Any]]) -> Self:
        """A manager that also offers the methods of a queryset class."""
        return cls.from_queryset(queryset_class)()  # type: ignore[return-value]


class TenantModel(models.Model):
    """A row of one workspace. The database's key is (tenant_id, id); Django's is the id alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(
        "tenancy.Tenant",
        on_delete=models.CASCADE,
        default=current_tenant_id,
        editable=False,
        related_name="+",
        # Every index of a tenant table leads with the workspace already.
        db_index=False,
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
