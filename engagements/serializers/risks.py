"""Risks as the API writes and reads them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import Engagement, Risk, RiskChange, Stakeholder
from engagements.queries.risks import band_of
from engagements.serializers.fields import RowField, StaffField


class RiskSerializer(serializers.ModelSerializer[Risk]):
    engagement = RowField(Engagement)
    owner = StaffField(required=False, allow_null=True, help_text=_("One of us, by e-mail."))
    owner_at_customer = RowField(
        Stakeholder,
        required=False,
        allow_null=True,
        help_text=_("One of the customer’s people; never beside an owner on our side."),
    )
    note = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text=_("What changed; needed to close the risk."),
    )
    score = serializers.IntegerField(read_only=True, help_text=_("Probability × impact, 1 to 25."))
    band = serializers.SerializerMethodField(help_text=_("act, watch or good."))

    class Meta:
        model = Risk
        fields = [
            "id",
            "engagement",
            "customer",
            "title",
            "probability",
            "impact",
            "score",
            "band",
            "owner",
            "owner_at_customer",
            "mitigation",
            "mitigation_due_date",
            "state",
            "note",
            "source",
            "raised_by",
            "created_at",
        ]
        read_only_fields = ["customer", "source", "raised_by", "created_at"]

    def get_band(self, row: Risk) -> str:
        return band_of(row)


class RiskChangeSerializer(serializers.ModelSerializer[RiskChange]):
    changed_by = StaffField(read_only=True)

    class Meta:
        model = RiskChange
        fields = [
            "id",
            "risk",
            "changed_at",
            "changed_by",
            "state",
            "probability",
            "impact",
            "note",
        ]
        read_only_fields = fields
