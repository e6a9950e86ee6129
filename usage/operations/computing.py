"""Closed days computed from user-days and stored: the numbers every page and measure reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import Ints, date_of
from usage.numbers import DEFINITION_VERSION
from usage.numbers.daily import Daily, daily
from usage.numbers.rules import Rules
from usage.operations.gathering import gather, seen_in
from usage.operations.turns import quick_turns

# How much is held in memory at once: customers, and days of a stretch.
CUSTOMERS_AT_ONCE = 50
DAYS_AT_ONCE = 91
COUNTED = (
    *("dau", "wau", "mau", "events", "deep", "habitual"),
    *("features_tried", "features_adopted", "adopters"),
)
STORE = f"""
INSERT INTO usage_dailyuse
    (tenant_id, customer_id, day, {", ".join(COUNTED)}, rules_version, definition_version)
SELECT %(tenant)s::uuid, r.*, %(rules)s, %(definition)s
FROM unnest(%(customers)s::uuid[], %(days)s::date[],
    {", ".join(f"%({name})s::int[]" for name in COUNTED)}) AS r
ON CONFLICT (tenant_id, customer_id, day) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in COUNTED)},
    rules_version = excluded.rules_version, definition_version = excluded.definition_version
"""  # noqa: S608 (column names from the tuple above)


@dataclass(frozen=True, slots=True)
class Work:
    """Ranges of days, as ordinals, to compute for a customer."""

    customer_id: UUID
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """Work done at once: like ranges of some customers."""

    work: tuple[Work, ...]

    @property
    def first(self) -> int:
        return min(one.ranges[0][0] for one in self.work)

    @property
    def last(self) -> int:
        return max(one.ranges[-1][1] for one in self.work)

    @property
    def customers(self) -> list[UUID]:
        return [one.customer_id for one in self.work]

    def wanted(self) -> npt.NDArray[np.bool_]:
        """Whether a day of a customer is to be stored: shape (customers, days)."""
        first = self.first
        found = np.zeros((len(self.work), self.last - first + 1), dtype=bool)
        for place, one in enumerate(self.work):
            for begin, end in one.ranges:
                found[place, begin - first : end - first + 1] = True
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """The numbers of a portion, and how many events each day has: arrays of (customers, days)."""

    portion: Portion
    counts: Daily
    volume: Ints


def compute_days(work: Iterable[Work], rules: Rules) -> int:
    """Compute and store these days. Returns how many.

    While one portion is computed, by a second hand that asks nothing of the database, the next is
    read.
    """
    stored = 0
    waiting: Future[Computed] | None = None
    with quick_turns(), ThreadPoolExecutor(1, "computing") as hand:
        for portion in _portions(work):
            read = gather(
                portion.customers, first=portion.first - rules.reach + 1, last=portion.last
            )
            if waiting is not None:
                stored += _store(waiting.result(), rules)
            waiting = hand.submit(_computed, portion, read, rules)
        if waiting is not None:
            stored += _store(waiting.result(), rules)
    return stored


def _portions(work: Iterable[Work]) -> Iterable[Portion]:
    """Customers with like ranges together, and not too many days, so that little is read at once."""
    slabs: dict[int, list[Work]] = defaultdict(list)
    for one in work:
        for slab, ranges in _by_slab(one.ranges).items():
            slabs[slab].append(Work(one.customer_id, tuple(ranges)))
    for _slab, found in sorted(slabs.items()):
        found.sort(key=lambda one: (one.ranges[0][0], one.ranges[-1][1]))
        for start in range(0, len(found), CUSTOMERS_AT_ONCE):
            yield Portion(tuple(found[start : start + CUSTOMERS_AT_ONCE]))


def _by_slab(ranges: Iterable[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for first, last in ranges:
        for slab in range(first // DAYS_AT_ONCE, last // DAYS_AT_ONCE + 1):
            begin, end = slab * DAYS_AT_ONCE, (slab + 1) * DAYS_AT_ONCE - 1
            found[slab].append((max(first, begin), min(last, end)))
    return found


def _computed(portion: Portion, read: memoryview, rules: Rules) -> Computed:
    seen, events = seen_in(read)
    first, last = portion.first, portion.last
    counts = daily(seen, rules, group_count=len(portion.work), first=first, last=last)
    inside = seen.days >= first
    flat = seen.group_of_user[seen.users[inside]] * (last - first + 1) + seen.days[inside] - first
    volume = np.bincount(flat, events[inside], counts.dau.size).astype(np.int64)
    return Computed(portion, counts, volume.reshape(counts.dau.shape))


def _store(found: Computed, rules: Rules) -> int:
    wanted, customers = found.portion.wanted(), [str(key) for key in found.portion.customers]
    places, offsets = np.nonzero(wanted)
    numbers = {name: getattr(found.counts, name) for name in COUNTED if name != "events"}
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [customers[place] for place in places.tolist()],
        "days": [date_of(day) for day in (offsets + found.portion.first).tolist()],
        "rules": rules.version,
        "definition": DEFINITION_VERSION,
        "events": found.volume[wanted].tolist(),
    } | {name: column[wanted].tolist() for name, column in numbers.items()}
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
    return len(places)
