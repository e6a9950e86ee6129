"""Calendars on their way out: the plan's, and those of what it needs, based on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from adoption.adapters.mspdi.elements import tag, when
from adoption.scheduling import Calendar, Shifts

PLAN_CALENDAR = 1


def base_calendar(calendar: Calendar) -> Iterator[str]:
    yield from _head(PLAN_CALENDAR, calendar.name, base=-1)
    yield from _week(calendar)
    yield from _exceptions(calendar)
    yield "</Calendar>"


def own_calendar(number: int, name: str, calendar: Calendar, *, with_week: bool) -> Iterator[str]:
    """What differs from the plan's; without a week of its own, single days alone."""
    yield from _head(number, name, base=PLAN_CALENDAR)
    if with_week:
        yield from _week(calendar)
    yield from _exceptions(calendar)
    yield "</Calendar>"


def _head(number: int, name: str, *, base: int) -> Iterator[str]:
    yield "<Calendar>"
    yield tag("UID", number)
    yield tag("Name", name)
    yield tag("IsBaseCalendar", int(base < 0))
    yield tag("BaseCalendarUID", base)


def _week(calendar: Calendar) -> Iterator[str]:
    yield "<WeekDays>"
    for number in range(1, 8):
        yield "<WeekDay>"
        yield tag("DayType", number)
        yield from _shifts(calendar.week[(number + 5) % 7])
        yield "</WeekDay>"
    yield "</WeekDays>"


def _exceptions(calendar: Calendar) -> Iterator[str]:
    if calendar.exceptions:
        yield "<Exceptions>"
        for first, last, shifts in _periods(calendar.exceptions):
            yield from _exception(first, last, shifts)
        yield "</Exceptions>"


def _exception(first: date, last: date, shifts: Shifts) -> Iterator[str]:
    yield "<Exception>"
    yield tag("EnteredByOccurrences", 0)
    yield "<TimePeriod>"
    yield tag("FromDate", when(datetime.combine(first, time())))
    yield tag("ToDate", when(datetime.combine(last, time(23, 59))))
    yield "</TimePeriod>"
    yield tag("Occurrences", (last - first).days + 1)
    yield tag("Type", 1)
    yield from _shifts(shifts)
    yield "</Exception>"


def _periods(
    exceptions: Iterable[tuple[date, Shifts]],
) -> Iterator[tuple[date, date, Shifts]]:
    """Days in a row with the same hours as one."""
    open_: tuple[date, date, Shifts] | None = None
    for day, shifts in sorted(exceptions):
        if open_ and open_[2] == shifts and day - open_[1] == timedelta(days=1):
            open_ = (open_[0], day, shifts)
            continue
        if open_:
            yield open_
        open_ = (day, day, shifts)
    if open_:
        yield open_


def _shifts(shifts: Shifts) -> Iterator[str]:
    yield tag("DayWorking", int(bool(shifts)))
    if shifts:
        yield "<WorkingTimes>"
        for start, end in shifts:
            yield "<WorkingTime>"
            yield tag("FromTime", _clock(start))
            yield tag("ToTime", _clock(end))
            yield "</WorkingTime>"
        yield "</WorkingTimes>"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}:00"
