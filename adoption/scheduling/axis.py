"""The working-time axis: minutes of work counted from the plan's start.

Point 0 is the first working minute at or after the plan's start. A point stands for one place
between two working minutes, so the end of Friday and the start of Monday are the same point:
`begins` reads it as a start (Monday morning), `ends` as a finish (Friday evening).
Instants are whole minutes since the year 1, as local wall-clock time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from adoption.scheduling.calendar import (
    MINUTES_PER_DAY,
    Calendar,
    NoWorkingTime,
    Shifts,
    shift_minutes,
)
from rendering.sentences import sentence

_FIRST = datetime.combine(date.min, time())
_LAST_INSTANT = (date.max.toordinal() + 1) * MINUTES_PER_DAY


class OutOfReach(ValueError):
    """A date before the year 1 or after the year 9999."""


def instant_of(moment: datetime) -> int:
    return moment.toordinal() * MINUTES_PER_DAY + moment.hour * 60 + moment.minute


def moment_of(instant: int) -> datetime:
    """The local datetime of an instant. Raises OutOfReach outside the years 1 to 9999."""
    if not MINUTES_PER_DAY <= instant < _LAST_INSTANT:
        raise OutOfReach(
            sentence("The plan runs past the year 9999; a duration or lag is too long.")
        )
    return _FIRST + timedelta(minutes=instant - MINUTES_PER_DAY)


class Axis:
    """Turns local datetimes into points of working time and back, in O(log exceptions)."""

    def __init__(self, calendar: Calendar, start: datetime) -> None:
        self.calendar = calendar
        self._prefix = [0, *accumulate(map(shift_minutes, calendar.week))]
        self._week_minutes = self._prefix[-1]
        self._read_exceptions(dict(calendar.exceptions))
        self._origin = self._count(instant_of(start))
        self._begins: dict[int, datetime] = {}
        self._ends: dict[int, datetime] = {}

    def point(self, moment: datetime) -> int:
        """Working minutes from the plan's start to this moment; negative before it."""
        return self.point_at(instant_of(moment))

    def begins(self, point: int) -> datetime:
        """When work that starts at this point begins. Raises NoWorkingTime or OutOfReach."""
        moment = self._begins.get(point)
        if moment is None:
            moment = self._begins[point] = moment_of(self.start_instant(point))
        return moment

    def ends(self, point: int) -> datetime:
        """When work that finishes at this point ends. Raises NoWorkingTime or OutOfReach."""
        moment = self._ends.get(point)
        if moment is None:
            moment = self._ends[point] = moment_of(self.finish_instant(point))
        return moment

    def point_at(self, instant: int) -> int:
        return self._count(instant) - self._origin

    def start_instant(self, point: int) -> int:
        return self._minute(point + self._origin)

    def finish_instant(self, point: int) -> int:
        return self._minute(point + self._origin - 1) + 1

    def end_instant(self, point: int) -> int:
        """A finish, except at the plan's start: nothing ends before that."""
        return self.finish_instant(point) if point else self.start_instant(point)

    def _read_exceptions(self, exceptions: dict[date, Shifts]) -> None:
        """Excepted days in order, each with the working minutes counted before and after it."""
        self._days = sorted(day.toordinal() for day in exceptions)
        self._shifts = {day.toordinal(): shifts for day, shifts in exceptions.items()}
        self._before: list[int] = []
        self._extra = [0]
        for day in self._days:
            self._before.append(self._regular(day) + self._extra[-1])
            usual = shift_minutes(self.calendar.week[(day - 1) % 7])
            self._extra.append(self._extra[-1] + shift_minutes(self._shifts[day]) - usual)

    def _regular(self, day: int) -> int:
        """Working minutes before a day when no date were excepted. Day 1 is a Monday."""
        weeks, weekday = divmod(day - 1, 7)
        return weeks * self._week_minutes + self._prefix[weekday]

    def _count(self, instant: int) -> int:
        day, minute = divmod(instant, MINUTES_PER_DAY)
        counted = self._regular(day) + self._extra[bisect_left(self._days, day)]
        for start, end in self._shifts_on(day):
            counted += min(max(minute - start, 0), end - start)
        return counted

    def _shifts_on(self, day: int) -> Shifts:
        shifts = self._shifts.get(day)
        return self.calendar.week[(day - 1) % 7] if shifts is None else shifts

    def _minute(self, count: int) -> int:
        """The instant at which the working minute of this number begins."""
        nearest = bisect_right(self._before, count) - 1
        if nearest >= 0:
            day, rest = self._days[nearest], count - self._before[nearest]
            if rest < shift_minutes(self._shifts[day]):
                return _within(day, self._shifts[day], rest)
        day, rest = self._regular_day(count - self._extra[nearest + 1])
        return _within(day, self.calendar.week[(day - 1) % 7], rest)

    def _regular_day(self, count: int) -> tuple[int, int]:
        if not self._week_minutes:
            raise NoWorkingTime(sentence("The calendar has too little working time for the plan."))
        weeks, rest = divmod(count, self._week_minutes)
        weekday = bisect_right(self._prefix, rest) - 1
        return weeks * 7 + weekday + 1, rest - self._prefix[weekday]


def _within(day: int, shifts: Sequence[tuple[int, int]], rest: int) -> int:
    """The instant of the working minute numbered `rest` within a day."""
    for start, end in shifts:
        if rest < end - start:
            return day * MINUTES_PER_DAY + start + rest
        rest -= end - start
    raise NoWorkingTime(sentence("The calendar has too little working time for the plan."))
