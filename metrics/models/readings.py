"""What was read of measures, and what stood there before it was corrected."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel
from metrics.models.measures import Measure
from tenancy.fields import TenantForeignKey


class Way(models.TextChoices):
    """How a reading came in."""

    NIGHT = "night", _("counted at night")
    HAND = "hand", _("by hand")
    FILE = "file", _("from a file")
    API = "api", _("over the API")


class Reading(CustomerModel):
    """The amount of a measure at the end of a closed day, with the version it was counted by."""

    measure = TenantForeignKey(
        Measure, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    day = models.DateField(_("day"))
    amount = models.FloatField(_("amount"))
    definition_version = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=5, choices=Way, default=Way.NIGHT)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "measure", "day"], name="one_reading_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.amount:g}"


class ReadingChange(CustomerModel):
    """That the reading of a day said something else before: who changed it, when and why."""

    measure = TenantForeignKey(
        Measure, on_delete=models.CASCADE, related_name="reading_changes", db_index=False
    )
    day = models.DateField()
    before = models.FloatField()
    version_before = models.PositiveSmallIntegerField()
    after = models.FloatField()
    version_after = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=5, choices=Way)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["-changed_at", "-day", "-id"]
        indexes = [
            models.Index(fields=["tenant", "measure", "changed_at"], name="changes_of_measure")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.before:g} → {self.after:g}"
