"""Tests given to the people of an engagement, and what each of them reached before and after."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, EndUser, Engagement, ImpactGroup
from tenancy.fields import TenantForeignKey

HIGHEST, MINIMUM = Decimal(100), Decimal(65)
MOST = Decimal(10_000)


class Assessment(CustomerModel):
    """A test that is taken before training and after it, with the standard that is enough."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "knowledge", _("Knowledge test")
        SIMULATION = "simulation", _("Simulation")
        OBSERVATION = "observation", _("Observation at work")

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="assessments", db_index=False
    )
    name = models.CharField(_("test"), max_length=160)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.KNOWLEDGE)
    # Empty for a test that every group takes.
    impact_group = TenantForeignKey(
        ImpactGroup,
        verbose_name=_("impact group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    highest = models.DecimalField(
        _("highest score"),
        max_digits=7,
        decimal_places=2,
        default=HIGHEST,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
    )
    minimum = models.DecimalField(
        _("minimum standard"),
        max_digits=7,
        decimal_places=2,
        default=MINIMUM,
        validators=[MinValueValidator(0)],
        help_text=_("The score after training that is enough for the work."),
    )
    # Of the plan's row that it belongs to, which a new plan file may replace.
    package_uid = models.CharField(_("work package"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "engagement",
                Lower("name"),
                name="one_assessment_a_name",
                violation_error_message=_("Another test has this name already."),
            ),
            models.CheckConstraint(
                name="a_standard_can_be_reached",
                condition=models.Q(minimum__lte=models.F("highest")),
                violation_error_message=_("The standard lies above the highest score."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.TextChoices):
    BEFORE = "before", _("Before training")
    AFTER = "after", _("After training")


class ResultWay(models.TextChoices):
    HAND = "hand", _("By hand")
    FILE = "file", _("From a file")
    API = "api", _("Over the API")


class AssessmentResult(CustomerModel):
    """What one person reached; or, where people are not named, the mean of a group's people.

    The last one recorded counts; those before it are kept with `replaced_at`.
    """

    assessment = TenantForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="results", db_index=False
    )
    # Of a person, the group they were in on that day.
    impact_group = TenantForeignKey(
        ImpactGroup, null=True, on_delete=models.CASCADE, related_name="+"
    )
    end_user = TenantForeignKey(EndUser, null=True, on_delete=models.CASCADE, related_name="+")
    # Of how many people the score of a group is the mean.
    people = models.PositiveIntegerField(_("people"), null=True)
    stage = models.CharField(_("when"), max_length=6, choices=Stage)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2)
    day = models.DateField(_("day"))
    way = models.CharField(max_length=4, choices=ResultWay, default=ResultWay.HAND)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-recorded_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "assessment"], name="results_of_assessment")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_result_is_of_a_person_or_of_a_group",
                condition=models.Q(end_user__isnull=False, people__isnull=True)
                | models.Q(end_user__isnull=True, impact_group__isnull=False, people__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant", "assessment", "end_user", "stage"],
                name="one_result_of_a_person_counts",
                condition=models.Q(replaced_at=None, end_user__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant", "assessment", "impact_group", "stage"],
                name="one_result_of_a_group_counts",
                condition=models.Q(replaced_at=None, end_user__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.score}"
