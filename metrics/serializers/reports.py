"""Progress, resources and health of an engagement, as the API gives them."""

from typing import Any

from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers

from metrics.narrative.completion import completion_finding, say_when
from metrics.narrative.resources import UNGROUPED, resources_finding
from metrics.queries import (
    GroupResources,
    HealthPart,
    HealthView,
    ProgressView,
    ResourcesView,
)
from rendering.translation import translated


class CoursePointSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    percent = serializers.FloatField()


class AheadSerializer(CoursePointSerializer):
    low = serializers.FloatField(help_text=_lazy("Low end of a range that holds 8 times in 10."))
    high = serializers.FloatField()


class PlanChangedSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    name = serializers.CharField()


class PlanProgressSerializer(serializers.Serializer[ProgressView]):
    """Percents are 0 to 100 of all work; days are those at the customer."""

    as_of = serializers.DateField(source="curve.as_of")
    done_percent = serializers.FloatField(source="curve.done_now")
    planned_percent = serializers.FloatField(source="curve.planned_now")
    behind_days = serializers.FloatField(
        source="curve.behind_days",
        allow_null=True,
        help_text=_lazy("Working days by earned schedule, negative when ahead."),
    )
    pace = serializers.FloatField(source="curve.index", allow_null=True, help_text="SPI(t)")
    planned_finish = serializers.DateField(source="curve.planned_finish")
    scheduled_finish = serializers.DateField(source="curve.scheduled_finish")
    recent_finish = serializers.DateField(
        source="curve.recent", allow_null=True, help_text=_lazy("At the recent rate.")
    )
    cautious_finish = serializers.DateField(
        source="curve.cautious", allow_null=True, help_text=_lazy("By earned schedule.")
    )
    finding = serializers.SerializerMethodField()
    when = serializers.SerializerMethodField()
    changes = PlanChangedSerializer(many=True, source="completion.events")
    planned = CoursePointSerializer(many=True, source="curve.planned")
    done = CoursePointSerializer(many=True, source="curve.done")
    ahead = AheadSerializer(many=True, source="curve.ahead")

    def get_finding(self, view: ProgressView) -> str:
        return translated(completion_finding(view.completion))

    def get_when(self, view: ProgressView) -> str:
        return translated(say_when(view.completion))


def _amount(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, **options)


class GroupResourcesSerializer(serializers.Serializer[GroupResources]):
    impact_group = serializers.SerializerMethodField(help_text=_lazy("Empty for no group."))
    name = serializers.SerializerMethodField()
    people = serializers.IntegerField(allow_null=True)
    packages = serializers.IntegerField(source="money.packages")
    planned = _amount(source="money.planned")
    planned_share = serializers.FloatField(allow_null=True, help_text=_lazy("0 to 1 of the whole."))
    spent = _amount(source="money.spent")
    spent_share = serializers.FloatField(allow_null=True)

    def get_impact_group(self, row: GroupResources) -> str | None:
        return None if row.key == UNGROUPED else row.key

    def get_name(self, row: GroupResources) -> str:
        return translated(row.name)


class ResourcesSerializer(serializers.Serializer[ResourcesView]):
    currency = serializers.CharField()
    planned = _amount()
    spent = _amount()
    finding = serializers.SerializerMethodField()
    groups = GroupResourcesSerializer(many=True, source="rows")

    def get_finding(self, view: ResourcesView) -> str:
        return translated(resources_finding(view.slices("spent")))


class HealthPartSerializer(serializers.Serializer[HealthPart]):
    measure = serializers.UUIDField(source="id")
    name = serializers.CharField()
    weight = serializers.FloatField(source="part.weight")
    score = serializers.FloatField(source="part.score", allow_null=True)
    share = serializers.FloatField(source="part.share")
    points = serializers.FloatField(source="part.points")
    absence = serializers.CharField(source="part.absence", allow_null=True)


class HealthSerializer(serializers.Serializer[HealthView]):
    """The points of the parts add up to the score."""

    as_of = serializers.DateField(source="tile.as_of")
    score = serializers.FloatField(source="health.value", allow_null=True)
    band = serializers.CharField(source="health.band.key", allow_null=True, default=None)
    coverage = serializers.FloatField(
        source="health.coverage", help_text=_lazy("Share of the weight that has data, 0 to 1.")
    )
    change = serializers.FloatField(
        source="tile.change.difference",
        allow_null=True,
        default=None,
        help_text=_lazy("Points since 28 days before; null without a score then."),
    )
    model_version = serializers.IntegerField(source="health.version")
    finding = serializers.SerializerMethodField()
    parts = HealthPartSerializer(many=True)

    def get_finding(self, view: HealthView) -> str:
        return translated(view.tile.finding)
