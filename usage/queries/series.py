"""Active users of customers, day by day: what page, table, CSV, API, command and measures show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, Sum

from engagements.models import Customer
from usage.activity import MAU_DAYS, stickiness
from usage.models import DailyUse, UsageState, UserDay
from usage.queries.rules import get_rules

ONE_DAY = timedelta(days=1)
# Wide of every day that can be asked for with sense, and of the ends of Python's calendar.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
LONGEST_RANGE = timedelta(days=366 * 20)


class UnusableRange(ValueError):
    """The days asked for are in the wrong order, out of reach, or more than twenty years."""


def refuse_unusable(first: date, last: date) -> None:
    """Raise `UnusableRange` unless the days can be shown."""
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise UnusableRange("The first day lies after the last, or out of reach.")
    if last - first > LONGEST_RANGE:
        raise UnusableRange("Ask for twenty years at most.")


@dataclass(frozen=True, slots=True)
class UsagePoint:
    """One calendar day. The counts are None on a day that is not closed yet.

    `mau` is over the window of the workspace's rules; the rest are of its users, or features in it:
    see `usage.models.DailyUse`.
    """

    day: date
    dau: int | None
    wau: int | None
    mau: int | None
    events: int | None
    deep: int | None = None
    habitual: int | None = None
    features_tried: int | None = None
    features_adopted: int | None = None
    adopters: int | None = None

    @property
    def is_closed(self) -> bool:
        return self.mau is not None


@dataclass(frozen=True, slots=True)
class UsageSeries:
    """Active users of one customer, a point for each calendar day, in order and without gaps.

    `ratios` are the DAU/MAU ratio (mean DAU of the window ÷ MAU), None where there was no use.
    """

    customer_id: UUID
    customer_key: str
    customer_name: str
    time_zone: str
    closed_day: date | None
    last_active_day: date | None
    points: tuple[UsagePoint, ...]
    ratios: tuple[float | None, ...]

    @property
    def last_closed(self) -> UsagePoint | None:
        """The newest closed day of the series: what a tile shows."""
        return next((point for point in reversed(self.points) if point.is_closed), None)

    @property
    def last_ratio(self) -> float | None:
        pairs = zip(reversed(self.points), reversed(self.ratios), strict=True)
        return next((ratio for point, ratio in pairs if point.is_closed), None)


@dataclass(frozen=True, slots=True)
class UsageStory:
    """What the newest closed day of a series says: its figures, and the change over 28 days.

    `change` is None where the series does not reach back that far.
    """

    day: date
    mau: int
    wau: int
    dau: int
    ratio: float | None
    before: int | None
    change: int | None
    share: float | None
    is_silent: bool

    @property
    def lost(self) -> int:
        return -(self.change or 0)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the usage report: a customer's calendar day."""

    day: date
    customer: str
    dau: int | None
    wau: int | None
    mau: int | None
    events: int | None


@dataclass(frozen=True, slots=True)
class ActivePerson:
    """An end user counted in a window: on how many days, how often, and last when."""

    end_user_id: UUID
    label: str
    active_days: int
    events: int
    last_day: date


def get_usage_series(*, customer_id: UUID, first: date, last: date) -> UsageSeries:
    """The series of one customer from `first` to `last`.

    Raises Customer.DoesNotExist and UnusableRange.
    """
    customer = Customer.objects.get(pk=customer_id)
    return _series([customer], first, last)[0]


def story_of(series: UsageSeries) -> UsageStory | None:
    """The newest closed day in figures; None when no day of the series is closed."""
    now = series.last_closed
    if now is None or now.mau is None:
        return None
    earlier = {point.day: point.mau for point in series.points}
    before = earlier.get(now.day - MAU_DAYS * ONE_DAY)
    return UsageStory(
        day=now.day,
        mau=now.mau,
        wau=now.wau or 0,
        dau=now.dau or 0,
        ratio=series.last_ratio,
        before=before,
        change=None if before is None else now.mau - before,
        share=(now.mau - before) / before if before else None,
        is_silent=now.mau == 0,
    )


