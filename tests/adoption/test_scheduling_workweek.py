"""The calendar of a usual week, with the public holidays of a place taken out."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from adoption.imports import import_plan
from adoption.models import Plan
from adoption.operations import make_plan
from adoption.queries import get_plan, get_plan_time
from adoption.scheduling import STANDARD, UnknownRegion, countries, parts_of, public_holidays
from adoption.scheduling.terms import Terms
from engagements.models import Customer, Engagement
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_holidays_are_those_of_the_place() -> None:
    found = dict(public_holidays("NO", 2026, 2026))
    assert found[date(2026, 5, 17)] == "Constitution Day"
    bavaria, berlin = (dict(public_holidays(f"DE-{part}", 2026, 2026)) for part in ("BY", "BE"))
    assert date(2026, 1, 6) in bavaria
    assert date(2026, 1, 6) not in berlin


@pytest.mark.parametrize("region", ["XX", "DE-XX", "", "de"])
def test_an_unknown_place_is_refused(region: str) -> None:
    with pytest.raises(UnknownRegion):
        public_holidays(region, 2026, 2026)


def test_parts_have_names() -> None:
    assert parts_of("DE")["BY"] == "Bayern"
    assert parts_of("XX") == {}
    assert "NO" in countries()


def test_days_off_and_holidays_have_no_hours() -> None:
    calendar = Terms(region="NO").calendar(around=date(2026, 11, 18))
    assert calendar.week == STANDARD.week
    assert dict(calendar.exceptions)[date(2026, 12, 25)] == ()
    assert dict(calendar.exceptions)[date(2024, 5, 17)] == ()


def test_a_table_follows_the_week_of_the_customer_else_of_the_workspace(cast: Cast) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(working_days=[1, 2], holiday_region="NO")
    with tenant_scope(cast.tenant.pk):
        import_plan(
            engagement=cast.engagement,
            source=BytesIO(b"id,name,duration,constraint,constraint_date\n"
                           b"1,Work,3d,SNET,2026-12-21\n"),
            file_name="plan.csv",
            imported_by=None,
            now=NOW,
        )  # fmt: skip
        plan = get_plan(engagement_id=cast.engagement.pk)
    assert plan is not None
    # Monday and Tuesday, then the next Monday: Christmas changes nothing on those days.
    assert plan.finish.date() == date(2026, 12, 28)


def test_a_plan_begins_with_the_working_week_of_its_customer(cast: Cast) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(working_days=[1, 2], holiday_region="NO")
    with tenant_scope(cast.tenant.pk):
        Customer.objects.filter(pk=cast.customer.pk).update(
            working_days=[4, 5], holiday_region="DE-BY"
        )
        engagement = Engagement.objects.select_related("customer").get(pk=cast.engagement.pk)
        make_plan(
            engagement=engagement, name="Plan", start=date(2026, 11, 18), text="Work; 3d",
            by=cast.csm, now=NOW,
        )  # fmt: skip
        plan = Plan.objects.get(engagement=engagement)
        time = get_plan_time(plan=plan)
    assert plan.finish.date() == date(2026, 11, 26)
    assert (time.terms.region, time.terms.name) == ("DE-BY", "Standard")
    assert dict(time.holidays(2027))[date(2027, 1, 1)] == "New Year's Day"
