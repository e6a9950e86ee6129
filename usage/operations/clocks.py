"""The clocks of customers as the night keeps them: a moved zone holds for days not closed yet.

The past keeps the zone it was counted in. Whoever moves a zone changes the customer alone; the next
night sees it, and notes up to which day the zone before it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from engagements.models import Customer
from usage.activity import date_of, ordinal
from usage.models import PastClock, UsageState
from usage.numbers.clocks import Clock
from usage.operations.counting import Stretch, events_since


def get_states(customer_ids: Collection[UUID] | None = None) -> dict[UUID, UsageState]:
    """How far each customer with use, or each of these, is counted."""
    rows = UsageState.objects.all()
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=customer_ids)
    return {state.customer_id: state for state in rows}


def get_clocks(
    states: Mapping[UUID, UsageState], customer_ids: Collection[UUID] | None = None
) -> dict[UUID, Clock]:
    """The clock of every customer, or of these, as its days were counted so far."""
    customers, moves = Customer.objects.all(), PastClock.objects.all()
    if customer_ids is not None:
        customers = customers.filter(pk__in=customer_ids)
        moves = moves.filter(customer_id__in=customer_ids)
    past: dict[UUID, list[tuple[int, int, str]]] = defaultdict(list)
    for row in moves:
        spell = (ordinal(row.until_day), int(row.until_at.timestamp()), row.time_zone)
        past[row.customer_id].append(spell)
    zones = dict(customers.values_list("pk", "time_zone"))
    zones |= {key: state.time_zone for key, state in states.items()}
    return {key: Clock.of(zone, past[key]) for key, zone in zones.items()}


def move_clocks(states: Mapping[UUID, UsageState], clocks: dict[UUID, Clock]) -> list[Stretch]:
    """Put clocks right whose customer has another zone by now.

    Returns the days after the last closed one, which have to be counted by the new clock.
    """
    zones = dict(Customer.objects.values_list("pk", "time_zone"))
    moved = {key: s for key, s in states.items() if s.time_zone != zones[key]}
    opened: dict[UUID, int] = {}
    for key, state in moved.items():
        state.time_zone = zones[key]
        if state.closed_day is None:
            clocks[key] = Clock.of(zones[key], clocks[key].past())
            opened[key] = ordinal(state.first_day) - 1
        else:
            clocks[key] = clocks[key].moved(zones[key], ordinal(state.closed_day))
            opened[key] = clocks[key].spells[-1].first
    _store({key: clocks[key] for key in moved})
    return _newer(opened, states, clocks)


def _newer(
    opened: Mapping[UUID, int], states: Mapping[UUID, UsageState], clocks: Mapping[UUID, Clock]
) -> list[Stretch]:
    """From the first open day to the last with an event by either clock."""
    begins = {
        key: datetime.fromtimestamp(clocks[key].start_of(day), UTC) for key, day in opened.items()
    }
    ends = {span.customer_id: span.last_at for span in events_since(begins)}
    found = []
    for key, day in opened.items():
        known = ordinal(states[key].last_day)
        last = max(known, clocks[key].day_of(ends[key]) if key in ends else known)
        if day <= last:
            found.append(Stretch(key, day, last))
    return found


def _store(clocks: Mapping[UUID, Clock]) -> None:
    PastClock.objects.filter(customer_id__in=list(clocks)).delete()
    PastClock.objects.bulk_create(_rows(clocks.items()))


def _rows(clocks: Iterable[tuple[UUID, Clock]]) -> list[PastClock]:
    return [
        PastClock(
            customer_id=key,
            until_day=date_of(day),
            until_at=datetime.fromtimestamp(moment, UTC),
            time_zone=zone,
        )
        for key, clock in clocks
        for day, moment, zone in clock.past()
    ]
