"""Measures of an engagement: what was agreed about them, and what was read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from metrics import definitions
from tenancy.fields import TenantForeignKey


class Measure(CustomerModel):
    """That an engagement is measured by one definition of the catalogue, in one version of it."""

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="measures", db_index=False
    )
    definition_key = models.CharField(_("measure"), max_length=60)
    definition_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "definition_key"], name="one_measure_a_definition"
            )
        ]

    def __str__(self) -> str:
        return self.definition.label

    @property
    def definition(self) -> definitions.Definition:
        """Raises UnknownDefinition when the catalogue no longer holds it."""
        return definitions.get_definition(self.definition_key, self.definition_version)


class Agreement(CustomerModel):
    """Baseline and target of a measure as both sides agreed them on a day.

    Never changed: what is agreed anew is a further row, and the newest one is in force.
    """

    measure = TenantForeignKey(
        Measure, on_delete=models.CASCADE, related_name="agreements", db_index=False
    )
    baseline_amount = models.FloatField(_("baseline"))
    baseline_date = models.DateField(_("measured on"))
    baseline_note = models.CharField(_("how it was found"), max_length=120, blank=True)
    quality = models.CharField(_("what is to be reached"), max_length=200)
    amount = models.FloatField(_("how much"))
    deadline = models.DateField(_("by when"))
    agreed_date = models.DateField(_("agreed on"))
    for_customer = models.CharField(_("for the customer"), max_length=120)
    for_vendor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for us"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["agreed_date", "id"]
        indexes = [models.Index(fields=["tenant", "measure"], name="agreements_of_measure")]

    def __str__(self) -> str:
        return f"{self.quality}: {self.amount:g} by {self.deadline}"

    @property
    def baseline(self) -> definitions.Baseline:
        return definitions.Baseline(self.baseline_amount, self.baseline_date, self.baseline_note)

    @property
    def target(self) -> definitions.Target:
        return definitions.Target(self.quality, self.amount, self.deadline)


class Milestone(CustomerModel):
    """A step on the agreed way, part of one agreement."""

    agreement = TenantForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    name = models.CharField(_("name"), max_length=80)
    amount = models.FloatField(_("amount"))
    due_date = models.DateField(_("due"))

    class Meta(CustomerModel.Meta):
        ordering = ["due_date", "id"]
        indexes = [models.Index(fields=["tenant", "agreement"], name="milestones_of_agreement")]

    def __str__(self) -> str:
        return f"{self.name}, {self.amount:g}"


class Reading(CustomerModel):
    """The amount of a measure at the end of a closed day, with the version it was counted by."""

    measure = TenantForeignKey(
        Measure, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    day = models.DateField(_("day"))
    amount = models.FloatField(_("amount"))
    definition_version = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "measure", "day"], name="one_reading_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.amount:g}"
