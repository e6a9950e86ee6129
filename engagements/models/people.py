"""The customer's people: those who decide, and those whose daily work changes."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.staffing import Member, Profile, Role, Time
from tenancy.fields import TenantForeignKey


class Influence(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Attitude(models.TextChoices):
    CHAMPION = "champion", _("Champions it")
    SUPPORTER = "supporter", _("Supports it")
    NEUTRAL = "neutral", _("Neutral")
    SCEPTIC = "sceptic", _("Sceptical")
    OPPONENT = "opponent", _("Against it")


class Stakeholder(CustomerModel):
    """Somebody at the customer who has a say in the engagement; the SPL is one of them."""

    alike_by = "email"

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    influence = models.CharField(_("influence"), max_length=6, choices=Influence, blank=True)
    attitude = models.CharField(_("attitude"), max_length=10, choices=Attitude, blank=True)
    is_sponsor = models.BooleanField(_("executive sponsor"), default=False)
    in_committee = models.BooleanField(_("sits on the governance committee"), default=False)

    class Meta(CustomerModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "name", "email"], name="one_stakeholder_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EndUser(CustomerModel):
    """Somebody at the customer who is meant to use the software."""

    external_id = models.CharField(_("external id"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["external_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "external_id"], name="one_end_user_an_external_id"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.external_id


class ImpactGroup(CustomerModel):
    """End users whose work changes in the same way: the dimension that plan, cost, training and
    use share."""

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="impact_groups"
    )
    name = models.CharField(_("impact group"), max_length=120)
    size = models.PositiveIntegerField(
        _("people"), help_text=_("How many there are, whether on the roster yet or not.")
    )
    features = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("intended features"),
        default=list,
        blank=True,
        help_text=_("What this group is meant to use, separated by commas."),
    )
    working_pattern = models.CharField(
        _("working pattern"),
        max_length=200,
        blank=True,
        help_text=_("Such as “office days” or “three shifts, tablets in the field”."),
    )
    what_changes = models.TextField(_("what changes for them"), max_length=2000, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "engagement",
                Lower("name"),
                name="one_impact_group_a_name",
                violation_error_message=_("Another impact group has this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RosterEntry(CustomerModel):
    """An end user in an engagement: access and proficiency are two facts, each with its day."""

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="roster"
    )
    end_user = TenantForeignKey(EndUser, on_delete=models.CASCADE, related_name="places")
    impact_group = TenantForeignKey(
        ImpactGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="roster"
    )
    access_since = models.DateField(_("has access since"), null=True, blank=True)
    proficient_since = models.DateField(_("proficient since"), null=True, blank=True)
    proficient_by = models.CharField(
        _("shown by"),
        max_length=160,
        blank=True,
        help_text=_("The assessment or observation that showed it."),
    )

    class Meta(CustomerModel.Meta):
        ordering = ["end_user__external_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "end_user"], name="on_a_roster_once"
            ),
            models.CheckConstraint(
                name="proficiency_is_shown_by_something",
                condition=models.Q(proficient_since__isnull=True) | ~models.Q(proficient_by=""),
                violation_error_message=_("Say which assessment showed that they are proficient."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.end_user)


PROFILES = [
    (Profile.INITIAL.value, _("Design, build, roll-out")),
    (Profile.HYPERCARE.value, _("Hypercare")),
    (Profile.ONGOING.value, _("On-going")),
]
ROLES = [
    (Role.PROGRAMME_MANAGER.value, _("Programme manager")),
    (Role.PROJECT_MANAGER.value, _("Project manager")),
    (Role.SERVICE_DESIGNER.value, _("Service designer")),
    (Role.TECHNICAL_SUPPORT.value, _("Technical support")),
    (Role.EXECUTIVE_SPONSOR.value, _("Executive sponsor")),
    (Role.TRAINER.value, _("Trainer")),
    (Role.SUPPORT_AGENT.value, _("Support agent")),
    (Role.OTHER.value, _("Other")),
]
TIMES = [(Time.FULL.value, _("Full time")), (Time.PART.value, _("Part time"))]


class TeamMember(CustomerModel):
    """Somebody who works on the engagement, on the vendor's side or the customer's."""

    class Side(models.TextChoices):
        VENDOR = "vendor", _("Ours")
        CUSTOMER = "customer", _("Customer’s")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="team"
    )
    profile = models.CharField(_("team"), max_length=10, choices=PROFILES, default=Profile.INITIAL)
    side = models.CharField(_("side"), max_length=8, choices=Side, default=Side.VENDOR)
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    name = models.CharField(_("name"), max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    time = models.CharField(_("time"), max_length=4, choices=TIMES, default=Time.PART)
    start_date = models.DateField(_("from"), null=True, blank=True)
    end_date = models.DateField(_("until"), null=True, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["profile", "role", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="team_membership_ends_after_it_starts",
                condition=models.Q(end_date__isnull=True)
                | models.Q(start_date__isnull=True)
                | models.Q(end_date__gte=models.F("start_date")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Member:
        return Member(self.name, Role(self.role), Time(self.time), self.start_date, self.end_date)

    def is_there(self, day: date) -> bool:
        return self.place.is_there(day)


class Offering(CustomerModel):
    """Training, a resource or support given to the customer: when, and who took it."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        RESOURCE = "resource", _("Resource")
        SUPPORT = "support", _("Support")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="offerings"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    impact_group = TenantForeignKey(
        ImpactGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="offerings"
    )
    offered_date = models.DateField(_("offered on"))
    offered_to = models.PositiveIntegerField(_("people it was offered to"))
    taken_by = models.PositiveIntegerField(_("people who took it"), null=True, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-offered_date", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="no_more_takers_than_offers",
                condition=models.Q(taken_by__isnull=True)
                | models.Q(taken_by__lte=models.F("offered_to")),
                violation_error_message=_("More people took it than it was offered to."),
            )
        ]

    def __str__(self) -> str:
        return self.name
