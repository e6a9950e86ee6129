"""Timeline, notes, talks and questions as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import (
    Engagement,
    ExpertAnswer,
    ExpertQuestion,
    Interaction,
    Note,
    Stakeholder,
    TimelineEntry,
)
from engagements.serializers.fields import RowField, StaffField


class TimelineEntrySerializer(serializers.ModelSerializer[TimelineEntry]):
    by = StaffField(read_only=True)

    class Meta:
        model = TimelineEntry
        fields = [
            *("id", "engagement", "customer", "kind", "text", "details", "by", "by_name"),
            *("happened_at", "shared"),
        ]
        read_only_fields = fields


class NoteSerializer(serializers.ModelSerializer[Note]):
    engagement = RowField(Engagement)
    by = StaffField(read_only=True)

    class Meta:
        model = Note
        fields = [
            *("id", "engagement", "customer", "text", "pinned", "shared", "by", "created_at"),
            "changed_at",
        ]
        read_only_fields = ["customer", "created_at", "changed_at"]


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    engagement = RowField(Engagement)
    by = StaffField(read_only=True)
    staff = serializers.ListField(
        child=StaffField(),
        required=False,
        write_only=True,
        help_text=_("Who took part on our side, by e-mail."),
    )
    stakeholders = serializers.ListField(
        child=RowField(Stakeholder),
        required=False,
        write_only=True,
        help_text=_("Who took part on the customer’s side, by id."),
    )
    participants = serializers.SerializerMethodField(
        help_text=_("Who took part: an e-mail of ours, or the id of a stakeholder.")
    )

    class Meta:
        model = Interaction
        fields = [
            *("id", "engagement", "customer", "kind", "happened_at", "summary", "notes"),
            *("minutes", "features", "sentiment", "shared", "staff", "stakeholders"),
            *("participants", "by", "created_at", "changed_at"),
        ]
        read_only_fields = ["customer", "created_at", "changed_at"]

    def get_participants(self, row: Interaction) -> list[str]:
        return [
            str(seat.stakeholder_id) if seat.stakeholder_id else seat.user.email
            for seat in row.participants.all()
        ]


class ExpertAnswerSerializer(serializers.ModelSerializer[ExpertAnswer]):
    by = StaffField(read_only=True)

    class Meta:
        model = ExpertAnswer
        fields = ["id", "text", "by", "answered_at"]
        read_only_fields = ["answered_at"]


class ExpertQuestionSerializer(serializers.ModelSerializer[ExpertQuestion]):
    engagement = RowField(Engagement)
    expert = StaffField(required=False, allow_null=True, help_text=_("One of us, by e-mail."))
    by = StaffField(read_only=True)
    answers = ExpertAnswerSerializer(many=True, read_only=True)

    class Meta:
        model = ExpertQuestion
        fields = [
            *("id", "engagement", "customer", "text", "expert", "expert_role", "due_date"),
            *("shared", "state", "by", "answers", "created_at", "changed_at"),
        ]
        read_only_fields = ["customer", "state", "created_at", "changed_at"]


class AnswerSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)
