"""Files of usage: those on their way, the columns kept for the next ones, and counts of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from engagements.models import Customer
from usage.models import DailyCount, FileLayout, UsageImport

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a file that is read gets on: rows a second, and the seconds still to go where that can
    be told."""

    rows_a_second: int | None
    seconds_left: int | None


def get_progress(*, row: UsageImport, now: datetime) -> Progress:
    """Of the attempt at work; nothing can be said in its first second."""
    if row.begun_at is None or row.state != UsageImport.State.READING:
        return Progress(None, None)
    seconds = (now - row.begun_at).total_seconds()
    rows = row.rows_read - row.rows_before
    if seconds < 1 or rows <= 0:
        return Progress(None, None)
    speed = rows / seconds
    share = row.percent / 100
    whole = row.rows_read / share if share > 0 else None
    left = None if whole is None else max(round((whole - row.rows_read) / speed), 0)
    return Progress(round(speed), left)


def get_import_list(*, state: str = "") -> QuerySet[UsageImport]:
    """The files brought so far, the newest first; of one state, if given."""
    rows = UsageImport.objects.select_related("created_by").order_by("-created_at", "-id")
    return rows.filter(state=state) if state in UsageImport.State.values else rows


def get_layouts() -> list[FileLayout]:
    """The columns that are kept, by name."""
    return list(FileLayout.objects.filter(forgotten_at=None))


def get_fitting_layout(*, header: Sequence[str]) -> FileLayout | None:
    """The columns kept for files with this header, the latest first."""
    kept = FileLayout.objects.filter(forgotten_at=None, header=list(header))
    return kept.order_by("-changed_at").first()


@dataclass(frozen=True, slots=True)
class CountPoint:
    """One calendar day as files counted it. `events` are those of the product as a whole where a
    file says them, else of its features together; people of several features cannot be added up,
    so `active_users` is None then. `features` are (name, active users, events)."""

    day: date
    events: int | None
    active_users: int | None
    features: tuple[tuple[str, int | None, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CountSeries:
    """What files counted of one customer, a point for each calendar day from first to last.

    Nobody is named in these, so they stand beside user-days and are never added to them.
    """

    customer_id: UUID
    points: tuple[CountPoint, ...]
    first_counted: date | None
    last_counted: date | None
    read_at: datetime | None
    is_aggregated: bool = True

    @property
    def has_any(self) -> bool:
        return self.first_counted is not None


def get_daily_counts(*, customer_id: UUID, first: date, last: date) -> CountSeries:
    """The counts of one customer's days from `first` to `last`. A day no file speaks of has None.

    Raises Customer.DoesNotExist.
    """
    customer = Customer.objects.get(pk=customer_id)
    known = DailyCount.objects.filter(customer_id=customer.pk)
    span = known.aggregate(first=Min("day"), last=Max("day"), read_at=Max("read_at"))
    rows = known.filter(day__range=(first, last)).order_by("day", "feature")
    by_day = {day: _point(day, found) for day, found in groupby(rows, key=lambda row: row.day)}
    days = [first + step * ONE_DAY for step in range((last - first).days + 1)]
    return CountSeries(
        customer_id=customer.pk,
        points=tuple(by_day.get(day, CountPoint(day, None, None)) for day in days),
        first_counted=span["first"],
        last_counted=span["last"],
        read_at=span["read_at"],
    )


def _point(day: date, rows: Iterable[DailyCount]) -> CountPoint:
    found = list(rows)
    features = tuple((row.feature, row.active_users, row.events) for row in found if row.feature)
    whole = next((row for row in found if not row.feature), None)
    if whole is None:
        return CountPoint(day, sum(events for *_name, events in features), None, features)
    return CountPoint(day, whole.events, whole.active_users, features)
