"""What somebody agreed about working time: a usual week, public holidays, and days that differ.

A calendar says which minutes are worked and no more; terms say why, so that people can change
them. As JSON they are `{"week": [[[480, 720], …] × 7], "region": "DE-BY", "name": "…",
"rules": [[first, last, [[…], …], reason], …]}`, days as ISO dates, times as minutes of the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from adoption.scheduling.calendar import (
    MINUTES_PER_DAY,
    STANDARD,
    Calendar,
    Shifts,
    check_shifts,
)
from engagements.calendars import UnknownRegion, public_holidays

# Plans reach back and ahead of the day they are made.
YEARS_BACK, YEARS_AHEAD = 2, 6
WHOLE_DAY: Shifts = ((0, MINUTES_PER_DAY),)
# A rule runs over days one by one; nobody is away for longer than this in one go.
LONGEST_RULE_DAYS = 400


@dataclass(frozen=True, slots=True, order=True)
class DayRule:
    """Days from `first` to `last` that differ from the week: no shifts are days off."""

    first: date
    last: date
    shifts: Shifts = ()
    reason: str = ""

    @property
    def is_off(self) -> bool:
        return not self.shifts

    def days(self) -> Iterator[date]:
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


@dataclass(frozen=True, slots=True)
class Terms:
    """A usual week (Monday first), whose public holidays are free, and rules for single days.

    A rule goes before a public holiday, a later rule before an earlier one.
    """

    week: tuple[Shifts, ...] = STANDARD.week
    region: str = ""
    rules: tuple[DayRule, ...] = ()
    name: str = ""

    def calendar(self, *, around: date) -> Calendar:
        """Public holidays are known from two years before to six years after `around`.

        Raises NoWorkingTime when nothing is left to work, ValueError for shifts that overlap.
        A region that is no longer known has no public holidays.
        """
        excepted: dict[date, Shifts] = dict.fromkeys(self._holidays(around), ())
        for rule in self.rules:
            excepted.update(dict.fromkeys(rule.days(), rule.shifts))
        return Calendar(self.week, tuple(sorted(excepted.items())), self.name)

    def with_rule(self, rule: DayRule) -> Terms:
        return replace(self, rules=(*(kept for kept in self.rules if kept != rule), rule))

    def without_rule(self, rule: DayRule) -> Terms:
        return replace(self, rules=tuple(kept for kept in self.rules if kept != rule))

    def rule_on(self, day: date) -> DayRule | None:
        """The rule that decides about a day."""
        return next((rule for rule in reversed(self.rules) if rule.first <= day <= rule.last), None)

    @property
    def works_when_asked(self) -> bool:
        """Whether the week itself says nothing: every minute of every day."""
        return all(shifts == WHOLE_DAY for shifts in self.week)

    @property
    def says_nothing(self) -> bool:
        return self.works_when_asked and not self.region and not self.rules

    def agrees_with(self, calendar: Calendar) -> bool:
        """Whether a calendar says of its week and of each day that differs what these terms say."""
        if self.week != calendar.week:
            return False
        kept = dict(calendar.exceptions)
        days = {*kept, *(day for rule in self.rules for day in rule.days())}
        return all(calendar.on(day) == self._on(day) for day in days)

    def _on(self, day: date) -> Shifts:
        rule = self.rule_on(day)
        if rule is not None:
            return rule.shifts
        return () if day in _free_days(self.region, day.year) else self.week[day.weekday()]

    def _holidays(self, around: date) -> Sequence[date]:
        if not self.region:
            return ()
        try:
            known = public_holidays(
                self.region, around.year - YEARS_BACK, around.year + YEARS_AHEAD
            )
        except UnknownRegion:
            return ()
        return [day for day, _name in known]


def _free_days(region: str, year: int) -> frozenset[date]:
    try:
        known = public_holidays(region, year, year) if region else ()
    except UnknownRegion:
        known = ()
    return frozenset(day for day, _name in known)


ANY_TIME = Terms(week=(WHOLE_DAY,) * 7)


def terms_of(calendar: Calendar) -> Terms:
    """The terms of a calendar nobody wrote any for: its week, and runs of days that differ."""
    return Terms(calendar.week, rules=tuple(_runs(calendar)), name=calendar.name)


def _runs(calendar: Calendar) -> Iterator[DayRule]:
    known = sorted(calendar.exceptions)
    if not known:
        return
    first = known[0]
    for one, other in pairwise([*known, (date.max, ())]):
        if other[1] != one[1] or other[0] - one[0] != timedelta(days=1):
            yield DayRule(first[0], one[0], one[1])
            first = other


def terms_to_json(terms: Terms) -> dict[str, Any]:
    return {
        "week": [list(map(list, shifts)) for shifts in terms.week],
        "region": terms.region,
        "name": terms.name,
        "rules": [rule_to_json(rule) for rule in terms.rules],
    }


def terms_from_json(stored: Mapping[str, Any]) -> Terms:
    return Terms(
        week=tuple(_shifts(day) for day in stored["week"]),
        region=stored["region"],
        name=stored["name"],
        rules=tuple(
            DayRule(date.fromisoformat(first), date.fromisoformat(last), _shifts(shifts), reason)
            for first, last, shifts, reason in stored["rules"]
        ),
    )


def rule_to_json(rule: DayRule) -> list[Any]:
    shifts = list(map(list, rule.shifts))
    return [rule.first.isoformat(), rule.last.isoformat(), shifts, rule.reason]


def _shifts(stored: Sequence[Sequence[int]]) -> Shifts:
    return tuple((start, end) for start, end in stored)


_RANGE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


def read_hours(text: str) -> Shifts:
    """Shifts as people write them: “08:00-12:00, 13-17”; nothing for a day off.

    Raises ValueError where it is no time of a day, or where hours overlap or run backwards.
    """
    shifts = tuple((_minute(a, b), _minute(c, d)) for a, b, c, d in _RANGE.findall(text))
    if _RANGE.sub("", text).strip(" ,;\t"):
        raise ValueError(text)
    check_shifts(shifts)
    return shifts


def write_hours(shifts: Shifts) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in shifts)


def _minute(hour: str, minute: str) -> int:
    if int(minute or 0) > 59:
        raise ValueError(minute)
    return int(hour) * 60 + int(minute or 0)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
