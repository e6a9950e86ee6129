"""The calendar of a usual week, with the public holidays of a place taken out."""

from datetime import date
from io import BytesIO

import pytest

from adoption.imports import import_plan
from adoption.queries import get_plan
from adoption.scheduling import UnknownRegion, countries, parts_of, public_holidays, workweek
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast


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
    calendar = workweek(days=[1, 2, 3, 4, 7], region="NO", around=date(2026, 11, 18))
    assert [bool(shifts) for shifts in calendar.week] == [True] * 4 + [False, False, True]
    assert dict(calendar.exceptions)[date(2026, 12, 25)] == ()
    assert dict(calendar.exceptions)[date(2024, 5, 17)] == ()


def test_a_table_follows_the_week_of_the_workspace(cast: Cast) -> None:
    from datetime import UTC, datetime

    Tenant.objects.filter(pk=cast.tenant.pk).update(working_days=[1, 2], holiday_region="NO")
    with tenant_scope(cast.tenant.pk):
        import_plan(
            engagement=cast.engagement,
            source=BytesIO(b"id,name,duration,constraint,constraint_date\n"
                           b"1,Work,3d,SNET,2026-12-21\n"),
            file_name="plan.csv",
            imported_by=None,
            now=datetime(2026, 11, 18, 9, tzinfo=UTC),
        )  # fmt: skip
        plan = get_plan(engagement_id=cast.engagement.pk)
    assert plan is not None
    # Monday and Tuesday, then the next Monday: Christmas changes nothing on those days.
    assert plan.finish.date() == date(2026, 12, 28)
