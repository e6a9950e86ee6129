"""How adoption grew under each CSM, since they took customers over or since a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engagements.queries import Assignment, get_assignments
from metrics.growth import Account, Growth, LeftOut, growth
from usage.queries import AdoptionDay, ClosedDays, get_adoption_on, get_every_closed_days

POINTS = 100
Days = Mapping[tuple[UUID, date], AdoptionDay]


@dataclass(frozen=True, slots=True)
class GrownCustomer:
    """A customer with its adoption on the day it is counted from, and on its newest closed day."""

    customer_id: UUID
    name: str
    since: date
    until: date | None
    account: Account

    @property
    def difference(self) -> float | None:
        """In points of one; None for one that does not count."""
        if self.left_out is not None or self.account.now is None or self.account.then is None:
            return None
        return self.account.now - self.account.then

    @property
    def points(self) -> float | None:
        return None if self.difference is None else self.difference * POINTS

    @property
    def left_out(self) -> LeftOut | None:
        return self.account.left_out


@dataclass(frozen=True, slots=True)
class GrowthLine:
    """One CSM with their customers, by name, and the change over all of them."""

    csm_id: UUID
    csm_name: str
    growth: Growth
    customers: tuple[GrownCustomer, ...]

    @property
    def points(self) -> float | None:
        return None if self.growth.difference is None else self.growth.difference * POINTS

    @property
    def coverage(self) -> float:
        """The share of their customers that counts."""
        return len(self.growth.counted) / len(self.customers)


@dataclass(frozen=True, slots=True)
class GrowthView:
    """CSMs by name: it is no ranking."""

    since: date
    as_of: date | None
    lines: tuple[GrowthLine, ...]


def get_growth(*, since: date, csm_id: UUID | None = None) -> GrowthView:
    """Of everybody who looks after customers, or of one of them.

    A customer counts from the day it was taken over, at the earliest from `since`. Adoption is the
    active users' share of the seats of the day.
    """
    mine = [one for one in get_assignments() if csm_id in (None, one.csm_id)]
    known = get_every_closed_days()
    closed = {key: known[key] for key in (one.customer_id for one in mine) if key in known}
    days = get_adoption_on(days=set(_asked(mine, closed, since)))
    by_csm: dict[UUID, list[Assignment]] = {}
    for one in sorted(mine, key=lambda one: one.csm_name.casefold()):
        by_csm.setdefault(one.csm_id, []).append(one)
    return GrowthView(
        since=since,
        as_of=max((each.last for each in closed.values()), default=None),
        lines=tuple(_line(rows, closed, days, since) for rows in by_csm.values()),
    )


def _begin(one: Assignment, since: date) -> date:
    return max(since, one.since or since)


def _asked(
    rows: Iterable[Assignment], closed: Mapping[UUID, ClosedDays], since: date
) -> Iterable[tuple[UUID, date]]:
    for one in rows:
        if one.customer_id in closed:
            yield one.customer_id, _begin(one, since)
            yield one.customer_id, closed[one.customer_id].last


def _line(
    rows: list[Assignment], closed: Mapping[UUID, ClosedDays], days: Days, since: date
) -> GrowthLine:
    customers = tuple(_customer(one, closed.get(one.customer_id), days, since) for one in rows)
    found = growth([one.account for one in customers])
    return GrowthLine(rows[0].csm_id, rows[0].csm_name, found, customers)


def _customer(one: Assignment, closed: ClosedDays | None, days: Days, since: date) -> GrownCustomer:
    begin, last = _begin(one, since), closed.last if closed else None
    then = days.get((one.customer_id, begin))
    now = days.get((one.customer_id, last)) if last else None
    account = Account(
        key=str(one.customer_id),
        seats=float(then.seats or 0) if then else 0.0,
        then=_adoption(then),
        now=_adoption(now),
        then_version=_version(then),
        now_version=_version(now),
    )
    return GrownCustomer(one.customer_id, one.customer_name, begin, last, account)


def _adoption(day: AdoptionDay | None) -> float | None:
    """Without seats there is no share, and a share of nothing is told as one without seats."""
    if day is None:
        return None
    return day.utilisation if day.seats else 0.0


def _version(day: AdoptionDay | None) -> tuple[int, ...]:
    return (day.rules_version, day.definition_version) if day else ()
