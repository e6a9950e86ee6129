"""What is written down about an engagement: talks with the customer, notes, questions to experts."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.people import ROLES
from tenancy.fields import TenantForeignKey

SHARED_LABEL = _("The customer’s side may read it")


def person_field(**more: Any) -> "models.ForeignKey[Any, Any]":
    """Somebody who signs in; what they wrote stays when they leave."""
    usual: dict[str, Any] = {
        "null": True,
        "blank": True,
        "on_delete": models.SET_NULL,
        "related_name": "+",
    }
    return models.ForeignKey(settings.AUTH_USER_MODEL, **(usual | more))


class Written(CustomerModel):
    """What somebody wrote about an engagement. The customer's side reads what is `shared`.

    `mentions` holds the names of those mentioned, by the handle that stands in the text. What was
    deleted is kept for a while, so that it can be brought back.
    """

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="+"
    )
    by = person_field(editable=False)
    shared = models.BooleanField(SHARED_LABEL, default=False)
    mentions = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        abstract = True


class Note(Written):
    """A note; a pinned one stays on top of the timeline."""

    text = models.TextField(_("note"), max_length=4000)
    pinned = models.BooleanField(_("pinned on top"), default=False)

    class Meta(Written.Meta):
        ordering = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "engagement"],
                condition=models.Q(pinned=True, deleted_at=None),
                name="notes_pinned",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Interaction(Written):
    """A talk with the customer, or a message: of what kind, with whom, and what came of it."""

    class Kind(models.TextChoices):
        USAGE = "usage", _("Usage discussion")
        NEED = "need", _("Need understood")
        EDUCATION = "education", _("Education")
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")

    class Sentiment(models.TextChoices):
        GOOD = "good", _("Good")
        MIXED = "mixed", _("Mixed")
        BAD = "bad", _("Bad")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    summary = models.CharField(_("in one line"), max_length=300)
    notes = models.TextField(_("notes"), max_length=8000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes spent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
    )
    features = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("features talked about"),
        default=list,
        blank=True,
        help_text=_("Separated by commas."),
    )
    sentiment = models.CharField(_("mood"), max_length=5, choices=Sentiment, blank=True)

    class Meta(Written.Meta):
        ordering = ["-happened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "customer", "-happened_at"], name="talks_by_customer")
        ]

    def __str__(self) -> str:
        return self.summary


class InteractionPerson(CustomerModel):
    """Somebody who took part: one of the customer's people or one of us."""

    interaction = TenantForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="participants"
    )
    stakeholder = TenantForeignKey(
        "engagements.Stakeholder",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="interactions",
    )
    user = person_field(on_delete=models.CASCADE)
    # As the interaction is, so that the database can say so of each row by itself.
    shared = models.BooleanField(default=False)

    class Meta(CustomerModel.Meta):
        ordering = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_participant_is_one_person",
                condition=models.Q(stakeholder__isnull=True, user__isnull=False)
                | models.Q(stakeholder__isnull=False, user__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["tenant", "interaction", "stakeholder", "user"],
                name="takes_part_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.stakeholder or self.user)


class ExpertQuestion(Written):
    """A question put to somebody who knows, and answered later."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    text = models.TextField(_("question"), max_length=2000)
    # Who is to answer it: somebody by name, or whoever has that part in the team.
    expert = person_field(verbose_name=_("asked of"))
    expert_role = models.CharField(_("or of the"), max_length=20, choices=ROLES, blank=True)
    due_date = models.DateField(_("answer needed by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN, editable=False
    )
    # When somebody is told that it is overdue, and when they were.
    remind_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta(Written.Meta):
        ordering = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_question_is_asked_of_somebody",
                condition=models.Q(expert__isnull=True) | models.Q(expert_role=""),
                violation_error_message=_("Ask one person or one role, not both."),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "engagement"],
                condition=models.Q(state="open"),
                name="questions_open",
            ),
            models.Index(
                fields=["tenant", "remind_at"],
                condition=models.Q(state="open", reminded_at=None),
                name="questions_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def expert_name(self) -> str:
        return str(self.expert or self.get_expert_role_display() or "")


class ExpertAnswer(CustomerModel):
    """What was answered; a question may have several answers."""

    question = TenantForeignKey(ExpertQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(_("answer"), max_length=4000)
    by = person_field(editable=False)
    answered_at = models.DateTimeField(auto_now_add=True)
    # As the question is.
    shared = models.BooleanField(default=False, editable=False)
    mentions = models.JSONField(default=dict, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["answered_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
