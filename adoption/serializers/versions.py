"""Baselines and comparisons as the API reads them; times are local at the customer, no zone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from adoption.models import Baseline
from adoption.queries.versions import ComparisonView


class BaselineSerializer(serializers.ModelSerializer[Baseline]):
    engagement = serializers.UUIDField(source="plan.engagement_id", read_only=True)
    start = serializers.SerializerMethodField()
    finish = serializers.SerializerMethodField()

    class Meta:
        model = Baseline
        fields = (
            "id",
            "engagement",
            "plan",
            "kind",
            "name",
            "day",
            "taken_at",
            "chosen",
            "start",
            "finish",
            "packages",
        )
        read_only_fields = fields

    def get_start(self, row: Baseline) -> str:
        return str(row.start.isoformat())

    def get_finish(self, row: Baseline) -> str:
        return str(row.finish.isoformat())


class CauseSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=["duration", "row", "link", "lag", "constraint", "started", "start"]
    )
    uid = serializers.CharField()
    name = serializers.CharField()
    days = serializers.FloatField(help_text=_("Working days, negative when earlier."))
    other = serializers.CharField(help_text=_("The step it waits for, of a link or lag."))


class RowChangeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["added", "removed", "moved", "changed"])
    uid = serializers.CharField(source="row.uid")
    outline = serializers.CharField(source="row.outline")
    name = serializers.CharField(source="row.name")
    is_summary = serializers.BooleanField(source="row.summary")
    start_days = serializers.FloatField(help_text=_("Working days the start is later."))
    finish_days = serializers.FloatField(help_text=_("Working days the finish is later."))
    longer_days = serializers.FloatField()
    newly_critical = serializers.BooleanField(source="is_newly_critical")
    no_longer_critical = serializers.BooleanField(source="is_no_longer_critical")


class LinkChangeSerializer(serializers.Serializer[Any]):
    before = serializers.CharField(source="link.before", help_text=_("The row waited for, by uid."))
    after = serializers.CharField(source="link.after", help_text=_("The row that waits, by uid."))
    type = serializers.CharField(source="link.type")
    kind = serializers.SerializerMethodField()

    def get_kind(self, change: Any) -> str:
        if change.before is None:
            return "added"
        return "removed" if change.after is None else "lag"


class ComparisonSerializer(serializers.Serializer[ComparisonView]):
    """What differs between two versions; days are working days of the plan's calendar."""

    start_days = serializers.FloatField(source="found.start_days", allow_null=True)
    finish_days = serializers.FloatField(source="found.finish_days", allow_null=True)
    causes = CauseSerializer(source="found.causes", many=True)
    rows = RowChangeSerializer(source="found.rows", many=True)
    links = LinkChangeSerializer(source="found.links", many=True)
