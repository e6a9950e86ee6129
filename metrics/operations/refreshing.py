"""The night copies what usage computed, and what registers hold, into the measures that come from
them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from engagements.models import Engagement
from metrics.definitions import of_use as catalogue
from metrics.models import Measure, Reading
from metrics.operations.copying import Figures, copy_figures
from metrics.operations.registers import COMPUTED, copy_registers
from usage import queries as usage
from usage.queries import AdoptionDay, Figure, UsagePoint, UsageSeries

PERCENT = 100
# Figures of people are asked for day by day, so the night looks at the newest days alone: those a
# late event usually reaches. A new measure begins with the ends of the weeks behind it.
LATE_DAYS = 7
WEEKS_BEHIND = 12


def _of_points(amount: Callable[[UsagePoint], int | None]) -> Callable[[UsageSeries], Figures]:
    def of(series: UsageSeries) -> Figures:
        found = ((point.day, amount(point)) for point in series.points)
        return {day: number for day, number in found if number is not None}

    return of


def _daily_shares(series: UsageSeries) -> Figures:
    pairs = zip(series.points, series.ratios, strict=True)
    return {point.day: ratio * PERCENT for point, ratio in pairs if ratio is not None}


def _count(figure: Figure) -> float | None:
    return figure.count


def _plain(figure: Figure) -> float | None:
    return figure.value


def _percent(figure: Figure) -> float | None:
    return None if figure.value is None else figure.value * PERCENT


# What of usage's closed days a measure copies; usage alone computes it.
FROM_USAGE: MappingProxyType[str, Callable[[UsageSeries], Figures]] = MappingProxyType(
    {
        catalogue.ACTIVE_USERS.key: _of_points(lambda point: point.mau),
        catalogue.WEEKLY_USERS.key: _of_points(lambda point: point.wau),
        catalogue.DAILY_USERS.key: _of_points(lambda point: point.dau),
        catalogue.EVENTS.key: _of_points(lambda point: point.events),
        catalogue.FEATURES_TRIED.key: _of_points(lambda point: point.features_tried),
        catalogue.FEATURES_ADOPTED.key: _of_points(lambda point: point.features_adopted),
        catalogue.DAILY_SHARE.key: _daily_shares,
    }
)
# The same of its shares, which need more than the counts.
FROM_ADOPTION: MappingProxyType[str, Callable[[AdoptionDay], float | None]] = MappingProxyType(
    {
        catalogue.DEEP_SHARE.key: lambda day: day.depth,
        catalogue.HABIT_SHARE.key: lambda day: day.habit,
        catalogue.ADOPTER_SHARE.key: lambda day: day.adoption,
        catalogue.SEATS_USED.key: lambda day: day.utilisation,
        catalogue.SEATS_GIVEN.key: lambda day: day.deployed,
        catalogue.BEST_KEPT.key: lambda day: day.sustain,
    }
)
# And of what it says of an engagement's people, whose roster, groups and first value differ: the
# name of the figure, and what of it is the amount.
FROM_FIGURES: MappingProxyType[str, tuple[str, Callable[[Figure], float | None]]] = (
    MappingProxyType(
        {
            catalogue.BREADTH.key: ("breadth", _percent),
            catalogue.ACTIVATED_SHARE.key: ("activated", _percent),
            catalogue.DAYS_TO_VALUE.key: ("median_days_to_value", _plain),
            catalogue.SLOWEST_TO_VALUE.key: ("p90_days_to_value", _plain),
            catalogue.WAITING_FOR_VALUE.key: ("waiting_for_value", _count),
            catalogue.RETAINED_SHARE.key: ("retained_in_week_4", _percent),
            catalogue.FREQUENCY.key: ("median_frequency", _percent),
            catalogue.DEEP_OF_ALL.key: ("deep", _percent),
            catalogue.HABIT_OF_SETTLED.key: ("habit", _percent),
            catalogue.IDLE.key: ("idle", _count),
            catalogue.WITHOUT_ACCESS.key: ("active_without_access", _count),
            catalogue.STOPPED.key: ("stopped_in_4_weeks", _count),
            catalogue.CAME.key: ("new_or_back_in_4_weeks", _count),
        }
    )
)
COPIED = frozenset({*FROM_USAGE, *FROM_ADOPTION, *FROM_FIGURES})


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
    rows = rows.select_related("engagement__customer").order_by("customer_id", "id")
    measures = list(rows.select_for_update(of=("self",)))
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
    copied = 0
    for engagement, rows in _by_engagement(measures):
        days = _week_ends(*span) if last is None else _newest_days(rows, *span)
        found = usage.get_figure_days(engagement=engagement, days=days)
        for row in rows:
            copied += copy_figures(row, _amounts(found, row.definition_key), now)
    plain = (measure for measure in measures if measure.definition_key in figures)
    return copied + sum(copy_figures(row, figures[row.definition_key], now) for row in plain)


def _by_engagement(measures: Iterable[Measure]) -> Iterable[tuple[Engagement, list[Measure]]]:
    """Those that read what is said of an engagement's people."""
    found: dict[UUID, list[Measure]] = defaultdict(list)
    for measure in measures:
        if measure.definition_key in FROM_FIGURES:
            found[measure.engagement_id].append(measure)
    return ((rows[0].engagement, rows) for rows in found.values())


def _week_ends(first: date, last: date) -> list[date]:
    days = (last - timedelta(weeks=back) for back in range(WEEKS_BEHIND))
    return [day for day in days if day >= first]


def _newest_days(measures: Sequence[Measure], first: date, last: date) -> list[date]:
    """The days a late event usually reaches, and those since the newest reading."""
    read = Reading.objects.filter(measure__in=measures).order_by("-day").first()
    behind = (last - read.day).days if read else 0
    back = min(max(LATE_DAYS, behind), WEEKS_BEHIND * 7)
    days = (last - timedelta(days=number) for number in range(back))
    return [day for day in days if day >= first]


def _amounts(found: Mapping[date, usage.Figures], key: str) -> Figures:
    name, amount_of = FROM_FIGURES[key]
    figures = ((day, said) for day, each in found.items() for said in each.figures)
    amounts = ((day, amount_of(said)) for day, said in figures if said.name == name)
    return {day: amount for day, amount in amounts if amount is not None}


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
