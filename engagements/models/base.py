"""What every table of a customer's data has in common."""

from typing import ClassVar

from django.db import models

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class CustomerModel(TenantModel):
    """A row that belongs to one customer, and is guarded as such.

    Keys between such tables carry workspace and customer, so a row cannot point across customers.
    """

    customer_column = "customer_id"
    # Counted from other rows, so that a merge of customers has it counted again.
    is_counted: ClassVar[bool] = False
    # A text that two rows of one and the same thing share, where no rule of the table says so.
    alike_by: ClassVar[str] = ""

    customer = TenantForeignKey(
        "engagements.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        abstract = True
