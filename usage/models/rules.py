"""What a workspace and an engagement agreed to count by, each change a version of its own."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel
from usage.numbers.activation import Start
from usage.numbers.rules import ACTIVATED_WITHIN

STARTS = [
    (Start.ACCESS.value, _("the day each user was given access")),
    (Start.KICKOFF.value, _("the start of the engagement")),
    (Start.CONTRACT.value, _("the first day of the licence")),
]


class UsageRules(TenantModel):
    """One version of the workspace's rules; the newest holds. Rows are added, never changed."""

    version = models.PositiveIntegerField()
    window = models.PositiveSmallIntegerField(
        _("days of a month’s count"),
        default=28,
        validators=[MinValueValidator(7), MaxValueValidator(90)],
        help_text=_("28 days hold four of every weekday, so that no month looks longer."),
    )
    with_weekends = models.BooleanField(_("use is expected on weekends too"), default=True)
    adopted_days = models.PositiveSmallIntegerField(
        _("a feature is adopted from so many days of use"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    adopted_weeks = models.PositiveSmallIntegerField(
        _("in so many different weeks"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(13)],
    )
    deep_days = models.PositiveSmallIntegerField(
        _("use is deep from so many active days"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    habit_weeks = models.PositiveSmallIntegerField(
        _("use is a habit in so many of the last four weeks"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    habit_percent = models.PositiveSmallIntegerField(
        _("on so many percent of the days it is expected"),
        default=50,
        validators=[MaxValueValidator(100)],
    )
    alarm_percent = models.PositiveSmallIntegerField(
        _("alarm at a fall over four weeks of so many percent"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    alarm_users = models.PositiveIntegerField(
        _("from so many users"), default=5, validators=[MinValueValidator(1)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="one_set_of_rules_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class FirstValueRule(CustomerModel):
    """What an engagement agreed to call first value. `version` counts its changes."""

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    feature = models.CharField(
        _("feature"),
        max_length=200,
        blank=True,
        help_text=_("As it is called where it is used. Left empty: any use."),
    )
    uses = models.PositiveIntegerField(
        _("used so often"), default=1, validators=[MinValueValidator(1)]
    )
    within_days = models.PositiveSmallIntegerField(
        _("within days"),
        default=ACTIVATED_WITHIN,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    start = models.CharField(
        _("counted from"), max_length=8, choices=STARTS, default=Start.ACCESS.value
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(CustomerModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement"], name="one_first_value_an_engagement"
            )
        ]

    def __str__(self) -> str:
        return self.feature
