"""The night of usage: days that are over get their active users, exactly and once.

One transaction a workspace: touches taken, user-days counted and results stored stand or fall
together. A second night at the same time waits and then finds nothing left to do.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from engagements.models import Customer
from tenancy.scope import current_tenant_id
from usage.activity import MAU_DAYS, ActiveUsers, UserDays, active_users, date_of, ordinal
from usage.adapters import binary_rows
from usage.models import DailyUse, UsageState, UserDay
from usage.operations.counting import (
    Span,
    Stretch,
    count_user_days,
    get_bounds,
    merged,
    stretches_of,
    take_touches,
    whole_history,
    yesterday,
)

ONE_DAY = timedelta(days=1)
CUSTOMERS_AT_ONCE = 200
LOCK = "SELECT pg_advisory_xact_lock(hashtext('usage.close_days'), hashtext(%s))"
READ_USER_DAYS = """
COPY (
    SELECT p.place::integer, d.end_user_id, d.day, d.events
    FROM unnest(%(customers)s::uuid[]) WITH ORDINALITY p(customer_id, place)
    CROSS JOIN LATERAL (
        SELECT u.end_user_id, u.day, u.events FROM usage_userday u
        WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = p.customer_id
            AND u.day BETWEEN %(first)s::date AND %(last)s::date
        OFFSET 0
    ) d
) TO STDOUT BINARY
"""
STORE = """
INSERT INTO usage_dailyuse (tenant_id, customer_id, day, dau, wau, mau, events)
SELECT %(tenant)s::uuid, r.* FROM unnest(%(customers)s::uuid[], %(days)s::date[], %(dau)s::int[],
    %(wau)s::int[], %(mau)s::int[], %(events)s::int[]) AS r
ON CONFLICT (tenant_id, customer_id, day) DO UPDATE
SET dau = excluded.dau, wau = excluded.wau, mau = excluded.mau, events = excluded.events
"""


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """What a night did: customers whose days changed, and how many days were stored."""

    customers: int
    days: int


@dataclass(frozen=True, slots=True)
class Work:
    """Ranges of days, as ordinals, to compute for a customer."""

    customer_id: UUID
    ranges: tuple[tuple[int, int], ...]


@transaction.atomic
def close_days(*, business_date: date, now: datetime) -> ClosedDays:
    """Close every day up to `business_date` that is over in its customer's time zone.

    Counts again whatever late events, a moved clock or an earlier interruption left stale.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(current_tenant_id())])
    zones = dict(Customer.objects.values_list("pk", "time_zone"))
    states = {state.customer_id: state for state in UsageState.objects.all()}
    spans = take_touches() + _after_moved_clocks(states, zones)
    stretches = stretches_of(spans, zones)
    count_user_days(stretches)
    before = _widen(states, zones, {stretch.customer_id for stretch in stretches}, now)
    touched = _by_customer([*stretches, *before])
    work = [
        found
        for customer_id, state in states.items()
        if (found := _work(state, touched.get(customer_id, []), business_date, now))
    ]
    days = sum(_compute(chunk) for chunk in _chunks(work))
    _store_states(states.values(), business_date, now)
    return ClosedDays(len(work), days)


def _by_customer(stretches: Iterable[Stretch]) -> dict[UUID, list[Stretch]]:
    grouped: dict[UUID, list[Stretch]] = {}
    for stretch in stretches:
        grouped.setdefault(stretch.customer_id, []).append(stretch)
    return grouped


def _after_moved_clocks(states: dict[UUID, UsageState], zones: dict[UUID, str]) -> list[Span]:
    """Forget everything about customers whose time zone changed; their history is touched."""
    moved = [key for key, state in states.items() if state.time_zone != zones[key]]
    for model in (DailyUse, UserDay, UsageState):
        model.objects.filter(customer_id__in=moved).delete()
    for key in moved:
        del states[key]
    return whole_history(moved)


def _widen(
    states: dict[UUID, UsageState], zones: dict[UUID, str], touched: set[UUID], now: datetime
) -> list[Stretch]:
    """A state for every customer touched, with the first and the newest day there is.

    Returns the days that came before anything known: they hold a row each from now on.
    """
    before: list[Stretch] = []
    for customer_id, (first, last) in get_bounds(touched).items():
        state = states.get(customer_id)
        if state is None:
            state = UsageState(customer_id=customer_id, time_zone=zones[customer_id])
            states[customer_id] = state
        elif first < state.first_day:
            before.append(Stretch(customer_id, state.time_zone, first, state.first_day - ONE_DAY))
        state.first_day, state.last_day, state.closed_at = first, last, now
    return before


