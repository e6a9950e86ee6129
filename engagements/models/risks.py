"""What may go wrong in an engagement, who watches it, and how it went."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from tenancy.fields import TenantForeignKey


class Scale(models.IntegerChoices):
    """How likely, or how bad. Both ends are named, so that nobody reads it the wrong way round."""

    LOWEST = 1, _("1, very low")
    LOW = 2, _("2, low")
    MIDDLE = 3, _("3, medium")
    HIGH = 4, _("4, high")
    HIGHEST = 5, _("5, very high")


def scale_field(label: Any) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        label, choices=Scale, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class Risk(CustomerModel):
    """A risk with probability × impact, an owner and what is done about it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MITIGATED = "mitigated", _("Under control")
        OCCURRED = "occurred", _("It happened")
        CLOSED = "closed", _("Closed")

    class Source(models.TextChoices):
        HAND = "hand", _("Written by hand")
        GATE = "gate", _("Raised by a gate")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="risks"
    )
    title = models.CharField(
        _("risk"), max_length=200, help_text=_("What may happen, and what would follow from it.")
    )
    probability = scale_field(_("probability"))
    impact = scale_field(_("impact"))
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
    mitigation = models.TextField(
        _("mitigation plan"), max_length=2000, blank=True, help_text=_("What is done about it.")
    )
    mitigation_due_date = models.DateField(_("mitigation due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    source = models.CharField(max_length=6, choices=Source, default=Source.HAND, editable=False)
    # What raised it, when nobody's hand did: the name and id of a gate's finding.
    raised_by = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_risk_has_one_owner",
                condition=models.Q(owner__isnull=True) | models.Q(owner_at_customer__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["tenant", "engagement", "raised_by"],
                name="a_finding_raises_one_risk",
                condition=~models.Q(raised_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def score(self) -> int:
        """Probability × impact, 1 to 25."""
        return self.probability * self.impact

    @property
    def owner_name(self) -> str:
        return str(self.owner or self.owner_at_customer or "")

    @property
    def is_open(self) -> bool:
        return self.state in (Risk.State.OPEN, Risk.State.OCCURRED)


class RiskChange(CustomerModel):
    """How a risk stood from a moment on."""

    risk = TenantForeignKey(Risk, on_delete=models.CASCADE, related_name="changes")
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=Risk.State)
    probability = scale_field(_("probability"))
    impact = scale_field(_("impact"))
    note = models.CharField(max_length=300, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.changed_at:%Y-%m-%d}"
