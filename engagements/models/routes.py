"""The ways in which requests are made: the new software, and what it is to replace."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.periods import Period
from tenancy.fields import TenantForeignKey

PERIODS = [(Period.WEEK.value, _("Week")), (Period.MONTH.value, _("Month"))]


class Way(models.TextChoices):
    """How a figure of a register came in."""

    HAND = "hand", _("by hand")
    FILE = "file", _("from a file")
    API = "api", _("over the API")


class WorkRoute(CustomerModel):
    """A way of making requests or doing the work: the new software, or one that competes with it.

    Competing routes are to be shut off on a day (`shut_off_date`) and were on another
    (`shut_date`).
    """

    class Kind(models.TextChoices):
        NEW = "new", _("The new software")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        PAPER = "paper", _("Paper form")
        SYSTEM = "old_system", _("Old system")
        SHEET = "sheet", _("Spreadsheet")
        PERSON = "in_person", _("In person")
        OTHER = "other", _("Something else")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="routes"
    )
    name = models.CharField(
        _("route"), max_length=120, help_text=_("Such as “Mailbox orders@” or “Paper form 12”.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    shut_off_date = models.DateField(_("to be shut off on"), null=True, blank=True)
    shut_date = models.DateField(_("shut off since"), null=True, blank=True)
    # One of us or one of the customer's people; never both.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_at_customer = TenantForeignKey(
        "engagements.Stakeholder",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "engagement",
                Lower("name"),
                name="one_route_a_name",
                condition=models.Q(deleted_at=None),
                violation_error_message=_("Another route has this name already."),
            ),
            models.CheckConstraint(
                name="a_route_has_one_owner",
                condition=models.Q(owner__isnull=True) | models.Q(owner_at_customer__isnull=True),
            ),
            models.CheckConstraint(
                name="the_new_route_stays_open",
                condition=~models.Q(kind="new")
                | models.Q(shut_off_date__isnull=True, shut_date__isnull=True),
                violation_error_message=_("The new software is not shut off."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_new(self) -> bool:
        return self.kind == WorkRoute.Kind.NEW

    @property
    def owner_name(self) -> str:
        return str(self.owner or self.owner_at_customer or "")


class RouteVolume(CustomerModel):
    """How many requests took a route in the week or month that ends on a day."""

    route = TenantForeignKey(WorkRoute, on_delete=models.CASCADE, related_name="volumes")
    period = models.CharField(_("counted by"), max_length=5, choices=PERIODS)
    day = models.DateField(_("last day of the period"))
    amount = models.PositiveIntegerField(_("requests"))
    way = models.CharField(max_length=4, choices=Way, default=Way.HAND)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta(CustomerModel.Meta):
        ordering = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "route", "day"],
                name="one_volume_a_period",
                violation_error_message=_("This period is counted already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.amount}"
