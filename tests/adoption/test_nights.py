"""Plans meet a new day part by part, whoever takes which part."""

from datetime import UTC, date, datetime

import pytest

from adoption.models import Plan, PlanProgress
from adoption.operations import reschedule_part, reschedule_plans
from adoption.queries import get_parts
from adoption.queries.nights import not_met
from tenancy.scope import tenant_scope
from tests.adoption.test_versions import bring_in
from tests.factories import Cast

DAY, NEXT = date(2026, 11, 17), date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)


@pytest.fixture
def two(cast: Cast) -> Cast:
    with tenant_scope(cast.tenant.pk):
        for engagement in (cast.engagement, cast.second_engagement):
            bring_in(engagement)
        Plan.objects.update(follows_today=True)
    return cast


def test_each_plan_meets_a_day_once_in_whatever_part(two: Cast) -> None:
    with tenant_scope(two.tenant.pk):
        Plan.objects.filter(engagement=two.engagement).update(met_date=DAY)
        assert reschedule_part(business_date=DAY, now=NOW) == 1
        assert not not_met(DAY).exists()
        assert [reschedule_plans(business_date=DAY, now=NOW) for _twice in range(2)] == [0, 0]
        assert PlanProgress.objects.count() == 1
        assert reschedule_plans(business_date=NEXT, now=NOW) == 2
        assert set(Plan.objects.values_list("status_at", flat=True)) == {datetime(2026, 11, 19)}  # noqa: DTZ001


def test_a_night_made_up_for_later_does_not_turn_dates_back(two: Cast) -> None:
    with tenant_scope(two.tenant.pk):
        reschedule_plans(business_date=NEXT, now=NOW)
        assert reschedule_plans(business_date=DAY, now=NOW) == 0


def test_few_plans_are_not_worth_sharing(two: Cast) -> None:
    with tenant_scope(two.tenant.pk):
        assert get_parts(business_date=DAY) == 0
