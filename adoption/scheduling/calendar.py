"""Working calendars: which minutes of which days count as work.

A shift is a half-open pair of minutes of the day, `(540, 780)` for 09:00 to 13:00; 1440 is
midnight at the end of the day. All times are local wall-clock times without a zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rendering.sentences import sentence

MINUTES_PER_DAY = 1440

Shift = tuple[int, int]
Shifts = tuple[Shift, ...]


class NoWorkingTime(ValueError):
    """A calendar that never works, or works too little to hold the plan."""


@dataclass(frozen=True)
class Calendar:
    """A week pattern (Monday first) and the dates that differ from it.

    Raises ValueError when the week has not seven days, or a day's shifts overlap, run backwards
    or leave the day; NoWorkingTime when there is no working minute at all.
    """

    week: tuple[Shifts, ...]
    exceptions: tuple[tuple[date, Shifts], ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(sentence("A calendar's week has seven days, Monday first."))
        for shifts in (*self.week, *(shifts for _, shifts in self.exceptions)):
            check_shifts(shifts)
        if not any(self.week) and not any(shifts for _, shifts in self.exceptions):
            raise NoWorkingTime(
                sentence("The calendar %(name)s has no working time.", name=self.name)
                if self.name
                else sentence("The calendar of the plan has no working time.")
            )

    @cached_property
    def day_minutes(self) -> int:
        """Working minutes of a usual day: what `1d` means. The commonest length, then the longest."""
        lengths = Counter(minutes for minutes in map(shift_minutes, self.week) if minutes)
        if not lengths:
            return max(shift_minutes(shifts) for _, shifts in self.exceptions)
        return max(lengths, key=lambda minutes: (lengths[minutes], minutes))

    @cached_property
    def week_minutes(self) -> int:
        """Working minutes of a usual week: what `1w` means."""
        return sum(map(shift_minutes, self.week)) or self.day_minutes

    def with_exceptions(self, exceptions: Mapping[date, Shifts]) -> Calendar:
        """The same week with these dates replaced; dates already excepted keep their shifts."""
        merged = {**exceptions, **dict(self.exceptions)}
        return Calendar(self.week, tuple(sorted(merged.items())), self.name)

    def on(self, day: date) -> Shifts:
        """What is worked on a day."""
        excepted = self._excepted.get(day)
        return self.week[day.weekday()] if excepted is None else excepted

    def within(self, other: Calendar) -> Calendar:
        """The time that both calendars work. Raises NoWorkingTime when there is none."""
        days = {*self._excepted, *other._excepted}
        return Calendar(
            tuple(map(_common, self.week, other.week)),
            tuple((day, _common(self.on(day), other.on(day))) for day in sorted(days)),
            self.name or other.name,
        )

    @cached_property
    def _excepted(self) -> dict[date, Shifts]:
        return dict(self.exceptions)

    def with_holidays(self, days: Iterable[date]) -> Calendar:
        """The same week with these dates free."""
        return self.with_exceptions(dict.fromkeys(days, ()))


def shift_minutes(shifts: Shifts) -> int:
    return sum(end - start for start, end in shifts)


def _common(some: Shifts, others: Shifts) -> Shifts:
    """The minutes that two days have in common."""
    if some == others:
        return some
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return tuple(sorted((start, end) for start, end in pairs if start < end))


def working_week(shifts: Shifts, days: int = 5, name: str = "") -> Calendar:
    """The first `days` days of the week with the same shifts, the others free."""
    return Calendar((shifts,) * days + ((),) * (7 - days), name=name)


def check_shifts(shifts: Shifts) -> None:
    """Raises ValueError for shifts that overlap, run backwards or leave the day."""
    last = 0
    for start, end in shifts:
        if not last <= start < end <= MINUTES_PER_DAY:
            raise ValueError(
                sentence(
                    "Working hours %(shifts)s overlap, run backwards or leave the day.",
                    shifts=str(shifts),
                )
            )
        last = end


STANDARD = working_week(((480, 720), (780, 1020)), name="Standard")
ALWAYS = working_week(((0, MINUTES_PER_DAY),), days=7, name="Always")
