"""What stands in the way of people and is not theirs to remove."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement, ImpactGroup, Stakeholder
from tenancy.fields import TenantForeignKey


class Severity(models.IntegerChoices):
    """Both ends are named, so that nobody reads it the wrong way round."""

    LOWEST = 1, _("1, a nuisance")
    LOW = 2, _("2, low")
    MIDDLE = 3, _("3, medium")
    HIGH = 4, _("4, high")
    HIGHEST = 5, _("5, nobody can work")


class Barrier(CustomerModel):
    """A barrier of the organisation, with somebody outside the groups it stops who removes it."""

    class Kind(models.TextChoices):
        NO_TIME = "no_time", _("No time to learn")
        WORKLOAD = "workload", _("Competing workload")
        REWARDS = "rewards", _("Rewards that penalise use")
        ACCESS = "access", _("Wrong access rights")
        PROCESS = "process", _("Undefined process")
        FAULT = "fault", _("Technical fault")
        DATA = "data", _("Poor data quality")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WORKED_ON = "worked_on", _("Being worked on")

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="barriers", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    effect = models.CharField(
        _("what it keeps people from"),
        max_length=300,
        help_text=_("In words: who cannot do what, and how it shows."),
    )
    since_date = models.DateField(_("since"))
    severity = models.PositiveSmallIntegerField(
        _("severity"),
        choices=Severity,
        default=Severity.MIDDLE,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 is the lowest, 5 the highest."),
    )
    # One of us or one of the customer's people; never both.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_at_customer = TenantForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    package_uid = models.CharField(_("work package"), max_length=60, blank=True)
    due_date = models.DateField(_("to be removed by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    # Removed when it has a day; what it was before stays in `state`, so that it can come back.
    removed_date = models.DateField(_("removed on"), null=True, blank=True)
    removed_how = models.CharField(_("what removed it"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-severity", "since_date", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "engagement"], name="barriers_of_engagement")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_barrier_has_one_owner",
                condition=models.Q(owner__isnull=True) | models.Q(owner_at_customer__isnull=True),
            ),
            models.CheckConstraint(
                name="what_removed_a_barrier_is_said",
                condition=models.Q(removed_date__isnull=True) | ~models.Q(removed_how=""),
                violation_error_message=_("Say what removed it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.effect}"

    @property
    def owner_name(self) -> str:
        return str(self.owner or self.owner_at_customer or "")

    @property
    def is_removed(self) -> bool:
        return self.removed_date is not None


class BarrierGroup(CustomerModel):
    """That a barrier stops an impact group."""

    barrier = TenantForeignKey(Barrier, on_delete=models.CASCADE, related_name="stops")
    impact_group = TenantForeignKey(
        ImpactGroup, on_delete=models.CASCADE, related_name="stopped_by"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["impact_group__name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "barrier", "impact_group"], name="a_barrier_stops_a_group_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.barrier_id} {self.impact_group_id}"
