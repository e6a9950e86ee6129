"""What the night noticed, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from metrics.models.measures import Measure
from rendering.sentences import sentence_from_json
from tenancy.fields import TenantForeignKey


class Alert(CustomerModel):
    """One thing that needs somebody, from the night that saw it first until it is over.

    `key` names what it is about, so that one matter is one row however many nights see it. A
    person resolves it with a reason; the night ends it (not `by_hand`) once it holds no more.
    What it says is kept as a sentence and its facts, so that it is said in the reader's language.
    """

    for_staff = True

    class Kind(models.TextChoices):
        MILESTONE_MISSED = "milestone_missed", _("Milestone missed")
        MILESTONE_NEAR = "milestone_near", _("Milestone at risk")
        DECAY = "decay", _("Use is falling")
        SILENT = "silent", _("Nobody uses it")
        READING_OVERDUE = "reading_overdue", _("Reading overdue")
        SLIP = "slip", _("Plan slipping")

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    measure = TenantForeignKey(
        Measure, null=True, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    key = models.CharField(max_length=120)
    # act or watch: how much attention it asks for.
    weight = models.CharField(max_length=5, default="watch")
    # In the form of `rendering.sentences`.
    said = models.JSONField(_("reason"), default=str)
    # What it is made of where that is more than one thing: [[key, sentence], …].
    parts = models.JSONField(default=list)
    # Of readings: the day the first one was due.
    due_date = models.DateField(null=True)
    # Below the workspace's own address, as the timeline keeps it.
    url = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    opened_date = models.DateField()
    seen_date = models.DateField()
    snoozed_until = models.DateField(_("until"), null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolution = models.CharField(_("what was done"), max_length=300, blank=True)
    # Somebody resolved it, also when they have left since; the night did not.
    by_hand = models.BooleanField(default=False)

    class Meta(CustomerModel.Meta):
        ordering = ["-opened_date", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "kind", "key"], name="one_alert_a_matter"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "opened_date"],
                condition=models.Q(resolved_at=None),
                name="open_alerts",
            ),
            # For the database's own look when a measure goes.
            models.Index(fields=["tenant", "measure"], name="alerts_of_measure"),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def reason(self) -> str:
        """Why it needs somebody: a sentence for `rendering.translation`."""
        return sentence_from_json(self.said)

    @property
    def part_keys(self) -> frozenset[str]:
        return frozenset(key for key, _said in self.parts)

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None
