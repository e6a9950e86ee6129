"""Closed days computed from user-days and stored: the numbers every page and measure reads."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import Ints, date_of
from usage.adapters import binary_rows
from usage.numbers import DEFINITION_VERSION
from usage.numbers.daily import Daily, Seen, daily
from usage.numbers.rules import Rules

# How much is held in memory at once: customers, and days of a stretch.
CUSTOMERS_AT_ONCE = 200
DAYS_AT_ONCE = 91
# Odd, so that no bit of what is multiplied by it is lost.
MIX = np.uint64(0x9E3779B97F4A7C15)
Wide = npt.NDArray[np.uint64]
WITHIN = """
FROM unnest(%(customers)s::uuid[]) WITH ORDINALITY p(customer_id, place)
CROSS JOIN LATERAL (
    SELECT u.* FROM {table} u
    WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = p.customer_id
        AND u.day BETWEEN %(first)s::date AND %(last)s::date
    OFFSET 0
) d
"""
READ_USER_DAYS = (
    "COPY (SELECT p.place::integer, d.end_user_id, d.day, d.events"
    + WITHIN.format(table="usage_userday")
    + ") TO STDOUT BINARY"
)
# Features leave as 64 bits of their names' hash, which tell those of one customer apart.
READ_FEATURES = (
    "COPY (SELECT p.place::integer, d.end_user_id, d.day, hashtextextended(d.feature, 0)"
    + WITHIN.format(table="usage_featureuserday")
    + ") TO STDOUT BINARY"
)
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


def compute_days(work: Iterable[Work], rules: Rules) -> int:
    """Compute and store these days. Returns how many."""
    return sum(_compute(chunk, rules) for chunk in _chunks(work))


def _chunks(work: Iterable[Work]) -> Iterable[list[Work]]:
    """Customers with like ranges together, and not too many days, so that little is read at once."""
    slabs: dict[int, list[Work]] = defaultdict(list)
    for one in work:
        for slab, ranges in _by_slab(one.ranges).items():
            slabs[slab].append(Work(one.customer_id, tuple(ranges)))
    for _slab, found in sorted(slabs.items()):
        found.sort(key=lambda one: (one.ranges[0][0], one.ranges[-1][1]))
        for start in range(0, len(found), CUSTOMERS_AT_ONCE):
            yield found[start : start + CUSTOMERS_AT_ONCE]


def _by_slab(ranges: Iterable[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for first, last in ranges:
        for slab in range(first // DAYS_AT_ONCE, last // DAYS_AT_ONCE + 1):
            begin, end = slab * DAYS_AT_ONCE, (slab + 1) * DAYS_AT_ONCE - 1
            found[slab].append((max(first, begin), min(last, end)))
    return found


def _compute(chunk: Sequence[Work], rules: Rules) -> int:
    """Compute and store the days of some customers. Returns how many."""
    first = min(one.ranges[0][0] for one in chunk)
    last = max(one.ranges[-1][1] for one in chunk)
    customers = [str(one.customer_id) for one in chunk]
    seen, events = _read(customers, first - rules.reach + 1, last)
    counts = daily(seen, rules, group_count=len(chunk), first=first, last=last)
    inside = seen.days >= first
    flat = seen.group_of_user[seen.users[inside]] * (last - first + 1) + seen.days[inside] - first
    volume = np.bincount(flat, events[inside], counts.dau.size).astype(np.int64)
    volume = volume.reshape(counts.dau.shape)
    wanted = np.zeros(counts.dau.shape, dtype=bool)
    for place, one in enumerate(chunk):
        for begin, end in one.ranges:
            wanted[place, begin - first : end - first + 1] = True
    return _store(customers, counts, volume, wanted, rules)


def _read(customers: Sequence[str], first: int, last: int) -> tuple[Seen, Ints]:
    """What the customers, numbered by their place, did from `first` to `last`; events a user-day."""
    places, users, days, events = _copied(READ_USER_DAYS, customers, first, last, ">i4")
    f_places, f_users, f_days, hashes = _copied(READ_FEATURES, customers, first, last, ">i8")
    _places, numbers = _numbered(*_halves(np.concatenate([users, f_users])))
    owners = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
    owners[numbers[: len(users)]] = places
    named, features = _numbered(f_places.astype(np.uint64), hashes.astype(np.uint64))
    seen = Seen(
        users=numbers[: len(users)],
        days=days,
        group_of_user=owners,
        feature_users=numbers[len(users) :],
        features=features,
        feature_days=f_days,
        group_of_feature=f_places[named],
    )
    return seen, events


def _halves(keys: binary_rows.Column) -> tuple[Wide, Wide]:
    pairs = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2).astype(np.uint64)
    return pairs[:, 0], pairs[:, 1]


def _numbered(high: Wide, low: Wide) -> tuple[Ints, Ints]:
    """Where each pair stands once, and the number of every pair, equal pairs alike.

    Pairs are told apart by one mixed number each, which sorts faster; should two ever mix alike,
    the pairs themselves are sorted.
    """
    mixed = high * MIX + low
    ordered = np.sort(mixed)
    known = ordered[np.append(ordered[:1] == ordered[:1], ordered[1:] != ordered[:-1])]
    numbers = np.searchsorted(known, mixed)
    places = np.empty(len(known), dtype=np.int64)
    places[numbers] = np.arange(len(mixed))
    if not ((high[places][numbers] == high) & (low[places][numbers] == low)).all():
        pairs = np.stack([high, low], axis=1)
        _pairs, places, numbers = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    return places.astype(np.int64), numbers.reshape(-1).astype(np.int64)


def _copied(
    query: str, customers: Sequence[str], first: int, last: int, kind: str
) -> tuple[Ints, binary_rows.Column, Ints, Ints]:
    values = {
        "tenant": str(current_tenant_id()),
        "customers": list(customers),
        "first": date_of(first),
        "last": date_of(last),
    }
    stream = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query, values)
        cursor.copy_expert(statement, stream)
    dtypes = (">i4", "V16", ">i4", kind)
    places, users, days, others = binary_rows.decode(stream.getvalue(), dtypes)
    return (
        places.astype(np.int64) - 1,
        users,
        days.astype(np.int64) + binary_rows.PG_EPOCH_DAYS,
        others.astype(np.int64),
    )


def _store(
    customers: Sequence[str],
    counts: Daily,
    volume: Ints,
    wanted: npt.NDArray[np.bool_],
    rules: Rules,
) -> int:
    places, offsets = np.nonzero(wanted)
    numbers = {name: volume if name == "events" else getattr(counts, name) for name in COUNTED}
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [customers[place] for place in places.tolist()],
        "days": [date_of(day) for day in (offsets + counts.first_day).tolist()],
        "rules": rules.version,
        "definition": DEFINITION_VERSION,
    } | {name: found[wanted].tolist() for name, found in numbers.items()}
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
    return len(places)
