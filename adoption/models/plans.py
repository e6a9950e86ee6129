"""The plan of an engagement: its outline, its links and what the schedule made of them.

Times of a plan are wall-clock times at the customer, without a zone: a working day begins at
eight there, whatever the clocks elsewhere do.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from adoption.scheduling import ConstraintType, LinkType
from engagements.models import CustomerModel, Engagement
from tenancy.fields import TenantForeignKey


class LocalDateTimeField(models.Field[Any, Any]):
    """A wall-clock time without a zone, `timestamp` in PostgreSQL."""

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def get_internal_type(self) -> str:
        return "LocalDateTimeField"


class Plan(CustomerModel):
    """One plan an engagement; its rows are work packages in outline order."""

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="plans", db_index=False
    )
    name = models.CharField(_("name"), max_length=200)
    start_at = LocalDateTimeField()
    calendar = models.JSONField(default=dict)
    # Total float in working minutes up to which a package counts as critical.
    critical_float = models.IntegerField(default=0)
    # With a status date, work not yet done is placed after it; without, dates stand as planned.
    follows_today = models.BooleanField(default=False)
    status_at = LocalDateTimeField(null=True)
    file_name = models.CharField(max_length=255, blank=True)
    warnings = models.JSONField(default=list)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_at = models.DateTimeField()
    scheduled_at = models.DateTimeField()
    start = LocalDateTimeField()
    finish = LocalDateTimeField()

    class Meta(CustomerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "engagement"], name="one_plan_an_engagement")
        ]

    def __str__(self) -> str:
        return self.name


class WorkPackage(CustomerModel):
    """One row of the outline: a work package, or a summary when others name it as parent.

    Durations, effort, remaining and floats are minutes. The columns from `early_start` on are
    the schedule's; nobody edits them.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="packages", db_index=False)
    position = models.IntegerField()
    # How the row is known in the file it came from; stays with it when it goes out again.
    uid = models.CharField(max_length=60)
    outline = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    parent = TenantForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="children", db_index=False
    )
    is_summary = models.BooleanField(default=False)
    name = models.CharField(max_length=500)
    owner = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    duration = models.IntegerField()
    # On both sides of the duration, where it is not known exactly.
    optimistic = models.IntegerField(null=True)
    pessimistic = models.IntegerField(null=True)
    elapsed = models.BooleanField(default=False)
    manual = models.BooleanField(default=False)
    effort = models.IntegerField(null=True)
    constraint = models.CharField(
        max_length=4,
        choices=[(kind.value, kind.value) for kind in ConstraintType],
        default=ConstraintType.ASAP.value,
    )
    constraint_at = LocalDateTimeField(null=True)
    deadline_at = LocalDateTimeField(null=True)
    percent = models.FloatField(default=0)
    actual_start = LocalDateTimeField(null=True)
    actual_finish = LocalDateTimeField(null=True)
    remaining = models.IntegerField(null=True)

    early_start = LocalDateTimeField(null=True)
    early_finish = LocalDateTimeField(null=True)
    late_start = LocalDateTimeField(null=True)
    late_finish = LocalDateTimeField(null=True)
    start = LocalDateTimeField()
    finish = LocalDateTimeField()
    total_float = models.IntegerField()
    free_float = models.IntegerField(null=True)
    critical = models.BooleanField()
    done_percent = models.FloatField()

    class Meta(CustomerModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "position"], name="one_row_a_position"
            ),
            models.UniqueConstraint(fields=["tenant", "plan", "uid"], name="one_row_a_uid"),
        ]

    def __str__(self) -> str:
        return f"{self.outline} {self.name}"


class Dependency(CustomerModel):
    """That one row waits for another. `lag` is minutes: of work, or of the clock if elapsed."""

    plan = TenantForeignKey(
        Plan, on_delete=models.CASCADE, related_name="dependencies", db_index=False
    )
    before = TenantForeignKey(
        WorkPackage, on_delete=models.CASCADE, related_name="followers", db_index=False
    )
    after = TenantForeignKey(
        WorkPackage, on_delete=models.CASCADE, related_name="predecessors", db_index=False
    )
    type = models.CharField(
        max_length=2, choices=[(kind.value, kind.value) for kind in LinkType], default="FS"
    )
    lag = models.IntegerField(default=0)
    elapsed = models.BooleanField(default=False)

    class Meta(CustomerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "before", "after", "type"], name="one_link_a_pair"
            )
        ]
        indexes = [models.Index(fields=["tenant", "after"], name="dependencies_of_package")]

    def __str__(self) -> str:
        return f"{self.before_id} {self.type} {self.after_id}"
