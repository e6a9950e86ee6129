"""The plan of an engagement: its outline, its links and what the schedule made of them.

Times of a plan are wall-clock times at the customer, without a zone: a working day begins at
eight there, whatever the clocks elsewhere do.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from adoption.scheduling import ConstraintType, LinkType
from engagements.models import CustomerModel, Engagement, ImpactGroup, Stakeholder
from engagements.models.people import ROLES
from tenancy.fields import TenantForeignKey
from tenancy.models.base import Row, TenantManager


class LocalDateTimeField(models.Field[Any, Any]):
    """A wall-clock time without a zone, `timestamp` in PostgreSQL."""

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def get_internal_type(self) -> str:
        return "LocalDateTimeField"


class LivePlans(TenantManager[Row]):
    """Plans in force, without the copies made to try things on."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(what_if_of=None)


class Plan(CustomerModel):
    """One live plan an engagement; its rows are work packages in outline order.

    A what-if is a copy of the live plan with rows and links of its own. `Plan.objects` knows the
    live ones alone, so that no reader of an engagement's plan meets a copy; `Plan.every` knows all.
    """

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="plans", db_index=False
    )
    name = models.CharField(_("name"), max_length=200)
    start_at = LocalDateTimeField()
    calendar = models.JSONField(default=dict)
    # What rows need beside the plan's time, by the key they name: calendars of their resources.
    calendars = models.JSONField(default=dict)
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
    # The last day at whose end a night placed it.
    met_date = models.DateField(null=True, editable=False)
    # One more with each change; whoever edits says which one they saw.
    version = models.PositiveIntegerField(default=1)
    what_if_of = TenantForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="what_ifs"
    )
    # Of a what-if: who made it, and the version of the live plan it was made from.
    copied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    copied_at = models.DateTimeField(null=True)
    copied_version = models.PositiveIntegerField(null=True)
    dropped_at = models.DateTimeField(null=True, editable=False)
    start = LocalDateTimeField()
    finish = LocalDateTimeField()

    objects: ClassVar[TenantManager[Self]] = LivePlans()
    every: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(CustomerModel.Meta):
        base_manager_name = "every"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "engagement"],
                condition=models.Q(what_if_of=None),
                name="one_plan_an_engagement",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_what_if(self) -> bool:
        return self.what_if_of_id is not None


class WorkPackage(CustomerModel):
    """One row of the outline: a work package, or a summary when others name it as parent.

    Durations, effort, remaining and floats are minutes. The columns from `early_start` on are
    the schedule's; nobody edits them. `owner` is a name as a file or a hand wrote it; somebody
    who signs in or is among the customer's people is pointed at instead.
    """

    class Kind(models.TextChoices):
        COMMUNICATION = "communication", _("Communication")
        TRAINING = "training", _("Training")
        SUPPORT = "support", _("Support")
        TECHNICAL = "technical", _("Technical")
        PROCESS = "process", _("Process")
        CHANGE_MANAGEMENT = "change_management", _("Change management")
        GOVERNANCE = "governance", _("Governance")
        OTHER = "other", _("Other")

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
    owner_member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_stakeholder = TenantForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(_("role"), max_length=20, choices=ROLES, blank=True)
    impact_group = TenantForeignKey(
        ImpactGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=300, blank=True)
    acceptance_test = models.TextField(_("acceptance test"), max_length=2000, blank=True)
    # In the engagement's currency.
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    # 0 to 1000 as in Microsoft Project; where a resource is short, the higher one goes first.
    priority = models.PositiveSmallIntegerField(_("priority"), default=500)
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
    # Which of the plan's `calendars` it is worked on by as well; empty for the plan's time alone.
    calendar_key = models.CharField(max_length=16, blank=True)

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
                fields=["tenant", "plan", "position"],
                name="one_row_a_position",
                # Rows that change places do so in one statement.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["tenant", "plan", "uid"], name="one_row_a_uid"),
            models.CheckConstraint(
                name="a_package_has_one_owner",
                condition=models.Q(owner_member__isnull=True)
                | models.Q(owner_stakeholder__isnull=True),
            ),
            models.CheckConstraint(
                name="priority_is_at_most_a_thousand", condition=models.Q(priority__lte=1000)
            ),
        ]
        # For the database's own look when a package goes.
        indexes = [models.Index(fields=["tenant", "parent"], name="packages_below")]

    def __str__(self) -> str:
        return f"{self.outline} {self.name}"

    @property
    def owner_name(self) -> str:
        return str(self.owner_member or self.owner_stakeholder or self.owner)


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
        # The second is for the database's own look when a package goes.
        indexes = [
            models.Index(fields=["tenant", "after"], name="dependencies_of_package"),
            models.Index(fields=["tenant", "before"], name="followers_of_package"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.type} {self.after_id}"
