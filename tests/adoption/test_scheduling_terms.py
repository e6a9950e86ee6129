"""Working time as people agree it: weeks, holidays, days that differ, and hours as they write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adoption.scheduling import ALWAYS, STANDARD, Calendar, NoWorkingTime, Shifts
from adoption.scheduling.terms import (
    ANY_TIME,
    DayRule,
    Terms,
    read_hours,
    terms_from_json,
    terms_of,
    terms_to_json,
    write_hours,
)

DAY = date(2026, 5, 1)


@st.composite
def shifts(draw: st.DrawFn) -> Shifts:
    ends = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(ends[::2], ends[1::2], strict=False))


calendars = st.builds(
    lambda week, days: Calendar(tuple(week), tuple(sorted(days.items()))),
    st.lists(shifts(), min_size=7, max_size=7).filter(any),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 1)), shifts(), max_size=9),
)


def test_a_rule_goes_before_a_holiday_and_a_later_rule_before_an_earlier() -> None:
    terms = Terms(region="NO")
    assert terms.calendar(around=DAY).on(DAY) == ()
    worked = terms.with_rule(DayRule(DAY, DAY, ((480, 720),), "inventory"))
    assert worked.calendar(around=DAY).on(DAY) == ((480, 720),)
    off = worked.with_rule(DayRule(DAY, date(2026, 5, 4)))
    assert off.calendar(around=DAY).on(DAY) == ()
    assert off.rule_on(DAY) == DayRule(DAY, date(2026, 5, 4))
    assert off.without_rule(off.rules[-1]) == worked


def test_terms_that_say_nothing_and_those_that_work_never() -> None:
    assert ANY_TIME.says_nothing
    assert not Terms().says_nothing
    with pytest.raises(NoWorkingTime):
        Terms(week=((),) * 7).calendar(around=DAY)
    assert Terms(region="XX-NOWHERE").calendar(around=DAY).week == STANDARD.week


@given(calendars)
def test_terms_of_a_calendar_say_the_same_calendar(calendar: Calendar) -> None:
    terms = terms_of(calendar)
    assert terms.calendar(around=DAY) == calendar
    assert terms_from_json(terms_to_json(terms)) == terms


@given(calendars, calendars, st.dates(date(2026, 1, 1), date(2026, 3, 1)))
def test_two_calendars_have_in_common_what_both_work(a: Calendar, b: Calendar, day: date) -> None:
    def minutes(calendar: Calendar) -> set[int]:
        return {n for first, last in calendar.on(day) for n in range(first, last)}

    try:
        both = a.within(b)
    except NoWorkingTime:
        assert not minutes(a) & minutes(b)
        return
    assert minutes(both) == minutes(a) & minutes(b)
    assert minutes(a.within(ALWAYS)) == minutes(a)


@given(shifts())
def test_hours_are_read_as_they_are_written(found: Shifts) -> None:
    assert read_hours(write_hours(found)) == found


@pytest.mark.parametrize("text", ["9", "9-8", "25-26", "8-12 11-13", "8:70-9", "morning"])
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_hours(text)


def test_hours_are_read_as_people_write_them() -> None:
    assert read_hours("8-12, 13.30 – 17") == ((480, 720), (810, 1020))
    assert read_hours(" ") == ()
