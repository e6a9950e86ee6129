"""PURE how often a measure is read, what that costs, and which reading is overdue.

A short task is read at its start and its end, or at its end alone; a long one at intervals or after
its achievements. What is critical, nearly critical or hard to predict is read more often.
"""

import calendar
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, pairwise, takewhile

DAYS_A_MONTH = 365.25 / 12
# Lengths of a task in calendar days: up to the first its end is enough, up to the second both ends.
SHORT_DAYS, LONG_DAYS = 7, 28
# Float in working days up to which a step counts as nearly critical.
NEAR_FLOAT = 5.0
# A span from best to worst case beyond this share of the likely length is hard to predict.
WIDE_SPAN = 0.5
GRACE_DAYS = 2


class Cadence(StrEnum):
    """When a measure is read, from the most to the least often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    AFTER_MILESTONES = "after_milestones"
    START_AND_END = "start_and_end"
    END = "end"


STEP_DAYS = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14}
STEP_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
_BY_INTERVAL = (*STEP_DAYS, *STEP_MONTHS)


def default_cadence(
    *,
    days: int,
    total_float: float | None = None,
    is_critical: bool = False,
    uncertainty: float = 0.0,
) -> Cadence:
    """How often to read a measure of an activity, unless somebody decides otherwise.

    `days` is its length in calendar days, `total_float` in working days (None: not in a schedule),
    `uncertainty` is (worst - best) / likely length. Critical: weekly, nearly critical: fortnightly,
    else monthly; hard to predict: one step more often. Short tasks: at start and end, or the end.
    """
    watched = is_critical or (total_float is not None and total_float <= 0)
    near = total_float is not None and total_float <= NEAR_FLOAT
    hard = uncertainty > WIDE_SPAN
    if days <= SHORT_DAYS:
        return Cadence.START_AND_END if watched or near or hard else Cadence.END
    if days <= LONG_DAYS and not (watched or near or hard):
        return Cadence.START_AND_END
    usual = Cadence.WEEKLY if watched else Cadence.FORTNIGHTLY if near else Cadence.MONTHLY
    return more_often(usual) if hard else usual


def more_often(cadence: Cadence) -> Cadence:
    """The next shorter interval; what is shortest or follows no interval stays."""
    if cadence not in _BY_INTERVAL:
        return cadence
    return _BY_INTERVAL[max(0, _BY_INTERVAL.index(cadence) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A measure in the plan: read from `start` to `end`, each reading taking `minutes` of somebody.

    `achievements` are the days of its milestones. What is counted by itself takes 0 minutes.
    """

    key: str
    cadence: Cadence
    start: date
    end: date
    minutes: float = 0.0
    achievements: tuple[date, ...] = ()


def due_days(planned: Planned) -> tuple[date, ...]:
    """Every day on which a reading is due, in order; the start and the end always among those of
    an interval, so that the first shows where it began and the last where it arrived."""
    start, end = planned.start, planned.end
    if end < start:
        return ()
    if planned.cadence is Cadence.END:
        return (end,)
    days = {start, end}
    if planned.cadence is Cadence.AFTER_MILESTONES:
        days |= {day for day in planned.achievements if start <= day <= end}
    elif planned.cadence is not Cadence.START_AND_END:
        days |= set(takewhile(lambda day: day <= end, _steps(planned.cadence, start)))
    return tuple(sorted(days))


def _steps(cadence: Cadence, start: date) -> Iterator[date]:
    if cadence in STEP_DAYS:
        return (start + timedelta(days=STEP_DAYS[cadence] * at) for at in count())
    return (_months_after(start, STEP_MONTHS[cadence] * at) for at in count())


def _months_after(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class ItemLoad:
    """What one measure costs between two days."""

    key: str
    cadence: Cadence
    readings: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a plan of measurement costs from `start` to `end`, both included; items as given."""

    start: date
    end: date
    items: tuple[ItemLoad, ...]

    @property
    def readings(self) -> int:
        return sum(item.readings for item in self.items)

    @property
    def minutes(self) -> float:
        return math.fsum(item.minutes for item in self.items)

    @property
    def months(self) -> float:
        return ((self.end - self.start).days + 1) / DAYS_A_MONTH

    @property
    def readings_a_month(self) -> float:
        return self.readings / self.months

    @property
    def minutes_a_month(self) -> float:
        return self.minutes / self.months


class EmptySpan(ValueError):
    """A load is asked for a time that ends before it begins."""


def load_of(plan: Sequence[Planned], *, start: date, end: date) -> Load:
    """Readings and minutes due from `start` to `end`. Raises EmptySpan."""
    if end < start:
        raise EmptySpan(f"{end} is before {start}.")
    return Load(start, end, tuple(_item_load(item, start, end) for item in plan))


def _item_load(planned: Planned, start: date, end: date) -> ItemLoad:
    readings = sum(start <= day <= end for day in due_days(planned))
    return ItemLoad(planned.key, planned.cadence, readings, readings * planned.minutes)


def month_loads(plan: Sequence[Planned], *, start: date, months: int) -> tuple[Load, ...]:
    """The load of each calendar month from that of `start` on."""
    first = start.replace(day=1)
    starts = [_months_after(first, at) for at in range(months + 1)]
    return tuple(
        load_of(plan, start=begin, end=after - timedelta(days=1))
        for begin, after in pairwise(starts)
    )


def with_cadences(plan: Sequence[Planned], wished: Mapping[str, Cadence]) -> tuple[Planned, ...]:
    """The plan if some measures were read at other times: what a what-if compares with."""
    return tuple(replace(item, cadence=wished.get(item.key, item.cadence)) for item in plan)


@dataclass(frozen=True, slots=True)
class Due:
    """The next day a reading is due, and the first day one was due that never came."""

    next_date: date | None
    missing_since: date | None

    def days_missing(self, today: date) -> int:
        return 0 if self.missing_since is None else (today - self.missing_since).days


def due(
    planned: Planned, *, last_read: date | None, today: date, grace_days: int = GRACE_DAYS
) -> Due:
    """A reading is missing when it was due more than the grace days ago and none came for it.

    One taken up to the grace days early counts for its due day too, except for daily ones. Several
    missed readings are one gap, which began with the first of them; one reading now closes it.
    """
    days = due_days(planned)
    upcoming = next((day for day in days if day >= today), None)
    early = timedelta(days=0 if planned.cadence is Cadence.DAILY else grace_days)
    covered = None if last_read is None else last_read + early
    past = [day for day in days if day + timedelta(days=grace_days) < today]
    missed = [day for day in past if covered is None or day > covered]
    return Due(upcoming, missed[0] if missed else None)
