"""Surveys, interviews and concerns as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from engagements.models import (
    Concern,
    Engagement,
    Interview,
    Invitee,
    Stakeholder,
    Survey,
    SurveyQuestion,
)
from engagements.queries import Finding, said_of
from engagements.serializers.fields import RowField, StaffField


class SurveySerializer(serializers.ModelSerializer[Survey]):
    engagement = RowField(Engagement)
    owner = StaffField(read_only=True)

    class Meta:
        model = Survey
        fields = [
            "id",
            "engagement",
            "customer",
            "instrument",
            "wave",
            "title",
            "intro",
            "moment",
            "anonymous",
            "shared",
            "closes_date",
            "state",
            "owner",
            "invited",
            "opened_at",
            "closed_at",
            "created_at",
        ]
        read_only_fields = [
            "customer",
            "wave",
            "state",
            "invited",
            "opened_at",
            "closed_at",
            "created_at",
        ]


class SurveyQuestionSerializer(serializers.ModelSerializer[SurveyQuestion]):
    survey = RowField(Survey)

    class Meta:
        model = SurveyQuestion
        fields = [
            "id",
            "survey",
            "position",
            "kind",
            "topic",
            "text",
            "choices",
            "low",
            "high",
            "low_label",
            "high_label",
            "required",
        ]
        read_only_fields = ["position", "topic"]


class InviteeSerializer(serializers.ModelSerializer[Invitee]):
    survey = RowField(Survey)
    email = serializers.EmailField(max_length=254)

    class Meta:
        model = Invitee
        fields = [
            "id",
            "survey",
            "email",
            "name",
            "impact_group",
            "sent_at",
            "reminders",
            "reminded_at",
            "answered_at",
            "opted_out_at",
            "bounced_at",
        ]
        read_only_fields = [
            "impact_group",
            "sent_at",
            "reminders",
            "reminded_at",
            "answered_at",
            "opted_out_at",
            "bounced_at",
        ]

    def to_representation(self, row: Invitee) -> dict[str, Any]:
        return super().to_representation(said_of(row))


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    interviewer = StaffField(read_only=True)
    survey = serializers.UUIDField(
        source="response.survey_id",
        read_only=True,
        help_text=_("The survey whose questions it followed."),
    )

    class Meta:
        model = Interview
        fields = ["id", "engagement", "customer", "survey", "interviewee", "interviewer", "day"]
        fields += ["notes"]
        read_only_fields = fields


class ConcernSerializer(serializers.ModelSerializer[Concern]):
    engagement = RowField(Engagement)
    owner = StaffField(required=False, allow_null=True, help_text=_("One of us, by e-mail."))
    owner_at_customer = RowField(
        Stakeholder,
        required=False,
        allow_null=True,
        help_text=_("One of the customer’s people; never beside an owner on our side."),
    )

    class Meta:
        model = Concern
        fields = [
            "id",
            "engagement",
            "customer",
            "text",
            "owner",
            "owner_at_customer",
            "due_at",
            "state",
            "resolution",
            "shared",
            "answer",
            "interview",
            "created_at",
            "solved_at",
        ]
        read_only_fields = ["customer", "answer", "interview", "created_at", "solved_at"]


class ScoreSerializer(serializers.Serializer[object]):
    value = serializers.FloatField(
        allow_null=True, help_text=_("NPS from −100 to 100, a share from 0 to 1, else a mean.")
    )
    low = serializers.FloatField(allow_null=True, help_text=_("Lower end of the 95 % interval."))
    high = serializers.FloatField(allow_null=True, help_text=_("Upper end of the 95 % interval."))
    n = serializers.IntegerField(help_text=_("Answers it is made of."))
    trust = serializers.CharField(
        help_text=_("counts_only below 5 answers, rough below 30, else fair.")
    )


class CountSerializer(serializers.Serializer[object]):
    answer = serializers.CharField(source="label")
    count = serializers.IntegerField()


class FindingSerializer(serializers.Serializer[object]):
    question = serializers.CharField(source="text")
    topic = serializers.CharField()
    unit = serializers.CharField(help_text=_("nps, share, sus or mean."))
    answered = serializers.IntegerField()
    score = serializers.SerializerMethodField(help_text=_("Null below five answers."))
    counts = CountSerializer(source="bars", many=True)
    words = serializers.SerializerMethodField(help_text=_("What was written, in no order."))

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, found: Finding) -> Any:
        readable = found.score is not None and found.score.is_readable
        return ScoreSerializer(found.score).data if readable else None

    def get_words(self, found: Finding) -> list[str]:
        return [said.text for said in found.words]


class ResultsSerializer(serializers.Serializer[object]):
    answered = serializers.IntegerField()
    by_interview = serializers.IntegerField()
    response_rate = serializers.FloatField(
        allow_null=True, help_text=_("Of those asked by mail; null when nobody was.")
    )
    held_back = serializers.BooleanField(
        help_text=_("Anonymous, with too few answers to be shown without naming somebody.")
    )
    findings = FindingSerializer(many=True)
