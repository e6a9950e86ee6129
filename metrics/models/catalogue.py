"""Definitions of a workspace's own, beside those that are built in."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics import definitions
from tenancy.models import TenantModel

SOURCES = [
    (definitions.Source.HAND.value, _("Counted by hand")),
    (definitions.Source.SURVEY.value, _("A survey")),
    (definitions.Source.ASSESSMENT.value, _("A test or assessment")),
    (definitions.Source.SUPPORT.value, _("Support contacts")),
    (definitions.Source.ROUTES.value, _("Competing routes")),
    (definitions.Source.PERFORMANCE.value, _("System performance")),
    (definitions.Source.API.value, _("Another system, over the API")),
]
DIRECTIONS = [
    (definitions.Direction.RISING.value, _("More is better")),
    (definitions.Direction.FALLING.value, _("Less is better")),
]


class OwnDefinition(TenantModel):
    """One version of how a number is counted. Never changed: a change is a row with the next
    number, so that each reading can still say by which words it was counted."""

    key = models.CharField(max_length=60, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    label = models.CharField(_("name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=30, help_text=_("Such as %, tickets or minutes."))
    direction = models.CharField(
        _("which way is better"),
        max_length=7,
        choices=DIRECTIONS,
        default=definitions.Direction.RISING.value,
    )
    source = models.CharField(
        _("where it comes from"),
        max_length=11,
        choices=SOURCES,
        default=definitions.Source.HAND.value,
    )
    counting = models.TextField(
        _("how it is counted"),
        max_length=600,
        help_text=_("So that two people who count get the same number."),
    )
    window_days = models.PositiveSmallIntegerField(
        _("days one reading looks back on"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    valid_days = models.PositiveSmallIntegerField(
        _("days a reading stays true"),
        default=35,
        validators=[MinValueValidator(1), MaxValueValidator(732)],
    )
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), default=0, validators=[MaxValueValidator(4)]
    )
    lowest = models.FloatField(_("lowest amount"), null=True, blank=True)
    highest = models.FloatField(_("highest amount"), null=True, blank=True)
    small_count = models.PositiveSmallIntegerField(
        _("too few to judge below"),
        default=0,
        validators=[MaxValueValidator(1000)],
        help_text=_("For counts of people: below this, nothing is concluded. 0 for other units."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes one reading takes"), default=10, validators=[MaxValueValidator(2880)]
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["key", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "key", "version"],
                name="one_definition_a_version",
                violation_error_message=_("Another measure has this name already."),
            ),
            models.CheckConstraint(
                name="a_definition_has_room",
                condition=models.Q(lowest__isnull=True)
                | models.Q(highest__isnull=True)
                | models.Q(lowest__lt=models.F("highest")),
                violation_error_message=_("The lowest amount lies above the highest."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def value(self) -> definitions.Definition:
        return definitions.Definition(
            key=self.key,
            label=self.label,
            unit=self.unit,
            direction=definitions.Direction(self.direction),
            source=definitions.Source(self.source),
            version=self.version,
            counting=self.counting,
            window_days=self.window_days,
            valid_days=self.valid_days,
            decimals=self.decimals,
            lowest=self.lowest,
            highest=self.highest,
            small_count=self.small_count,
            minutes=self.minutes,
        )
