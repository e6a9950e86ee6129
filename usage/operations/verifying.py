"""Stored numbers held against the events they were made of, without changing anything.

User-days are counted event by event and days computed by the definitions that name their users, not
by what the night runs. What waits for the next night is left out and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from usage.activity import date_of, ordinal
from usage.models import (
    DailyUse,
    DroppedEvents,
    Event,
    Exclusion,
    FeatureUserDay,
    Touch,
    UsageState,
    UserDay,
    UserSpan,
)
from usage.numbers import DEFINITION_VERSION
from usage.numbers.clocks import Clock
from usage.numbers.daily import day_of
from usage.numbers.rules import Rules
from usage.numbers.use import FeatureUse
from usage.operations.closing import begin_night
from usage.operations.computing import COUNTED
from usage.operations.counting import first_whole_day
from usage.queries.exclusions import get_excluded
from usage.queries.rules import get_rules_by_version

EVENTS_AT_ONCE = 20_000
Key = tuple[Any, ...]
Uses = dict[tuple[UUID, int, str], int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the events say; None for one that is missing, or too many."""

    table: str
    key: Key
    stored: object
    wanted: object


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared of some customers, and what differs. `waiting` days are not counted yet."""

    rows: int = 0
    waiting: int = 0
    differences: tuple[Difference, ...] = ()

    def __add__(self, other: Verification) -> Verification:
        return Verification(
            self.rows + other.rows,
            self.waiting + other.waiting,
            self.differences + other.differences,
        )


@dataclass
class _Customer:
    """One customer's rows, stored and wanted, by table."""

    key: UUID
    state: UsageState | None
    clock: Clock
    stored: dict[str, dict[Key, Any]] = field(default_factory=dict)
    wanted: dict[str, dict[Key, Any]] = field(default_factory=dict)


@transaction.atomic
def verify_days(*, customer_ids: Sequence[UUID]) -> Verification:
    """Compare every table of the night for these customers. Nights wait meanwhile, senders do not."""
    night, rules = begin_night(customer_ids), get_rules_by_version()
    out = {user for _customer, user in get_excluded(exclusions=Exclusion.objects.all())}
    found = Verification()
    for key in customer_ids:
        customer = _Customer(key, night.states.get(key), night.clocks[key])
        _read_stored(customer)
        _work_out(customer, out, rules)
        # Read last: whatever came meanwhile has left its touch by now.
        found += _compared(customer, _waiting_days(customer))
    return found


def _read_stored(customer: _Customer) -> None:
    own = {"customer_id": customer.key}
    days = UserDay.objects.filter(**own).values_list("end_user_id", "day", "events")
    features = FeatureUserDay.objects.filter(**own)
    spans = UserSpan.objects.filter(**own).values_list("end_user_id", "first_day", "last_day")
    closed = DailyUse.objects.filter(**own).values_list("day", *COUNTED)
    customer.stored = {
        "user-day": {(user, day): events for user, day, events in days},
        "feature": {
            (user, day, feature): events
            for user, day, feature, events in features.values_list(
                "end_user_id", "day", "feature", "events"
            )
        },
        "span": {(user,): (first, last) for user, first, last in spans},
        "closed day": {(day,): tuple(numbers) for day, *numbers in closed},
    }


def _work_out(customer: _Customer, out: set[UUID], rules: dict[int, Rules]) -> None:
    uses = _uses(customer, out)
    days: Counter[Key] = Counter()
    for (user, day, _feature), events in uses.items():
        days[user, date_of(day)] += events
    seen: dict[Key, list[date]] = {}
    for user, day in days:
        seen.setdefault((user,), []).append(day)
    customer.wanted = {
        "user-day": dict(days),
        "feature": {(user, date_of(day), name): n for (user, day, name), n in uses.items()},
        "span": {key: (min(own), max(own)) for key, own in seen.items()},
        "closed day": _closed_days(customer, uses, rules),
    }


def _uses(customer: _Customer, out: set[UUID]) -> Uses:
    """(user, day, feature) with how often: from events, or as stored where they were dropped."""
    dropped = DroppedEvents.objects.first()
    whole = first_whole_day(customer.clock, dropped.before_at) if dropped else None
    uses: Counter[tuple[UUID, int, str]] = Counter()
    for (user, day, name), events in customer.stored["feature"].items():
        if whole is not None and ordinal(day) < whole:
            uses[user, ordinal(day), name] = events
    rows = Event.objects.filter(customer_id=customer.key).order_by()
    columns = ("end_user_id", "occurred_at", "feature", "name")
    for user, moment, feature, name in rows.values_list(*columns).iterator(EVENTS_AT_ONCE):
        day = customer.clock.day_of(moment)
        if user not in out and (whole is None or day >= whole):
            uses[user, day, feature or name] += 1
    return dict(uses)


def _closed_days(customer: _Customer, uses: Uses, rules: dict[int, Rules]) -> dict[Key, Any]:
    state = customer.state
    if state is None or state.closed_day is None:
        return {}
    users = {user: place for place, user in enumerate(sorted({user for user, _d, _f in uses}))}
    names = {name: place for place, name in enumerate(sorted({name for _u, _d, name in uses}))}
    use = FeatureUse.of(
        [users[user] for user, _day, _name in uses],
        [names[name] for _user, _day, name in uses],
        [day for _user, day, _name in uses],
        uses.values(),
    )
    own = rules[state.rules_version]
    first = min((day for _user, day, _name in uses), default=ordinal(state.first_day))
    found: dict[Key, Any] = {}
    for day in range(first, ordinal(state.closed_day) + 1):
        near = use.between(day - own.reach + 1, day)
        numbers = day_of(near, own, day)
        found[date_of(day),] = tuple(numbers[name] for name in COUNTED)
    return found


def _waiting_days(customer: _Customer) -> set[date]:
    """Days that something touched since they were counted."""
    state = customer.state
    if state is not None and state.definition_version != DEFINITION_VERSION:
        first, last = ordinal(state.first_day), ordinal(state.last_day)
        return {date_of(day) for day in range(first, last + 1)}
    touches = Touch.objects.filter(customers__contains=[customer.key])
    return {
        date_of(day)
        for first, last in touches.values_list("first_at", "last_at")
        for day in customer.clock.days_between(first, last)
    }


def _compared(customer: _Customer, waiting: set[date]) -> Verification:
    rows, differences = 0, []
    for table, wanted in customer.wanted.items():
        stored = customer.stored[table]
        for key in sorted({*stored, *wanted}, key=str):
            if _waits(table, key, waiting, customer):
                continue
            rows += 1
            if stored.get(key) != wanted.get(key):
                differences.append(
                    Difference(table, (customer.key, *key), stored.get(key), wanted.get(key))
                )
    return Verification(rows, len(waiting), tuple(differences))


def _waits(table: str, key: Key, waiting: set[date], customer: _Customer) -> bool:
    """Whether the next night may change the row."""
    if not waiting:
        return False
    if table == "span":
        return True
    if table == "closed day":
        return bool(key[0] >= min(waiting))
    return key[1] in waiting
