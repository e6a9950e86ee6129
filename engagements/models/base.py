"""What every table of a customer's data has in common."""

from django.db import models

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class CustomerModel(TenantModel):
    """A row that belongs to one customer, and is guarded as such.

    Keys between such tables carry workspace and customer, so a row cannot point across customers.
    """

    customer_column = "customer_id"

    customer = TenantForeignKey(
        "engagements.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        abstract = True
