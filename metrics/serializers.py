"""Measures as the API writes and reads them."""

from typing import Any

from rest_framework import serializers

from engagements.models import Engagement
from metrics.definitions import Baseline, Measure, Milestone, latest_definitions
from metrics.forecasting import MilestoneResult, Outlook, share
from metrics.models import Agreement
from metrics.operations import Terms
from metrics.queries import MeasureDetail

MOST_MILESTONES = 50


class EngagementField(serializers.PrimaryKeyRelatedField[Engagement]):
    """An engagement of the workspace, by id."""

    def get_queryset(self) -> Any:
        return Engagement.objects.all()


class NewMeasureSerializer(serializers.Serializer[Any]):
    engagement = EngagementField(queryset=Engagement.objects.none())
    definition = serializers.ChoiceField(
        choices=[(item.key, item.label) for item in latest_definitions()]
    )


class MilestoneSerializer(serializers.Serializer[Milestone]):
    name = serializers.CharField(max_length=80)
    amount = serializers.FloatField()
    day = serializers.DateField()


class AgreementSerializer(serializers.Serializer[Any]):
    """An agreement to record. What the target lacks is refused by name."""

    quality = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    amount = serializers.FloatField(required=False, allow_null=True, default=None)
    deadline = serializers.DateField(required=False, allow_null=True, default=None)
    baseline_amount = serializers.FloatField()
    baseline_date = serializers.DateField()
    baseline_note = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default=""
    )
    for_customer = serializers.CharField(max_length=120)
    agreed_date = serializers.DateField()
    milestones = serializers.ListField(
        child=MilestoneSerializer(), required=False, max_length=MOST_MILESTONES
    )

    @property
    def terms(self) -> Terms:
        data = self.validated_data
        baseline = Baseline(data["baseline_amount"], data["baseline_date"], data["baseline_note"])
        return Terms(
            baseline=baseline,
            quality=data["quality"],
            amount=data["amount"],
            deadline=data["deadline"],
            milestones=tuple(Milestone(**goal) for goal in data.get("milestones", ())),
            agreed_date=data["agreed_date"],
            for_customer=data["for_customer"],
        )


class ReadingSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    amount = serializers.FloatField()


def agreement_of(row: Agreement) -> dict[str, Any]:
    """An agreement as it was recorded."""
    return {
        "id": row.pk,
        "quality": row.quality,
        "amount": row.amount,
        "deadline": row.deadline,
        "baseline_amount": row.baseline_amount,
        "baseline_date": row.baseline_date,
        "baseline_note": row.baseline_note,
        "for_customer": row.for_customer,
        "for_vendor": str(row.for_vendor) if row.for_vendor else None,
        "agreed_date": row.agreed_date,
        "milestones": [
            {"name": goal.name, "amount": goal.amount, "day": goal.due_date}
            for goal in row.milestones.all()
        ],
    }


def measure_of(detail: MeasureDetail) -> dict[str, Any]:
    """A measure with the figures and words its page shows."""
    told = detail.told
    standing, story = told.standing, told.story
    return {
        "id": detail.id,
        "engagement": detail.engagement_id,
        "customer": detail.customer_id,
        **_definition(told.measure),
        **_agreed(told.measure),
        "milestones": [_milestone(result) for result in standing.milestones],
        "progress": standing.progress,
        "agreed_progress": standing.agreed_progress,
        "forecast": None if told.outlook is None else _forecast(told.outlook),
        "state": story.state,
        "status": story.status,
        "finding": story.finding,
        "details": story.details,
    }


def _definition(measure: Measure) -> dict[str, Any]:
    definition, latest = measure.definition, measure.latest
    return {
        "definition": definition.key,
        "definition_version": definition.version,
        "label": definition.label,
        "unit": definition.unit,
        "direction": definition.direction,
        "as_of": measure.as_of,
        "time_zone": measure.time_zone,
        "latest": None if latest is None else {"day": latest.day, "amount": latest.amount},
    }


def _agreed(measure: Measure) -> dict[str, Any]:
    baseline, target = measure.baseline, measure.target
    return {
        "baseline": None
        if baseline is None
        else {"amount": baseline.amount, "day": baseline.day, "note": baseline.note},
        "target": None
        if target is None
        else {"quality": target.quality, "amount": target.amount, "deadline": target.deadline},
    }


def _milestone(result: MilestoneResult) -> dict[str, Any]:
    return {
        "name": result.milestone.name,
        "amount": result.milestone.amount,
        "day": result.milestone.day,
        "outcome": result.outcome,
        "reached_date": result.reached_date,
        "lost_date": result.lost_date,
    }


def _forecast(outlook: Outlook) -> dict[str, Any]:
    return {
        "day": outlook.end.day,
        "amount": outlook.end.amount,
        "low": outlook.end.low,
        "high": outlook.end.high,
        "reached_date": outlook.reached_date,
        "earned_schedule_date": outlook.steady_date,
        "per_day": outlook.trend.slope,
        "trend_since": outlook.trend_start,
    }


def readings_of(detail: MeasureDetail) -> list[dict[str, Any]]:
    """The readings that the chart draws, in order of their days."""
    measure = detail.told.measure
    return [
        {
            "day": reading.day,
            "amount": reading.amount,
            "progress": share(measure, reading.amount),
            "definition_version": reading.version,
        }
        for reading in measure.readings
    ]
