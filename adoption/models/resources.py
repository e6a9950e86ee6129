"""Whom and what the work of a plan needs: people, roles and places, and how much of them."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from adoption.models.plans import WorkPackage
from engagements.models import CustomerModel, Engagement, Stakeholder, TeamMember
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel

LEAST_UNITS, MOST_UNITS = Decimal("0.05"), Decimal(1000)
_UNITS = [MinValueValidator(LEAST_UNITS), MaxValueValidator(MOST_UNITS)]


class Resource(TenantModel):
    """Somebody or something that can be in one place at a time.

    Of an engagement, or of the workspace when it names none: then it is the staff's alone, and
    what every engagement asks of it counts. `terms` is its own working time as `scheduling.Terms`
    is written down, empty for the time of whatever plan asks for it.
    """

    customer_column = "customer_id"

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ROLE = "role", _("Role")
        PLACE = "place", _("Place")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PERSON)
    capacity = models.DecimalField(
        _("capacity"),
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=_UNITS,
        help_text=_("1 is one full person or one room; 0.5 is half of one."),
    )
    customer = TenantForeignKey(
        "engagements.Customer",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    engagement = TenantForeignKey(
        Engagement, null=True, blank=True, on_delete=models.CASCADE, related_name="resources"
    )
    # Who of the engagement's people it is, where it is one of them; never both.
    team_member = TenantForeignKey(
        TeamMember, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stakeholder = TenantForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    terms = models.JSONField(default=dict, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_resource_of_an_engagement_names_the_customer",
                condition=models.Q(engagement__isnull=True, customer__isnull=True)
                | models.Q(engagement__isnull=False, customer__isnull=False),
            ),
            models.CheckConstraint(
                name="a_resource_is_one_person",
                condition=models.Q(team_member__isnull=True) | models.Q(stakeholder__isnull=True),
            ),
            models.CheckConstraint(
                name="a_resource_has_some_capacity", condition=models.Q(capacity__gt=0)
            ),
            models.UniqueConstraint(
                "tenant",
                "engagement",
                Lower("name"),
                name="one_resource_a_name",
                nulls_distinct=False,
                condition=models.Q(archived_at__isnull=True),
                violation_error_message=_("Another resource has this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Whether it belongs to the workspace rather than to one engagement."""
        return self.engagement_id is None


class Assignment(CustomerModel):
    """That a work package needs so many units of a resource as long as it is worked on."""

    package = TenantForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="assignments")
    resource = TenantForeignKey(Resource, on_delete=models.CASCADE, related_name="assignments")
    units = models.DecimalField(
        _("units"),
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=_UNITS,
        help_text=_("1 is all of one person or room, 0.5 is half of one."),
    )

    class Meta(CustomerModel.Meta):
        ordering = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "package", "resource"],
                name="one_assignment_a_package_and_resource",
                violation_error_message=_("The work package has this resource already."),
            ),
            models.CheckConstraint(
                name="an_assignment_has_some_units", condition=models.Q(units__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.units}"
