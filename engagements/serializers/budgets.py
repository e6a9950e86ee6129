"""Budgets and costs as the API writes and reads them. Amounts are decimals in one currency."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import BudgetLine, CostEntry, Engagement, ImpactGroup
from engagements.queries.spending import line_of
from engagements.serializers.fields import RowField, StaffField


def _figure(words: Any) -> "serializers.DecimalField":
    return serializers.DecimalField(
        max_digits=20, decimal_places=2, read_only=True, allow_null=True, help_text=words
    )


class BudgetLineSerializer(serializers.ModelSerializer[BudgetLine]):
    engagement = RowField(Engagement)
    impact_group = RowField(ImpactGroup, required=False, allow_null=True)
    currency = serializers.CharField(
        source="engagement.currency", read_only=True, help_text=_("The engagement’s.")
    )
    is_reserve = serializers.BooleanField(
        read_only=True, help_text=_("Whether it is part of the reserve for hypercare.")
    )
    committed = _figure(_("Promised on this line."))
    actual = _figure(_("Paid on this line."))
    remaining = _figure(_("What may still be promised; negative once overdrawn."))
    earned = _figure(_("What the work done was worth: budget times percent done."))
    deviation = _figure(_("Paid beyond what was earned; negative when cheaper than planned."))
    expected = _figure(_("Cost at the end if it goes on like this; null before anything is done."))

    class Meta:
        model = BudgetLine
        fields = [
            "id",
            "engagement",
            "customer",
            "name",
            "category",
            "is_reserve",
            "impact_group",
            "work_stream",
            "amount",
            "currency",
            "percent_done",
            "committed",
            "actual",
            "remaining",
            "earned",
            "deviation",
            "expected",
            "deviation_reason",
            "created_at",
        ]
        read_only_fields = ["customer", "created_at"]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        line = line_of(instance)
        for name in ("committed", "actual", "remaining", "earned", "deviation", "expected"):
            setattr(instance, name, getattr(line, name))
        return super().to_representation(instance)


class CostSerializer(serializers.ModelSerializer[CostEntry]):
    line = RowField(BudgetLine)
    currency = serializers.CharField(
        source="line.engagement.currency", read_only=True, help_text=_("The engagement’s.")
    )
    recorded_by = StaffField(read_only=True)

    class Meta:
        model = CostEntry
        fields = [
            "id",
            "line",
            "customer",
            "kind",
            "day",
            "amount",
            "currency",
            "note",
            "recorded_by",
            "recorded_at",
        ]
        read_only_fields = ["customer", "recorded_at"]
