"""What was promised and what came of it, as the API writes and reads it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import (
    CriterionVersion,
    Customer,
    Engagement,
    Outcome,
    QuickWin,
    ScopeService,
    Stakeholder,
    SuccessCriterion,
)
from engagements.queries.promise import criterion_view
from engagements.serializers.fields import RowField, StaffField

WORDING = [
    "statement",
    "owner",
    "measured_by",
    "quality",
    "unit",
    "baseline",
    "baseline_note",
    "target",
    "deadline",
    "value",
    "change_reason",
]
AGREEMENT = ["agreed_date", "agreed_for_customer", "agreed_for_vendor"]


class ServiceSerializer(serializers.ModelSerializer[ScopeService]):
    engagement = RowField(Engagement)

    class Meta:
        model = ScopeService
        fields = ["id", "engagement", "customer", "name", "monthly_volume", "stage"]
        read_only_fields = ["customer"]


class QuickWinSerializer(serializers.ModelSerializer[QuickWin]):
    engagement = RowField(Engagement)
    recorded_by = StaffField(read_only=True)

    class Meta:
        model = QuickWin
        fields = [
            "id",
            "engagement",
            "customer",
            "result",
            "evidence",
            "reached_date",
            "earned",
            "recorded_by",
            "recorded_at",
        ]
        read_only_fields = ["customer", "recorded_at"]


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    customer = RowField(Customer, required=False, help_text=_("That of the engagement, if any."))
    engagement = RowField(Engagement, required=False, allow_null=True)
    recorded_by = StaffField(read_only=True)

    class Meta:
        model = Outcome
        fields = [
            "id",
            "customer",
            "engagement",
            "kind",
            "decided_date",
            "yearly_amount",
            "currency",
            "reason",
            "recorded_by",
            "recorded_at",
        ]
        read_only_fields = ["recorded_at"]


class VersionSerializer(serializers.ModelSerializer[CriterionVersion]):
    """One wording of a criterion, as it was."""

    agreed_for_vendor = StaffField(read_only=True)
    written_by = StaffField(read_only=True)

    class Meta:
        model = CriterionVersion
        fields = [
            "id",
            "criterion",
            "number",
            *WORDING,
            "written_by",
            "written_at",
            *AGREEMENT,
        ]
        read_only_fields = fields


class CriterionSerializer(serializers.ModelSerializer[CriterionVersion]):
    """A criterion in the words in force; those before it are its versions."""

    id = serializers.UUIDField(read_only=True)
    engagement = RowField(Engagement)
    owner = RowField(
        Stakeholder, required=False, allow_null=True, help_text=_("The owner at the customer.")
    )
    agreed_for_vendor = StaffField(read_only=True)
    state = serializers.CharField(
        read_only=True, help_text=_("incomplete, ready, agreed, changed or withdrawn.")
    )
    missing = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=_("Parts of the wording that are not stated yet."),
    )
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withdrawn_because = serializers.CharField(read_only=True)

    class Meta:
        model = CriterionVersion
        fields = [
            "id",
            "engagement",
            "customer",
            "state",
            "missing",
            "number",
            *WORDING,
            "written_at",
            *AGREEMENT,
            "withdrawn_at",
            "withdrawn_because",
        ]
        read_only_fields = ["customer", "number", "written_at", *AGREEMENT]
        extra_kwargs = {
            "change_reason": {"help_text": _("Needed once the words in force are agreed.")}
        }

    def to_representation(self, instance: Any) -> dict[str, Any]:
        row: SuccessCriterion = instance
        newest: Any = row.versions.all()[0]
        view = criterion_view(row)
        newest.engagement, newest.state = row.engagement_id, view.state
        newest.missing = [part.value for part in view.wording.missing]
        newest.withdrawn_at = row.withdrawn_at
        newest.withdrawn_because = row.withdrawn_because
        return super().to_representation(newest) | {"id": str(row.pk)}


class AgreedSerializer(serializers.Serializer[Any]):
    agreed_date = serializers.DateField()
    for_customer = serializers.CharField(
        max_length=120, help_text=_("Who agreed to it, usually the SPL.")
    )


class WithdrawnSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(
        max_length=300, help_text=_("The criterion stays on record with this reason.")
    )
