"""What people said: answers to a survey, interviews, and the concerns that came of them."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.surveys import Invitee, Survey, SurveyQuestion
from tenancy.fields import TenantForeignKey


def untimed_id() -> UUID:
    """An id that says nothing of when it was made, unlike those of other tables."""
    return uuid4()


class Response(CustomerModel):
    """One person's answers to a survey.

    To an anonymous survey it names neither person nor moment, and its id tells no order. The
    database holds it to that: by a check, and by a key that carries the survey's own word on it.
    """

    class Way(models.TextChoices):
        LINK = "link", _("By link")
        INTERVIEW = "interview", _("In an interview")

    id = models.UUIDField(primary_key=True, default=untimed_id, editable=False)
    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    anonymous = models.BooleanField()
    shared = models.BooleanField()
    way = models.CharField(max_length=9, choices=Way, default=Way.LINK)
    invitee = TenantForeignKey(
        Invitee, null=True, on_delete=models.CASCADE, related_name="responses"
    )
    impact_group = TenantForeignKey(
        "engagements.ImpactGroup", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="anonymous_is_anonymous",
                condition=models.Q(anonymous=False)
                | models.Q(invitee__isnull=True, answered_at__isnull=True, way="link"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "invitee"],
                condition=models.Q(invitee__isnull=False),
                name="one_answer_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.survey)


class Answer(CustomerModel):
    """What was answered to one question: a number, words, or choices. Left out, there is no row."""

    id = models.UUIDField(primary_key=True, default=untimed_id, editable=False)
    response = TenantForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = TenantForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="answers")
    number = models.SmallIntegerField(null=True)
    text = models.TextField(max_length=4000, blank=True)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    shared = models.BooleanField()

    class Meta(CustomerModel.Meta):
        ordering = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "response", "question"], name="one_answer_a_question"
            )
        ]

    def __str__(self) -> str:
        return self.text or ", ".join(self.choices) or str(self.number)


class Interview(CustomerModel):
    """A conversation along the questions of a survey, written down by whoever asked."""

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="interviews"
    )
    response = TenantForeignKey(Response, on_delete=models.CASCADE, related_name="interviews")
    interviewee = models.CharField(_("who was asked"), max_length=200)
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    day = models.DateField(_("day"))
    notes = models.TextField(
        _("notes"),
        max_length=10000,
        blank=True,
        help_text=_("What was said beyond the questions. Only your own side reads it."),
    )

    class Meta(CustomerModel.Meta):
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return self.interviewee


class Concern(CustomerModel):
    """Something feedback showed that somebody has to look into, by a stated time."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DOING = "doing", _("Being looked into")
        SOLVED = "solved", _("Solved")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="concerns"
    )
    text = models.CharField(
        _("concern"), max_length=400, help_text=_("What is wrong, for whom, in a sentence.")
    )
    # One of us or one of the customer's people; never both.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_at_customer = TenantForeignKey(
        "engagements.Stakeholder",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    resolution = models.TextField(
        _("what was done"),
        max_length=2000,
        blank=True,
        help_text=_("Needed to call it solved."),
    )
    shared = models.BooleanField(
        _("the customer’s side sees it"), default=False, help_text=_("With owner, day and outcome.")
    )
    answer = TenantForeignKey(
        Answer, null=True, editable=False, on_delete=models.SET_NULL, related_name="concerns"
    )
    interview = TenantForeignKey(
        Interview, null=True, editable=False, on_delete=models.SET_NULL, related_name="concerns"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    solved_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_concern_has_one_owner",
                condition=models.Q(owner__isnull=True) | models.Q(owner_at_customer__isnull=True),
            ),
            models.CheckConstraint(
                name="a_solved_concern_says_how",
                condition=~models.Q(state="solved")
                | (~models.Q(resolution="") & models.Q(solved_at__isnull=False)),
                violation_error_message=_("Say what was done about it."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "engagement"], name="concerns_of_engagement")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def owner_name(self) -> str:
        return str(self.owner or self.owner_at_customer or "")
