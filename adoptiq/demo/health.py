"""How well the demo's engagements did on the days before it was loaded, as its nights would have
kept it. Told after the night, so that usage is counted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Max

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
    told = _told_until(before=today - timedelta(days=DAYS_BEFORE[0] - 1))
    rows: list[HealthScore] = []
    for key, details in by_engagement.items():
        rows += _scores(details, today, after=told.get(key, date.min))
    HealthScore.objects.bulk_create(rows)


def _told_until(*, before: date) -> dict[object, date]:
    """The last day of the scores that belong to a decision of the customer, by engagement."""
    rows = HealthScore.objects.filter(day__lt=before).order_by().values("engagement_id")
    return dict(rows.annotate(last=Max("day")).values_list("engagement_id", "last"))


def _scores(details: Sequence[MeasureDetail], today: date, *, after: date) -> Iterable[HealthScore]:
    weights, first = get_weights(), details[0]
    for ago in DAYS_BEFORE:
        day = today - timedelta(days=ago)
        if day <= after:
            break
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
