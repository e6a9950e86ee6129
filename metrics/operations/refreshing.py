"""The night copies what usage computed, and what registers hold, into the measures that come from
them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from metrics.definitions import (
    ACTIVE_USERS,
    ADOPTER_SHARE,
    BEST_KEPT,
    DAILY_SHARE,
    DEEP_SHARE,
    HABIT_SHARE,
    SEATS_USED,
    WEEKLY_USERS,
)
from metrics.models import Measure
from metrics.operations.copying import Figures, copy_figures
from metrics.operations.registers import COMPUTED, copy_registers
from usage import queries as usage
from usage.queries import AdoptionDay, UsageSeries

PERCENT = 100


def _daily_shares(series: UsageSeries) -> Figures:
    pairs = zip(series.points, series.ratios, strict=True)
    return {point.day: ratio * PERCENT for point, ratio in pairs if ratio is not None}


# What of usage's closed days a measure copies; usage alone computes it.
FROM_USAGE: MappingProxyType[str, Callable[[UsageSeries], Figures]] = MappingProxyType(
    {
        ACTIVE_USERS.key: lambda series: {
            point.day: point.mau for point in series.points if point.mau is not None
        },
        WEEKLY_USERS.key: lambda series: {
            point.day: point.wau for point in series.points if point.wau is not None
        },
        DAILY_SHARE.key: _daily_shares,
    }
)
# The same of its shares, which need more than the counts.
FROM_ADOPTION: MappingProxyType[str, Callable[[AdoptionDay], float | None]] = MappingProxyType(
    {
        DEEP_SHARE.key: lambda day: day.depth,
        HABIT_SHARE.key: lambda day: day.habit,
        ADOPTER_SHARE.key: lambda day: day.adoption,
        SEATS_USED.key: lambda day: day.utilisation,
        BEST_KEPT.key: lambda day: day.sustain,
    }
)
COPIED = frozenset({*FROM_USAGE, *FROM_ADOPTION})


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: how many measures it looked at, how many readings are new or other."""

    measures: int
    readings: int


@transaction.atomic
def refresh_readings(*, business_date: date, now: datetime) -> Refreshed:
    """Copy the figures of closed days up to a date into every measure that comes from usage or
    from a register.

    Works on the workspace in scope. Safe to repeat: only readings that are new or changed are
    written, so a late event that changes a past day changes its reading too, and what stood there
    is kept.
    """
    rows = Measure.objects.filter(
        definition_key__in=COPIED | COMPUTED, engagement__archived_at=None, removed_at=None
    )
    measures = list(rows.order_by("customer_id", "id").select_for_update(of=("self",)))
    copied = copy_usage(measures, last=business_date, now=now)
    return Refreshed(len(measures), copied + copy_registers(measures, last=business_date, now=now))


def copy_usage(measures: Iterable[Measure], *, last: date | None, now: datetime) -> int:
    """Copy what is new into those of the measures that come from usage; how many readings."""
    by_customer: dict[UUID, list[Measure]] = defaultdict(list)
    for measure in measures:
        if measure.definition_key in COPIED:
            by_customer[measure.customer_id].append(measure)
    return sum(_copy(key, rows, last, now) for key, rows in by_customer.items())


def _copy(customer_id: UUID, measures: list[Measure], last: date | None, now: datetime) -> int:
    span = _closed(customer_id, last)
    if span is None:
        return 0
    figures = _figures(customer_id, {measure.definition_key for measure in measures}, *span)
    return sum(copy_figures(measure, figures[measure.definition_key], now) for measure in measures)


def _closed(customer_id: UUID, last: date | None) -> tuple[date, date] | None:
    """From the customer's first use to the last closed day; None when there is none."""
    span = usage.get_day_range(customer_id=customer_id)
    if span is None:
        return None
    first, closed = span
    end = closed if last is None else min(closed, last)
    return None if end < first else (first, end)


def _figures(customer_id: UUID, keys: set[str], first: date, last: date) -> dict[str, Figures]:
    """What usage says of each closed day, by the key of a definition."""
    found: dict[str, Figures] = {}
    if wanted := keys & FROM_USAGE.keys():
        series = usage.get_usage_series(customer_id=customer_id, first=first, last=last)
        found |= {key: FROM_USAGE[key](series) for key in wanted}
    if wanted := keys & FROM_ADOPTION.keys():
        days = usage.get_adoption_days(customer_id=customer_id, first=first, last=last)
        found |= {key: _shares(days, FROM_ADOPTION[key]) for key in wanted}
    return found


def _shares(days: Iterable[AdoptionDay], share: Callable[[AdoptionDay], float | None]) -> Figures:
    found = ((day.day, share(day)) for day in days)
    return {day: part * PERCENT for day, part in found if part is not None}
