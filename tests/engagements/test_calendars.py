"""Working weeks and public holidays as values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.calendars import (
    UnknownWeek,
    WorkingCalendar,
    is_region,
    name_of,
    read_week,
    write_week,
)

MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)


@given(st.sets(st.integers(1, 7), min_size=1))
def test_a_week_reads_back_as_it_was_written(days: set[int]) -> None:
    assert read_week(write_week(days)) == tuple(sorted(days))


def test_days_are_read_as_people_write_them() -> None:
    assert read_week("monday, Tue;WEDNESDAY / fri") == (1, 2, 3, 5)


@pytest.mark.parametrize("text", ["", "  ", "Mon Funday", "1 2 3"])
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnknownWeek):
        read_week(text)


def test_a_public_holiday_is_no_working_day() -> None:
    norway = WorkingCalendar(MONDAY_TO_FRIDAY, "NO")
    assert not norway.is_working(date(2027, 5, 17))
    assert WorkingCalendar(MONDAY_TO_FRIDAY, "").is_working(date(2027, 5, 17))
    assert not norway.is_working(date(2027, 5, 16))


def test_coming_holidays_cross_the_year_and_end_after_twelve_months() -> None:
    coming = WorkingCalendar(MONDAY_TO_FRIDAY, "NO").coming(date(2026, 12, 26), most=3)
    assert [day for day, _name in coming] == [
        date(2026, 12, 26),
        date(2027, 1, 1),
        date(2027, 3, 25),
    ]


def test_a_region_nobody_knows_has_no_holidays() -> None:
    assert WorkingCalendar(MONDAY_TO_FRIDAY, "XX").holidays(2027) == ()


def test_regions_are_countries_or_their_parts() -> None:
    assert is_region("NO")
    assert is_region("DE-BY")
    assert not any(map(is_region, ("XX", "DE-XX", "NO-BY", "")))
    assert (name_of("DE-BY"), name_of("NO"), name_of("")) == ("Germany, Bayern", "Norway", "")