def get_usage_report(
    *, first: date, last: date, customer_key: str | None = None
) -> list[ReportRow]:
    """A row for each customer and calendar day.

    Raises Customer.DoesNotExist for a wrong key, and UnusableRange.
    """
    customers = (
        list(Customer.objects.order_by("external_id"))
        if customer_key is None
        else [Customer.objects.get(external_id=customer_key)]
    )
    return [
        ReportRow(p.day, series.customer_key, p.dau, p.wau, p.mau, p.events)
        for series in _series(customers, first, last)
        for p in series.points
    ]


def _series(customers: Sequence[Customer], first: date, last: date) -> list[UsageSeries]:
    refuse_unusable(first, last)
    window = get_rules().window
    before = first - (window - 1) * ONE_DAY
    states = {state.customer_id: state for state in UsageState.objects.all()}
    closed = _closed_days(customers, states.values())
    rows: dict[UUID, dict[date, UsagePoint]] = {customer.pk: {} for customer in customers}
    found = DailyUse.objects.filter(customer_id__in=rows, day__range=(before, last))
    for row in found:
        rows[row.customer_id][row.day] = _point(row)
    days = [before + step * ONE_DAY for step in range((last - before).days + 1)]
    return [
        _one_series(
            customer,
            states.get(customer.pk),
            closed.get(customer.pk),
            [
                rows[customer.pk].get(day) or _unrecorded(day, closed.get(customer.pk))
                for day in days
            ],
            window,
        )
        for customer in customers
    ]


def _point(row: DailyUse) -> UsagePoint:
    return UsagePoint(
        row.day,
        row.dau,
        row.wau,
        row.mau,
        row.events,
        row.deep,
        row.habitual,
        row.features_tried,
        row.features_adopted,
        row.adopters,
    )


def _closed_days(customers: Sequence[Customer], states: Iterable[UsageState]) -> dict[UUID, date]:
    """How far each customer is closed; one without any use is as far as its workspace."""
    known = {state.customer_id: state.closed_day for state in states if state.closed_day}
    furthest = max(known.values(), default=None)
    if furthest is None:
        return {}
    return {customer.pk: known.get(customer.pk, furthest) for customer in customers}


def _unrecorded(day: date, closed: date | None) -> UsagePoint:
    """Before the first use, or without any, a closed day holds nobody."""
    if closed is None or day > closed:
        return UsagePoint(day, None, None, None, None)
    return UsagePoint(day, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _one_series(
    customer: Customer,
    state: UsageState | None,
    closed: date | None,
    points: list[UsagePoint],
    window: int,
) -> UsageSeries:
    shown = points[window - 1 :]
    return UsageSeries(
        customer_id=customer.pk,
        customer_key=customer.external_id,
        customer_name=customer.name,
        time_zone=customer.time_zone,
        closed_day=closed,
        last_active_day=state.last_day if state else None,
        points=tuple(shown),
        ratios=_ratios(points, shown, window),
    )


def _ratios(
    points: list[UsagePoint], shown: list[UsagePoint], window: int
) -> tuple[float | None, ...]:
    if not shown:
        return ()
    dau = np.array([point.dau or 0 for point in points])
    mau = np.array([point.mau or 0 for point in shown])
    ratios = stickiness(dau, mau, window)
    return tuple(
        None if np.isnan(ratio) or not point.is_closed else float(ratio)
        for ratio, point in zip(ratios, shown, strict=True)
    )


def get_active_people(
    *, customer_id: UUID, day: date, window: int | None = None
) -> list[ActivePerson]:
    """The very end users a window count holds, the most active first: those of MAU, unless another
    window is asked for."""
    window = window or get_rules().window
    rows = (
        UserDay.objects.filter(
            customer_id=customer_id, day__range=(day - (window - 1) * ONE_DAY, day)
        )
        .values_list("end_user_id", "end_user__name", "end_user__external_id")
        .annotate(days=Count("day"), total=Sum("events"), last=Max("day"))
        .order_by("-days", "-total", "end_user__external_id")
    )
    return [
        ActivePerson(key, name or external_id, days, total, latest)
        for key, name, external_id, days, total, latest in rows
    ]


def get_day_range(*, customer_id: UUID) -> tuple[date, date] | None:
    """First day of use and last closed day of a customer, if it has any."""
    state = UsageState.objects.filter(customer_id=customer_id).first()
    if state is None or state.closed_day is None:
        return None
    return state.first_day, state.closed_day
