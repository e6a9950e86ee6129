"""The money of an engagement: lines of its budget, and what was committed and paid on each."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.money import amount_field
from tenancy.fields import TenantForeignKey


class BudgetLine(CustomerModel):
    """Money set aside for one purpose, in the engagement's currency."""

    class Category(models.TextChoices):
        SERVICES = "services", _("Services")
        TRAINING = "training", _("Training")
        COMMUNICATION = "communication", _("Communication")
        TECHNOLOGY = "technology", _("Technology")
        TRAVEL = "travel", _("Travel")
        GO_LIVE_SUPPORT = "go_live_support", _("Hypercare reserve: go-live support")
        ISSUE_RESOLUTION = "issue_resolution", _("Hypercare reserve: issue resolution")
        OTHER = "other", _("Other")

    RESERVE: ClassVar = (Category.GO_LIVE_SUPPORT, Category.ISSUE_RESOLUTION)

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="budget_lines"
    )
    name = models.CharField(_("purpose"), max_length=160)
    category = models.CharField(_("category"), max_length=16, choices=Category)
    impact_group = TenantForeignKey(
        "engagements.ImpactGroup",
        verbose_name=_("impact group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="budget_lines",
    )
    work_stream = models.CharField(_("work stream"), max_length=160, blank=True)
    amount = amount_field(_("budget"), required=True)
    percent_done = models.PositiveSmallIntegerField(
        _("percent done"), default=0, validators=[MaxValueValidator(100)]
    )
    deviation_reason = models.CharField(_("why it deviates"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reserve(self) -> bool:
        return self.category in self.RESERVE


class CostEntry(CustomerModel):
    """An amount promised or paid on a budget line."""

    class Kind(models.TextChoices):
        COMMITTED = "committed", _("Committed")
        ACTUAL = "actual", _("Paid")

    line = TenantForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="costs")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.ACTUAL)
    day = models.DateField(_("day"))
    amount = amount_field(_("amount"), required=True)
    note = models.CharField(_("for what"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.amount} {self.day}"
