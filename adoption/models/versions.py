"""A plan as it stood at a moment: baselines, and the light copies that are kept each week."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from adoption.models.plans import LocalDateTimeField, Plan
from engagements.models import CustomerModel
from tenancy.fields import TenantForeignKey


class Baseline(CustomerModel):
    """A frozen copy of a plan's rows and links.

    `contents` is the whole copy as one JSON value in the form of `adoption.comparison.contents`,
    not a table of rows: a copy is written once, read whole or not at all, and never searched; one
    value of some ten kilobytes, compressed by PostgreSQL, is one statement each way for plans of
    any size. `digest` is its SHA-256, so that a week in which nothing changed is not kept twice.
    """

    class Kind(models.TextChoices):
        HAND = "hand", _("by hand")
        SIGN_OFF = "sign_off", _("when sign-off was agreed")
        ADOPT = "adopt", _("when adoption began")
        BEFORE = "before", _("before the plan was replaced")
        WEEK = "week", _("end of the week")

    plan = TenantForeignKey(
        Plan, on_delete=models.CASCADE, related_name="baselines", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HAND)
    name = models.CharField(_("name"), max_length=120)
    # The day at the customer.
    day = models.DateField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The one that the plan is held against; of a plan's baselines one at most.
    chosen = models.BooleanField(default=False)
    start = LocalDateTimeField()
    finish = LocalDateTimeField()
    packages = models.IntegerField()
    contents = models.JSONField()
    digest = models.CharField(max_length=64)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["-taken_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "plan"],
                condition=models.Q(chosen=True),
                name="one_chosen_baseline_a_plan",
            ),
            models.UniqueConstraint(
                fields=["tenant", "plan", "day"],
                condition=models.Q(kind="week"),
                name="one_weekly_copy_a_plan_and_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "plan"], name="baselines_of_plan")]

    def __str__(self) -> str:
        return self.name
