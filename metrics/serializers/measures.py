"""Measures as the API writes and reads them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from engagements.models import Engagement
from metrics.definitions import Baseline, Definition, Measure, Milestone, Prior, Step
from metrics.forecasting import MilestoneResult, Outlook, share
from metrics.models import Agreement
from metrics.operations import Terms
from metrics.queries import (
    WHOLE,
    MeasureDetail,
    get_definitions,
    get_places,
)
from rendering.translation import translated

MOST_MILESTONES = 50


class EngagementField(serializers.PrimaryKeyRelatedField[Engagement]):
    """An engagement of the workspace, by id."""

    def get_queryset(self) -> Any:
        return Engagement.objects.all()


class NewMeasureSerializer(serializers.Serializer[Any]):
    """`about` is empty for the whole engagement, or `group:<id>`, `criterion:<id>`,
    `package:<uid of the plan's row>`."""

    engagement = EngagementField(queryset=Engagement.objects.none())
    definition = serializers.CharField(max_length=60)
    about = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")

    def validate_definition(self, value: str) -> Definition:
        found = next((item for item in get_definitions() if item.key == value), None)
        if found is None:
            raise serializers.ValidationError(_("Nothing can be measured under this name."))
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = attrs.pop("about")
        places = get_places(engagement_id=attrs["engagement"].pk) if asked else (WHOLE,)
        place = next((one for one in places if one.value == asked), None)
        if place is None:
            raise serializers.ValidationError({"about": _("The engagement has no such thing.")})
        return {**attrs, "place": place}


class MilestoneSerializer(serializers.Serializer[Milestone]):
    name = serializers.CharField(max_length=80)
    amount = serializers.FloatField()
    day = serializers.DateField()
    step = serializers.ChoiceField(choices=[step.value for step in Step], required=False)


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
    prior_amount = serializers.FloatField(required=False, allow_null=True, default=None)
    prior_note = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
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
            milestones=tuple(_goal(**goal) for goal in data.get("milestones", ())),
            prior=None
            if data["prior_amount"] is None
            else Prior(data["prior_amount"], data["prior_note"]),
            agreed_date=data["agreed_date"],
            for_customer=data["for_customer"],
        )


def _goal(name: str, amount: float, day: date, step: str = Step.ACHIEVEMENT.value) -> Milestone:
    return Milestone(name, amount, day, Step(step))


class ReadingSerializer(serializers.Serializer[Any]):
    """A reading; `reason` says why it corrects the one its day has already."""

    day = serializers.DateField()
    amount = serializers.FloatField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


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
        "prior_amount": row.prior_amount,
        "prior_note": row.prior_note,
        "for_customer": row.for_customer,
        "for_vendor": str(row.for_vendor) if row.for_vendor else None,
        "agreed_date": row.agreed_date,
        "confirmed_by": str(row.confirmed_by) if row.confirmed_by else None,
        "confirmed_at": row.confirmed_at,
        "milestones": [
            {"name": goal.name, "amount": goal.amount, "day": goal.due_date, "step": goal.kind}
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
        "about": detail.place.value,
        "about_what": detail.place.name,
        "reader": detail.reader_name,
        "reported_in": detail.reported_in,
        **_definition(told.measure),
        **_agreed(told.measure),
        "milestones": [_milestone(result) for result in standing.milestones],
        "progress": standing.progress,
        "agreed_progress": standing.agreed_progress,
        "forecast": None if told.outlook is None else _forecast(told.outlook),
        "state": story.state,
        "status": translated(story.status),
        "finding": translated(story.finding),
        "details": [translated(text) for text in story.details],
    }


def _definition(measure: Measure) -> dict[str, Any]:
    definition, latest = measure.definition, measure.latest
    return {
        "definition": definition.key,
        "definition_version": definition.version,
        "label": translated(definition.label),
        "unit": translated(definition.unit),
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
        "prior": None
        if measure.prior is None
        else {"amount": measure.prior.amount, "note": measure.prior.note},
        "confirmed_date": measure.agreement.confirmed_date if measure.agreement else None,
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
