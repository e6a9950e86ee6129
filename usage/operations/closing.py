"""The night of usage: days that are over get their numbers, exactly and once.

One transaction a workspace: touches taken, user-days counted and results stored stand or fall
together. A second night at the same time waits and then finds nothing left to do. Senders are never
waited for nor made to wait: they write events and touches, which the night reads and takes away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from usage.activity import date_of, ordinal
from usage.models import DailyUse, UsageState
from usage.numbers import DEFINITION_VERSION
from usage.numbers.clocks import Clock
from usage.numbers.rules import Rules
from usage.operations.clocks import get_clocks, get_states, move_clocks
from usage.operations.computing import Work, compute_days
from usage.operations.counting import (
    Stretch,
    count_user_days,
    get_bounds,
    merged,
    stretches_of,
    take_touches,
    whole_history,
    yesterday,
)
from usage.operations.holding import hold_night
from usage.queries.rules import get_rules

STATE_FIELDS = (
    *("time_zone", "first_day", "last_day", "closed_day", "closed_at"),
    *("rules_version", "definition_version"),
)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """What a night did: customers whose days changed, and how many days were stored."""

    customers: int
    days: int


@dataclass(frozen=True, slots=True)
class Night:
    """How far every customer's days are counted, and by which clock."""

    states: dict[UUID, UsageState]
    clocks: dict[UUID, Clock]


@transaction.atomic
def close_days(*, business_date: date, now: datetime) -> ClosedDays:
    """Close every day up to `business_date` that is over by its customer's clock.

    Counts again whatever late events, a moved clock, other rules or an earlier interruption left
    stale.
    """
    night = begin_night()
    opened = move_clocks(night.states, night.clocks)
    outdated = [
        key for key, state in night.states.items() if state.definition_version != DEFINITION_VERSION
    ]
    spans = take_touches() + whole_history(outdated)
    stretches = _united([*opened, *stretches_of(spans, night.clocks)])
    return count_and_compute(
        night, stretches, lambda clock: yesterday(now, clock, business_date), now
    )


def begin_night(customer_ids: Collection[UUID] | None = None) -> Night:
    """How everything stands, or these customers alone. No other night of the workspace changes it
    until this one ends."""
    hold_night()
    states = get_states(customer_ids)
    return Night(states, get_clocks(states, customer_ids))


def count_and_compute(
    night: Night, stretches: Sequence[Stretch], over: Callable[[Clock], date], now: datetime
) -> ClosedDays:
    """Count these days from the events, and compute every closed day they reach.

    `over` tells the last day to close by a clock; a day once closed stays closed.
    """
    rules = get_rules()
    count_user_days(stretches, night.clocks)
    before = _widen(night, {stretch.customer_id for stretch in stretches})
    touched = _by_customer([*stretches, *before])
    upserted, work = [], []
    for key, state in night.states.items():
        through = _through(state, over(night.clocks[key]))
        is_stale = _is_outdated(state, rules)
        if found := _work(state, touched.get(key, []), through, rules):
            work.append(found)
        if through >= ordinal(state.first_day):
            state.closed_day = date_of(through)
        state.rules_version, state.definition_version = rules.version, DEFINITION_VERSION
        if is_stale or key in touched:
            upserted.append(state)
    days = compute_days(work, rules)
    _store_states(night.states.values(), upserted, now)
    return ClosedDays(len(work), days)


def _is_outdated(state: UsageState, rules: Rules) -> bool:
    versions = state.rules_version, state.definition_version
    return versions != (rules.version, DEFINITION_VERSION)


def _united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days, each in one stretch."""
    days: dict[UUID, set[int]] = defaultdict(set)
    for stretch in stretches:
        days[stretch.customer_id].update(range(stretch.first, stretch.last + 1))
    return [
        Stretch(key, first, last)
        for key, known in sorted(days.items())
        for first, last in merged(sorted(known))
    ]


def _by_customer(stretches: Iterable[Stretch]) -> dict[UUID, list[Stretch]]:
    grouped: dict[UUID, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        grouped[stretch.customer_id].append(stretch)
    return grouped


def _widen(night: Night, touched: set[UUID]) -> list[Stretch]:
    """A state for every customer touched, with the first and the newest day there is. One nothing is
    left of keeps its days, which then hold nobody.

    Returns the days that came before anything known: they hold a row each from now on.
    """
    before = []
    for key, (first, last) in get_bounds(touched).items():
        state = night.states.get(key)
        if state is None:
            zone = night.clocks[key].zone
            state = night.states[key] = UsageState(customer_id=key, time_zone=zone)
        elif first < state.first_day:
            before.append(Stretch(key, ordinal(first), ordinal(state.first_day) - 1))
        elif first > state.first_day:
            DailyUse.objects.filter(customer_id=key, day__lt=first).delete()
        state.first_day, state.last_day = first, last
    return before


def _work(
    state: UsageState, stretches: Iterable[Stretch], through: int, rules: Rules
) -> Work | None:
    """Days never closed, those of other rules, and those whose windows reach back to a touched
    one."""
    first = ordinal(state.first_day)
    closed = None if _is_outdated(state, rules) else state.closed_day
    begun = first if closed is None else min(ordinal(closed) + 1, through + 1)
    stale = set(range(max(begun, first), through + 1))
    for stretch in stretches:
        last = min(stretch.last + rules.reach - 1, through)
        stale.update(range(max(stretch.first, first), last + 1))
    return Work(state.customer_id, tuple(merged(sorted(stale)))) if stale else None


def _through(state: UsageState, over: date) -> int:
    """A day once closed stays closed, also when a night is run again for an earlier date."""
    return ordinal(over if state.closed_day is None else max(over, state.closed_day))


def _store_states(states: Iterable[UsageState], changed: list[UsageState], now: datetime) -> None:
    """Those that changed as they are; of the others only how far they are closed."""
    for state in changed:
        state.closed_at = now
    UsageState.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["tenant", "customer"],
        update_fields=STATE_FIELDS,
    )
    closed: dict[date | None, list[UUID]] = defaultdict(list)
    kept = {state.pk for state in changed}
    for state in states:
        if state.pk not in kept:
            closed[state.closed_day].append(state.pk)
    for day, keys in closed.items():
        UsageState.objects.filter(pk__in=keys).update(closed_day=day, closed_at=now)