def _work(
    state: UsageState, stretches: Sequence[Stretch], latest: date, now: datetime
) -> Work | None:
    """Days never closed, and those whose windows reach back to a touched one."""
    through = ordinal(_closable(state, latest, now))
    first = ordinal(state.first_day)
    begun = first if state.closed_day is None else min(ordinal(state.closed_day) + 1, through + 1)
    stale = set(range(begun, through + 1))
    for stretch in stretches:
        last = min(ordinal(stretch.last) + MAU_DAYS - 1, through)
        stale.update(range(max(ordinal(stretch.first), first), last + 1))
    return Work(state.customer_id, tuple(merged(sorted(stale)))) if stale else None


def _closable(state: UsageState, latest: date, now: datetime) -> date:
    """A day once closed stays closed, also when a night is run again for an earlier date."""
    over = yesterday(now, state.time_zone, latest)
    return over if state.closed_day is None else max(over, state.closed_day)


def _chunks(work: Sequence[Work]) -> Iterable[list[Work]]:
    """Customers with like ranges together, so that little is read that is not needed."""
    ordered = sorted(work, key=lambda one: (one.ranges[0][0], one.ranges[-1][1]))
    for start in range(0, len(ordered), CUSTOMERS_AT_ONCE):
        yield ordered[start : start + CUSTOMERS_AT_ONCE]


def _compute(chunk: Sequence[Work]) -> int:
    """Compute and store the days of some customers. Returns how many."""
    first = min(one.ranges[0][0] for one in chunk)
    last = max(one.ranges[-1][1] for one in chunk)
    customers = [str(one.customer_id) for one in chunk]
    seen, events = _read_user_days(customers, first - MAU_DAYS + 1, last)
    counts = active_users(seen, group_count=len(chunk), first=first, last=last)
    volume = np.zeros(counts.dau.shape, dtype=np.int64)
    inside = seen.days >= first
    np.add.at(volume, (seen.groups[inside], seen.days[inside] - first), events[inside])
    wanted = np.zeros(counts.dau.shape, dtype=bool)
    for place, one in enumerate(chunk):
        for begin, end in one.ranges:
            wanted[place, begin - first : end - first + 1] = True
    return _store(customers, counts, volume, wanted)


def _read_user_days(
    customers: Sequence[str], first: int, last: int
) -> tuple[UserDays, npt.NDArray[np.int64]]:
    values = {
        "tenant": str(current_tenant_id()),
        "customers": list(customers),
        "first": date_of(first),
        "last": date_of(last),
    }
    stream = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(READ_USER_DAYS, values)
        cursor.copy_expert(statement, stream)
    places, users, days, events = binary_rows.decode(
        stream.getvalue(), (">i4", "V16", ">i4", ">i4")
    )
    seen = UserDays(
        groups=places.astype(np.int64) - 1,
        users=binary_rows.numbered(users),
        days=days.astype(np.int64) + binary_rows.PG_EPOCH_DAYS,
    )
    return seen, events.astype(np.int64)


def _store(
    customers: Sequence[str],
    counts: ActiveUsers,
    volume: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
) -> int:
    places, offsets = np.nonzero(wanted)
    values = {
        "tenant": str(current_tenant_id()),
        "customers": [customers[place] for place in places.tolist()],
        "days": [date_of(day) for day in (offsets + counts.first_day).tolist()],
        "dau": counts.dau[wanted].tolist(),
        "wau": counts.wau[wanted].tolist(),
        "mau": counts.mau[wanted].tolist(),
        "events": volume[wanted].tolist(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
    return len(places)


def _store_states(states: Iterable[UsageState], latest: date, now: datetime) -> None:
    rows = list(states)
    for state in rows:
        through = _closable(state, latest, now)
        state.closed_day = through if through >= state.first_day else state.closed_day
        state.closed_at = now
    UsageState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "customer"],
        update_fields=["time_zone", "first_day", "last_day", "closed_day", "closed_at"],
    )
