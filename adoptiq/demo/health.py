"""How well the demo's engagements did on the days before it was loaded, as its nights would have
kept it. Told after the night, so that usage is counted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from metrics.models import HealthScore
from metrics.operations import score_fields
from metrics.queries import (
    MeasureDetail,
    get_details,
    get_measures,
    get_weights,
    health_of,
    rated,
)

DAYS_BEFORE = range(2, 90)


def tell_health(*, now: datetime) -> None:
    """One score a day of each engagement, from the day on which something was agreed for it."""
    today = now.date()
    by_engagement: dict[object, list[MeasureDetail]] = {}
    for detail in get_details(rows=list(get_measures()), today=today):
        by_engagement.setdefault(detail.engagement_id, []).append(detail)
    rows: list[HealthScore] = []
    for details in by_engagement.values():
        rows += _scores(details, today)
    HealthScore.objects.bulk_create(rows)


def _scores(details: Sequence[MeasureDetail], today: date) -> Iterable[HealthScore]:
    weights, first = get_weights(), details[0]
    for ago in DAYS_BEFORE:
        day = today - timedelta(days=ago)
        health = health_of(rated(_as_of(detail, day) for detail in details), weights)
        if health.value is not None:
            yield HealthScore(
                customer_id=first.customer_id,
                engagement_id=first.engagement_id,
                day=day,
                **score_fields(health),
            )


def _as_of(detail: MeasureDetail, day: date) -> MeasureDetail:
    measure = detail.told.measure
    known = tuple(reading for reading in measure.readings if reading.day <= day)
    return replace(
        detail, told=replace(detail.told, measure=replace(measure, as_of=day, readings=known))
    )
