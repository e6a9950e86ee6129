"""How the software is used at every customer of a workspace: one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from engagements.models import Customer
from engagements.queries import get_seats
from usage.activity import MAU_DAYS
from usage.models import DailyUse, UsageState
from usage.numbers.shares import FEWEST_USERS
from usage.numbers.sustain import TRAILING_DAYS, Alarm
from usage.queries.rules import get_rules

MONTH, HALF_YEAR = timedelta(days=MAU_DAYS), timedelta(days=TRAILING_DAYS)
SORTS = ("mau", "name", "change", "sustain", "used", "habit", "wau", "dau", "last")
SILENT_DAYS = 14
Closed = Mapping[date, list[UUID]]


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A customer on its newest closed day. Counts are None while no day is closed; `peak` is the
    most of any day in 26 weeks, `seats` are those of the day."""

    customer_id: UUID
    key: str
    name: str
    closed_day: date | None = None
    last_active_day: date | None = None
    dau: int | None = None
    wau: int | None = None
    mau: int | None = None
    before: int | None = None
    peak: int | None = None
    peak_day: date | None = None
    habitual: int | None = None
    seats: int | None = None
    is_alarming: bool = False

    @property
    def change(self) -> int | None:
        return None if self.mau is None or self.before is None else self.mau - self.before

    @property
    def sustain(self) -> float | None:
        """Now ÷ the peak of 26 weeks; None where too few came for a share."""
        return _share(self.mau, self.peak)

    @property
    def used(self) -> float | None:
        """Active users ÷ seats."""
        return _share(self.mau, self.seats)

    @property
    def habit(self) -> float | None:
        """Those for whom it is a habit ÷ active users."""
        return _share(self.habitual, self.mau)

    @property
    def silent_days(self) -> int | None:
        """Closed days since the last event."""
        if self.closed_day is None or self.last_active_day is None:
            return None
        return max((self.closed_day - self.last_active_day).days, 0)

    @property
    def is_silent(self) -> bool:
        return (self.silent_days or 0) >= SILENT_DAYS


@dataclass(frozen=True, slots=True)
class WorkspaceUse:
    """Every current customer, sorted; `unseen` are those nothing was ever received of."""

    rows: tuple[HealthRow, ...]
    window: int
    fall: float

    @property
    def seen(self) -> int:
        return sum(row.closed_day is not None for row in self.rows)

    @property
    def unseen(self) -> int:
        return len(self.rows) - self.seen

    @property
    def people(self) -> int:
        return sum(row.mau or 0 for row in self.rows)

    @property
    def falling(self) -> int:
        return sum(row.is_alarming for row in self.rows)

    @property
    def silent(self) -> int:
        return sum(row.is_silent for row in self.rows)


def get_workspace_use(*, today: date, sort: str = "-mau", only: str = "") -> WorkspaceUse:
    """`only` is "falling", "silent", "seen", "unseen" or nothing."""
    rules = get_rules()
    states = {state.customer_id: state for state in UsageState.objects.exclude(closed_day=None)}
    closed = _together(states.values())
    days, peaks, seats = _days(closed), _peaks(closed), get_seats(on=today)
    rows = [
        _row(customer, states.get(customer.pk), days, peaks, seats.get(customer.pk), rules.alarm)
        for customer in Customer.objects.current().only("pk", "external_id", "name")
    ]
    chosen = [row for row in rows if _is_one(row, only)]
    return WorkspaceUse(tuple(_sorted(chosen, sort)), rules.window, rules.alarm.fall)


def _together(states: Iterable[UsageState]) -> Closed:
    """Customers by how far they are closed: a few days at most, as zones lie apart."""
    found: dict[date, list[UUID]] = {}
    for state in states:
        if state.closed_day is not None:
            found.setdefault(state.closed_day, []).append(state.customer_id)
    return found


def _days(closed: Closed) -> dict[tuple[UUID, date], DailyUse]:
    """Each customer's newest closed day, and the day four weeks before it."""
    wanted = Q(customer_id__in=[])
    for day, customers in closed.items():
        wanted |= Q(customer_id__in=customers, day__in=(day, day - MONTH))
    return {(row.customer_id, row.day): row for row in DailyUse.objects.filter(wanted).order_by()}


def _peaks(closed: Closed) -> dict[UUID, tuple[int, date]]:
    """The most active users of any day in the 26 weeks to the newest closed one, and the latest day
    there were so many."""
    wanted = Q(customer_id__in=[])
    for day, customers in closed.items():
        wanted |= Q(customer_id__in=customers, day__gt=day - HALF_YEAR, day__lte=day)
    rows = DailyUse.objects.filter(wanted).order_by("customer_id", "-mau", "-day")
    highest = rows.distinct("customer_id").values_list("customer_id", "mau", "day")
    return {key: (users, day) for key, users, day in highest}


def _row(
    customer: Customer,
    state: UsageState | None,
    days: Mapping[tuple[UUID, date], DailyUse],
    peaks: Mapping[UUID, tuple[int, date]],
    seats: int | None,
    alarm: Alarm,
) -> HealthRow:
    if state is None or state.closed_day is None:
        return HealthRow(customer.pk, customer.external_id, customer.name, seats=seats)
    now = days.get((customer.pk, state.closed_day))
    before = days.get((customer.pk, state.closed_day - MONTH))
    then, present = before.mau if before else 0, now.mau if now else 0
    peak, peak_day = peaks.get(customer.pk, (0, state.closed_day))
    return HealthRow(
        customer_id=customer.pk,
        key=customer.external_id,
        name=customer.name,
        closed_day=state.closed_day,
        last_active_day=state.last_day,
        dau=now.dau if now else 0,
        wau=now.wau if now else 0,
        mau=present,
        before=before.mau if before else None,
        peak=peak,
        peak_day=peak_day,
        habitual=now.habitual if now else 0,
        seats=seats,
        is_alarming=_is_alarming(then, present, alarm),
    )


def _is_alarming(then: int, now: int, alarm: Alarm) -> bool:
    """As `numbers.sustain` decides it, of the stored counts."""
    fell = then - now
    return then >= max(alarm.least, 1) and fell > 0 and fell / then >= alarm.fall


def _share(part: int | None, whole: int | None) -> float | None:
    if part is None or whole is None or whole < FEWEST_USERS:
        return None
    return part / whole


def _is_one(row: HealthRow, only: str) -> bool:
    kinds = {
        "falling": row.is_alarming,
        "silent": row.is_silent,
        "unseen": row.closed_day is None,
        "seen": row.closed_day is not None,
    }
    return kinds.get(only, True)


def _sorted(rows: Iterable[HealthRow], sort: str) -> list[HealthRow]:
    """By name, then as asked; whoever lacks the figure comes last either way."""
    name = sort.lstrip("-")
    ordered = sorted(rows, key=lambda row: row.name.casefold())
    if name not in SORTS or name == "name":
        return ordered[::-1] if sort == "-name" else ordered
    field = "last_active_day" if name == "last" else name
    have = [row for row in ordered if getattr(row, field) is not None]
    lack = [row for row in ordered if getattr(row, field) is None]
    have.sort(key=lambda row: getattr(row, field), reverse=sort.startswith("-"))
    return have + lack
