# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Working time: points on the axis and back."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adoption.scheduling import ALWAYS, STANDARD, Axis, Calendar, NoWorkingTime, working_week
from tests.adoption.networks import CALENDARS
from tests.adoption.reference import working_minutes

FRIDAY_EVENING, MONDAY_MORNING = datetime(2026, 1, 9, 17), datetime(2026, 1, 12, 8)


def test_the_end_of_friday_and_the_start_of_monday_are_one_point() -> None:
    axis = Axis(STANDARD, datetime(2026, 1, 5))
    assert axis.point(FRIDAY_EVENING) == axis.point(MONDAY_MORNING) == 5 * 480
    assert axis.begins(5 * 480) == MONDAY_MORNING
    assert axis.ends(5 * 480) == FRIDAY_EVENING


def test_point_zero_is_the_first_working_minute_at_or_after_the_start() -> None:
    assert Axis(STANDARD, datetime(2026, 1, 3, 12)).begins(0) == datetime(2026, 1, 5, 8)
    assert Axis(STANDARD, datetime(2026, 1, 5, 9, 30)).begins(0) == datetime(2026, 1, 5, 9, 30)


def test_holidays_are_skipped_and_extra_days_worked() -> None:
    calendar = STANDARD.with_holidays([date(2026, 1, 6)]).with_exceptions(
        {date(2026, 1, 10): ((600, 720),)}
    )
    axis = Axis(calendar, datetime(2026, 1, 5))
    assert axis.begins(480) == datetime(2026, 1, 7, 8)
    assert axis.ends(4 * 480 + 60) == datetime(2026, 1, 10, 11)
    assert axis.begins(4 * 480 + 120) == MONDAY_MORNING


def test_a_day_that_never_ends() -> None:
    axis = Axis(ALWAYS, datetime(2026, 1, 5))
    assert axis.ends(1440) == axis.begins(1440) == datetime(2026, 1, 6)


def test_day_and_week_are_the_calendars_own() -> None:
    assert (STANDARD.day_minutes, STANDARD.week_minutes) == (480, 2400)
    assert (ALWAYS.day_minutes, ALWAYS.week_minutes) == (1440, 10080)
    short_friday = Calendar((((480, 1020),),) * 4 + (((480, 720),), (), ()))
    assert (short_friday.day_minutes, short_friday.week_minutes) == (540, 4 * 540 + 240)


@pytest.mark.parametrize("shifts", [((480, 400),), ((480, 720), (700, 800)), ((0, 1441),)])
def test_impossible_hours_are_refused(shifts: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="overlap, run backwards or leave the day"):
        working_week(shifts)


def test_a_calendar_without_work_is_refused() -> None:
    with pytest.raises(NoWorkingTime, match="Closed"):
        working_week((), name="Closed")


@settings(deadline=None)
@given(
    calendar=st.sampled_from(CALENDARS),
    moment=st.datetimes(datetime(2025, 11, 1), datetime(2027, 6, 1)),
    offset=st.integers(-20_000, 60_000),
)
def test_agrees_with_counting_minute_by_minute(
    calendar: Calendar, moment: datetime, offset: int
) -> None:
    minutes = working_minutes(calendar, date(2026, 1, 5))
    axis = Axis(calendar, datetime(2026, 1, 5))
    zero = axis.point(minutes[0])
    moment = moment.replace(second=0, microsecond=0)
    assert axis.point(moment) - zero == sum(minute < moment for minute in minutes)
    assert axis.begins(zero + 20_000 + offset) == minutes[20_000 + offset]
    assert axis.ends(zero + 20_001 + offset) == minutes[20_000 + offset] + timedelta(minutes=1)


@given(calendar=st.sampled_from(CALENDARS), point=st.integers(-500_000, 5_000_000))
def test_every_point_reads_back(calendar: Calendar, point: int) -> None:
    axis = Axis(calendar, datetime(2026, 1, 5))
    assert axis.point(axis.begins(point)) == axis.point(axis.ends(point)) == point
    assert axis.ends(point) <= axis.begins(point)
