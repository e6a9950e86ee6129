# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Planned against done, and what is noted each night."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from adoption.models import Plan, PlanProgress, WorkPackage
from adoption.operations import reschedule_plans
from adoption.queries import get_curve
from adoption.queries.curves import CurveView
from engagements.models import Engagement
from tenancy.scope import tenant_scope
from tests.adoption.test_views import bring
from tests.factories import Cast

# Four weeks of work in four steps, one after another.
TABLE = """id,outline,name,duration,predecessors
1,1,First,5d,
2,2,Second,5d,1
3,3,Third,5d,2
4,4,Fourth,5d,3
"""


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/")


@pytest.fixture
def planned(cast: Cast, at: str, csm: Client) -> date:
    """A plan that began on a Monday; gives that day."""
    with tenant_scope(cast.tenant.pk):
        Engagement.objects.filter(pk=cast.engagement.pk).update(start_date=date(2026, 1, 5))
    bring(csm, at, TABLE)
    return date(2026, 1, 5)


def do(cast: Cast, outline: str, percent: float) -> None:
    with tenant_scope(cast.tenant.pk):
        row = WorkPackage.objects.get(plan__engagement=cast.engagement, outline=outline)
        row.actual_start, row.percent = row.start, percent
        row.actual_finish = row.finish if percent >= 100 else None
        row.save()


def seen(cast: Cast, now: datetime) -> CurveView:
    with tenant_scope(cast.tenant.pk):
        found = get_curve(engagement_id=cast.engagement.pk, now=now)
    assert found is not None
    return found


def at_evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18)


def night(cast: Cast, day: date) -> int:
    with tenant_scope(cast.tenant.pk):
        moment = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
        return reschedule_plans(business_date=day, now=moment)


def test_half_done_when_three_quarters_were_planned_is_five_days_behind(
    cast: Cast, planned: date
) -> None:
    do(cast, "1", 100)
    do(cast, "2", 100)
    found = seen(cast, at_evening(date(2026, 1, 23)))
    assert (found.planned_now, found.done_now) == (75, 50)
    assert found.behind_days == 5
    assert found.index == pytest.approx(10 / 15)
    # Twenty days of work at two thirds of the pace take thirty.
    assert found.cautious == date(2026, 2, 13)
    assert found.planned_finish == date(2026, 1, 30)


def test_what_is_done_is_reckoned_from_actual_dates_before_the_first_night(
    cast: Cast, planned: date
) -> None:
    do(cast, "1", 100)
    found = seen(cast, at_evening(date(2026, 1, 12)))
    by_day = {point.day: point.percent for point in found.done}
    assert by_day[date(2026, 1, 7)] == pytest.approx(15)
    assert by_day[date(2026, 1, 9)] == by_day[date(2026, 1, 11)] == 25
    assert found.recorded_from is None


def test_each_night_notes_every_plan_once(cast: Cast, planned: date) -> None:
    do(cast, "1", 100)
    assert [night(cast, date(2026, 1, 9)) for _twice in range(2)] == [1, 0]
    with tenant_scope(cast.tenant.pk):
        row = PlanProgress.objects.get()
    assert (row.day, row.planned_percent, row.done_percent) == (date(2026, 1, 9), 25, 25)
    assert row.customer_id == cast.engagement.customer_id


def test_a_noted_day_stands_though_actual_dates_are_told_otherwise(
    cast: Cast, planned: date
) -> None:
    night(cast, date(2026, 1, 9))
    do(cast, "1", 100)
    found = seen(cast, at_evening(date(2026, 1, 12)))
    points = {point.day: point for point in found.done}
    assert (points[date(2026, 1, 9)].percent, points[date(2026, 1, 9)].recorded) == (0, True)
    assert points[date(2026, 1, 12)].percent == 25


def test_a_night_takes_the_same_number_of_statements_for_more_plans(
    cast: Cast, planned: date, csm: Client
) -> None:
    with tenant_scope(cast.tenant.pk), CaptureQueriesContext(connection) as one:
        reschedule_plans(business_date=date(2026, 1, 9), now=datetime(2026, 1, 10, tzinfo=UTC))
    bring(csm, cast.at(f"engagements/{cast.second_engagement.pk}/"), TABLE)
    with tenant_scope(cast.tenant.pk), CaptureQueriesContext(connection) as two:
        count = reschedule_plans(
            business_date=date(2026, 1, 10), now=datetime(2026, 1, 11, tzinfo=UTC)
        )
    assert count == 2
    assert len(two) == len(one)


def test_the_recent_slope_begins_after_the_plan_was_changed(cast: Cast, planned: date) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get(engagement=cast.engagement)
        for n in range(12):
            day = planned + timedelta(days=n)
            PlanProgress.objects.create(
                plan=plan,
                customer_id=plan.customer_id,
                day=day,
                planned_percent=90 if n < 4 else min(25, 5 * (n + 1)),
                done_percent=2 * n,
                finish=plan.finish,
            )
    found = seen(cast, at_evening(planned + timedelta(days=12)))
    assert found.changed == planned + timedelta(days=11)
    assert found.trend_from is None


def test_a_finished_plan_needs_no_forecast_and_is_noted_no_more(cast: Cast, planned: date) -> None:
    for outline in "1234":
        do(cast, outline, 100)
    found = seen(cast, at_evening(date(2026, 2, 6)))
    assert found.is_done
    assert found.finishes is None
    night(cast, date(2026, 2, 6))
    with tenant_scope(cast.tenant.pk):
        assert not PlanProgress.objects.exists()
