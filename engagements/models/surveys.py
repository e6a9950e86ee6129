"""Questions put to people, who is asked, and the links that let them answer."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.surveys import Instrument, Kind
from tenancy.fields import TenantForeignKey
from tenancy.models import Tenant, new_id

INSTRUMENTS = [
    (Instrument.SENTIMENT.value, _("Sentiment at go-live: usability and effectiveness")),
    (Instrument.CSAT.value, _("Satisfaction (CSAT)")),
    (Instrument.NPS.value, _("Recommendation (NPS)")),
    (Instrument.CES.value, _("Effort (CES)")),
    (Instrument.SUS.value, _("System usability (SUS)")),
    (Instrument.TEAM.value, _("Our own team before a transition: five topics")),
    (Instrument.FREE.value, _("Questions of your own")),
]
KINDS = [
    (Kind.SCALE.value, _("Scale")),
    (Kind.YES_NO.value, _("Yes or no")),
    (Kind.SINGLE.value, _("One of several")),
    (Kind.SEVERAL.value, _("Any of several")),
    (Kind.TEXT.value, _("Free words")),
]


class Survey(CustomerModel):
    """Questions for an engagement, asked once; a later wave of the same is a survey of its own."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        DISCARDED = "discarded", _("Discarded")

    class Moment(models.TextChoices):
        KICK_OFF = "kick_off", _("Kick-off")
        GO_LIVE = "go_live", _("Go-live")
        HYPERCARE = "hypercare", _("Hypercare")
        TRANSITION = "transition", _("Before a transition")
        SIGN_OFF = "sign_off", _("Sign-off")
        QUARTER = "quarter", _("Quarterly")
        OTHER = "other", _("Another time")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="surveys"
    )
    instrument = models.CharField(_("what it asks"), max_length=9, choices=INSTRUMENTS)
    moment = models.CharField(_("when"), max_length=10, choices=Moment, default=Moment.OTHER)
    # The how manyeth of the same instrument in this engagement.
    wave = models.PositiveSmallIntegerField(default=1, editable=False)
    title = models.CharField(
        _("title"), max_length=160, help_text=_("Those who are asked read it in their mail.")
    )
    intro = models.TextField(
        _("introduction"),
        max_length=2000,
        blank=True,
        help_text=_("Why you ask, and what happens with the answers."),
    )
    anonymous = models.BooleanField(
        _("anonymous"),
        default=False,
        help_text=_(
            "Nothing is kept that leads from an answer to a person. Cannot be changed later."
        ),
    )
    shared = models.BooleanField(
        _("the customer’s side sees the results"),
        default=True,
        help_text=_("Never for feedback of the team among itself."),
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited = models.PositiveIntegerField(default=0, editable=False)
    closes_date = models.DateField(_("last day to answer"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="team_feedback_is_not_shared",
                condition=~models.Q(instrument="team") | models.Q(shared=False),
                violation_error_message=_("Feedback of the team stays within the team."),
            ),
            models.CheckConstraint(
                name="an_open_survey_was_opened",
                condition=~models.Q(state__in=["open", "closed"])
                | models.Q(opened_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "engagement"], name="surveys_of_engagement")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == Survey.State.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == Survey.State.DRAFT


class SurveyQuestion(CustomerModel):
    """One question of a survey. It changes only while nobody has seen it."""

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind of answer"), max_length=7, choices=KINDS)
    # What an instrument means by it; empty for a question of one's own.
    topic = models.CharField(max_length=24, blank=True, editable=False)
    text = models.CharField(_("question"), max_length=400)
    choices = ArrayField(
        models.CharField(max_length=120), verbose_name=_("choices"), default=list, blank=True
    )
    low = models.SmallIntegerField(_("scale from"), default=1)
    high = models.SmallIntegerField(_("scale to"), default=5)
    low_label = models.CharField(_("what the low end means"), max_length=60, blank=True)
    high_label = models.CharField(_("what the high end means"), max_length=60, blank=True)
    required = models.BooleanField(_("has to be answered"), default=True)
    shared = models.BooleanField(default=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_scale_has_two_ends",
                condition=models.Q(low__gte=0)
                & models.Q(low__lt=models.F("high"))
                & models.Q(high__lte=10),
                violation_error_message=_("A scale goes up, from 0 or more to 10 at most."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_standard(self) -> bool:
        """Whether it belongs to an instrument and so keeps its scale and its place in the score."""
        return bool(self.topic)


class Invitee(CustomerModel):
    """Somebody who is asked to answer a survey, and what became of the mail."""

    class Due(models.TextChoices):
        NOTHING = "", _("Nothing")
        INVITATION = "invitation", _("The invitation")
        REMINDER = "reminder", _("A reminder")

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="invitees")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    impact_group = TenantForeignKey(
        "engagements.ImpactGroup", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    roster_entry = TenantForeignKey(
        "engagements.RosterEntry", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    stakeholder = TenantForeignKey(
        "engagements.Stakeholder", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    team_member = TenantForeignKey(
        "engagements.TeamMember", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The mail that waits to be written.
    due = models.CharField(max_length=10, choices=Due, default=Due.NOTHING, blank=True)
    sent_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["email"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant", "survey", Lower("email"), name="asked_once_in_a_survey"
            ),
            models.CheckConstraint(
                name="two_reminders_at_most", condition=models.Q(reminders__lte=2)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "survey"], condition=~models.Q(due=""), name="survey_mail_due"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email


class AnswerLink(models.Model):
    """A link by mail that lets one person answer one survey; only its hash is kept.

    Read before any scope is open, to find the workspace. A reminder carries a new one, and those
    before it go on working.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    # Opaque here: the person stands under row security.
    invitee_id = models.UUIDField()
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "invitee_id"], name="links_of_invitee")]

    def __str__(self) -> str:
        return f"{self.prefix}…"
