"""What every table of workspace data has in common."""

from typing import ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7

from tenancy.scope import CurrentTenant, CustomerInForce, StaffInForce, current_tenant_id


def new_id() -> UUID:
    """A UUIDv7: unique without asking, and in the order of time, which keeps indexes warm."""
    return uuid7()


Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantManager(models.Manager[Row]):
    """Filters by the workspace in force at the moment the query runs; raises NoTenant without one.
    Rows of a customer are filtered by the customer as well when their side asks, and rows for
    staff are then left out.

    A convenience that keeps plans short and mistakes loud. The boundary is PostgreSQL's row
    security.
    """

    def get_queryset(self) -> models.QuerySet[Row]:
        rows = super().get_queryset().filter(tenant_id=CurrentTenant())
        if getattr(self.model, "for_staff", False):
            return rows.filter(StaffInForce())
        column = getattr(self.model, "customer_column", None)
        return rows.filter(CustomerInForce(models.F(column))) if column else rows


class TenantModel(models.Model):
    """A row of one workspace. The database's key is (tenant_id, id); Django's is the id alone."""

    # The column that says which customer a row belongs to, where rows belong to one.
    customer_column: ClassVar[str | None] = None
    # Whether rows are kept from every customer's side, though no column names a customer.
    for_staff: ClassVar[bool] = False

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

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
