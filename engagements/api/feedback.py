"""Surveys, interviews and concerns over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.api.gate import of_same_customer
from engagements.models import Concern, Engagement, Interview, Invitee, Survey, SurveyQuestion
from engagements.serializers.feedback import (
    ConcernSerializer,
    InterviewSerializer,
    InviteeSerializer,
    ResultsSerializer,
    SurveyQuestionSerializer,
    SurveySerializer,
)
from engagements.tasks import ask_for_survey_mail
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made
from tenancy.tasks import publish


class SurveyViewSet(Listed, Made, Changed):
    """Surveys of engagements. A new one is a draft with the questions of its instrument; once it
    was opened, only its last day and whether the customer sees it can change."""

    one, many = _("a survey"), _("surveys")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_engagement")]
    serializer_class = SurveySerializer
    lookup_url_kwarg = "survey_id"
    filterset_fields = ["engagement", "customer", "instrument", "state"]
    fixed = frozenset({"engagement", "instrument"})
    queryset = Survey.objects.none()

    def get_queryset(self) -> QuerySet[Survey]:
        return queries.get_surveys()

    def make(self, fields: dict[str, Any]) -> Survey:
        engagement = fields.pop("engagement")
        return operations.draft_survey(engagement=engagement, fields=fields, by=self.by)

    def change(self, row: Survey, fields: dict[str, Any]) -> None:
        operations.change_survey(survey=row, fields=fields)

    @extend_schema(request=None, responses=SurveySerializer, summary=_("Open a survey"))
    @action(detail=True, methods=["post"])
    def open(self, request: Request, **kwargs: Any) -> Response:
        """It can be answered from here on, and everybody on its list gets a mail."""
        row = self.get_object()
        try:
            operations.open_survey(survey=row, now=timezone.now())
        except operations.NothingToAsk as refusal:
            raise ValidationError(gettext("There is no question yet.")) from refusal
        except operations.NotADraft as refusal:
            raise ValidationError(gettext("It was sent already.")) from refusal
        _send_due()
        return Response(self.shown(row.pk))

    @extend_schema(request=None, responses=SurveySerializer, summary=_("Close a survey"))
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Response:
        """It takes no more answers."""
        row = self.get_object()
        operations.close_survey(survey=row, now=timezone.now())
        return Response(self.shown(row.pk))

    @extend_schema(responses=ResultsSerializer, summary=_("What a survey found"))
    @action(detail=True, methods=["get"])
    def results(self, request: Request, **kwargs: Any) -> Response:
        """Scores with their 95 % interval, counts and words. Below five answers there is no score;
        of an anonymous survey there is nothing at all."""
        found = queries.get_results(survey=self.get_object())
        return Response(ResultsSerializer(found).data)


def _send_due() -> None:
    run = ask_for_survey_mail(today=timezone.localdate(), now=timezone.now())
    if run is not None:
        publish(run)


class SurveyQuestionViewSet(Listed, Made, Changed):
    """Questions of surveys, in their order within each. They change only while it is a draft."""

    one, many = _("a question of a survey"), _("questions of surveys")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_engagement")]
    serializer_class = SurveyQuestionSerializer
    lookup_url_kwarg = "survey_question_id"
    filterset_fields = ["survey", "survey__engagement"]
    fixed = frozenset({"survey"})
    queryset = SurveyQuestion.objects.none()

    def get_queryset(self) -> QuerySet[SurveyQuestion]:
        return SurveyQuestion.objects.filter(removed_at=None).select_related("survey")

    def make(self, fields: dict[str, Any]) -> SurveyQuestion:
        survey = fields.pop("survey")
        try:
            return operations.add_survey_question(survey=survey, fields=fields)
        except operations.NotADraft as refusal:
            raise ValidationError(_not_a_draft()) from refusal

    def change(self, row: SurveyQuestion, fields: dict[str, Any]) -> None:
        try:
            operations.change_survey_question(question=row, fields=fields)
        except operations.NotADraft as refusal:
            raise ValidationError(_not_a_draft()) from refusal


def _not_a_draft() -> str:
    return gettext("People have seen this survey, so its questions stay as they were asked.")


class InviteeViewSet(Listed, Made):
    """Who is asked to answer surveys, and what became of their mail. Who is added to an open survey
    gets a mail at once. Never what somebody answered."""

    one, many = _("a person who is asked"), _("people who are asked")
    permission_classes = [allows(area="people", read="see_customers", write="edit_engagement")]
    serializer_class = InviteeSerializer
    lookup_url_kwarg = "invitee_id"
    filterset_fields = ["survey", "survey__engagement"]
    queryset = Invitee.objects.none()

    def get_queryset(self) -> QuerySet[Invitee]:
        return Invitee.objects.select_related("survey")

    def make(self, fields: dict[str, Any]) -> Invitee:
        survey, email = fields["survey"], fields["email"].strip().lower()
        person = operations.Asked(email, fields.get("name", ""))
        try:
            invited = operations.invite_people(survey=survey, people=[person])
        except operations.SurveyIsOver as refusal:
            words = gettext("The survey is over; nobody is asked any more.")
            raise ValidationError({"survey": words}) from refusal
        if invited.opted_out:
            raise ValidationError({"email": gettext("This person does not want to be asked.")})
        if not invited.added:
            raise ValidationError({"email": gettext("This address is on the list already.")})
        _send_due()
        return Invitee.objects.get(survey=survey, email=email)


class InterviewViewSet(Listed):
    """Interviews with their notes. Their answers count among the results of the survey."""

    one, many = _("an interview"), _("interviews")
    permission_classes = [allows(area="customers", read="see_customers", write="edit_engagement")]
    serializer_class = InterviewSerializer
    lookup_url_kwarg = "interview_id"
    filterset_fields = ["engagement", "customer", "response__survey"]
    queryset = Interview.objects.none()

    def get_queryset(self) -> QuerySet[Interview]:
        return queries.get_interviews()


class ConcernViewSet(Listed, Made, Changed):
    """Concerns from feedback. One is solved with a word on what was done."""

    one, many = _("a concern"), _("concerns")
    permission_classes = [allows(area="customers", read="see_engagement", write="edit_engagement")]
    serializer_class = ConcernSerializer
    lookup_url_kwarg = "concern_id"
    filterset_fields = ["engagement", "customer", "state"]
    fixed = frozenset({"engagement"})
    queryset = Concern.objects.none()

    def get_queryset(self) -> QuerySet[Concern]:
        return queries.get_concerns()

    def make(self, fields: dict[str, Any]) -> Concern:
        engagement = fields.pop("engagement")
        return operations.raise_concern(
            engagement=engagement,
            fields=_owned(engagement, fields),
            by=self.by,
            now=timezone.now(),
        )

    def change(self, row: Concern, fields: dict[str, Any]) -> None:
        operations.change_concern(
            concern=row, fields=_owned(row.engagement, fields), by=self.by, now=timezone.now()
        )


def _owned(engagement: Engagement, fields: dict[str, Any]) -> dict[str, Any]:
    """With one owner: whoever is named takes over from whoever was."""
    of_same_customer(engagement.customer_id, fields, "owner_at_customer")
    ours, theirs = fields.get("owner"), fields.get("owner_at_customer")
    if ours and theirs:
        words = gettext("A concern has one owner: name one of us or one of theirs.")
        raise ValidationError({"owner_at_customer": words})
    other = {"owner_at_customer": None} if ours else {"owner": None} if theirs else {}
    return fields | other


router_entries = [
    ("surveys", SurveyViewSet, "survey"),
    ("survey-questions", SurveyQuestionViewSet, "survey-question"),
    ("survey-people", InviteeViewSet, "survey-person"),
    ("interviews", InterviewViewSet, "interview"),
    ("concerns", ConcernViewSet, "concern"),
]
