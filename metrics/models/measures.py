"""Measures of an engagement, and what was agreed about them."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from metrics import definitions
from metrics.cadence import Cadence
from metrics.models.catalogue import OwnDefinition
from tenancy.fields import TenantForeignKey

CADENCES = [
    (Cadence.DAILY.value, _("every day")),
    (Cadence.WEEKLY.value, _("every week")),
    (Cadence.FORTNIGHTLY.value, _("every two weeks")),
    (Cadence.MONTHLY.value, _("every month")),
    (Cadence.QUARTERLY.value, _("every quarter")),
    (Cadence.AFTER_MILESTONES.value, _("after each milestone")),
    (Cadence.START_AND_END.value, _("at the start and the end")),
    (Cadence.END.value, _("at the end")),
]


class Measure(CustomerModel):
    """That something of an engagement is measured by one definition.

    What it is about is named by kind and key, not pointed at: rows of a plan go and come back with
    an import, and what was read about them stays.
    """

    class About(models.TextChoices):
        ENGAGEMENT = "", _("The whole engagement")
        PACKAGE = "package", _("A work package")
        GROUP = "group", _("An impact group")
        CRITERION = "criterion", _("A success criterion")

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="measures", db_index=False
    )
    definition_key = models.CharField(_("measure"), max_length=60)
    definition_version = models.PositiveSmallIntegerField()
    own_definition = TenantForeignKey(
        OwnDefinition, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    about = models.CharField(
        _("about"), max_length=10, choices=About, default=About.ENGAGEMENT, blank=True
    )
    # The uid of a plan's row, or the id of a group or criterion; empty for the whole engagement.
    about_key = models.CharField(max_length=60, blank=True)
    about_name = models.CharField(max_length=300, blank=True)
    cadence = models.CharField(
        _("how often it is read"),
        max_length=16,
        choices=CADENCES,
        blank=True,
        help_text=_("Empty: as the plan suggests, more often where the finish depends on it."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes one reading takes"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(2880)],
        help_text=_("Empty: as its definition says."),
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who reads it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reported_in = models.CharField(
        _("report it appears in"),
        max_length=120,
        blank=True,
        help_text=_("A measure nobody reports is read for nothing."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    # Out of sight with everything agreed and read about it, until it is measured again.
    removed_at = models.DateTimeField(null=True, editable=False)
    # How it stood on `stated_date`, so that a list of many need not read the course of each. No
    # date: something changed since, and the course tells.
    stated_date = models.DateField(null=True, editable=False)
    state = models.CharField(max_length=5, blank=True, editable=False)
    progress = models.FloatField(null=True, editable=False)
    score = models.FloatField(null=True, editable=False)
    absence = models.CharField(max_length=12, blank=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "definition_key", "about", "about_key"],
                name="one_measure_a_definition_and_place",
            ),
            models.CheckConstraint(
                name="a_measure_says_what_it_is_about",
                condition=models.Q(about="", about_key="")
                | (~models.Q(about="") & ~models.Q(about_key="")),
            ),
        ]

    def __str__(self) -> str:
        return self.definition.label

    @property
    def definition(self) -> definitions.Definition:
        """Raises UnknownDefinition when the catalogue no longer holds it."""
        if self.own_definition is not None:
            own: definitions.Definition = self.own_definition.value
            return own
        return definitions.get_definition(self.definition_key, self.definition_version)


class Agreement(CustomerModel):
    """Baseline and target of a measure as both sides agreed them on a day.

    Never changed: what is agreed anew is a further row, and the newest one is in force. That the
    customer's lead says so too is added once.
    """

    measure = TenantForeignKey(
        Measure, on_delete=models.CASCADE, related_name="agreements", db_index=False
    )
    baseline_amount = models.FloatField(_("baseline"))
    baseline_date = models.DateField(_("measured on"))
    baseline_note = models.CharField(_("how it was found"), max_length=120, blank=True)
    prior_amount = models.FloatField(_("in the system before"), null=True, blank=True)
    prior_note = models.CharField(_("which system that was"), max_length=120, blank=True)
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
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
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

    class Kind(models.TextChoices):
        ACHIEVEMENT = "achievement", _("Achievement")
        SHARE = "share", _("Share of the way")

    agreement = TenantForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.ACHIEVEMENT)
    name = models.CharField(_("name"), max_length=80)
    amount = models.FloatField(_("amount"))
    due_date = models.DateField(_("due"))

    class Meta(CustomerModel.Meta):
        ordering = ["due_date", "id"]
        indexes = [models.Index(fields=["tenant", "agreement"], name="milestones_of_agreement")]

    def __str__(self) -> str:
        return f"{self.name}, {self.amount:g}"
