"""What a customer is called in other systems."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel

LONGEST_ID = 200
SYSTEM = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]{0,39}$",
    _("Name a system in lower-case letters and digits, such as salesforce."),
)


class CustomerReference(CustomerModel):
    """The id a customer has in one other system, such as the CRM."""

    system = models.CharField(_("system"), max_length=40, validators=[SYSTEM])
    value = models.CharField(_("id there"), max_length=LONGEST_ID)

    class Meta(CustomerModel.Meta):
        ordering = ["system"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "system", "value"], name="one_customer_a_reference"
            ),
            models.UniqueConstraint(
                fields=["tenant", "customer", "system"], name="one_reference_a_system"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.value}"
