"""Days of use of one customer as arrays, without a step in Python for each: there may be millions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import Ints
from usage.adapters import binary_rows
from usage.numbers.use import FeatureUse, Use

OF_CUSTOMER = "tenant_id = %(tenant)s::uuid AND customer_id = %(customer)s::uuid"
DAYS = f"""
COPY (SELECT end_user_id, day, events FROM usage_userday
      WHERE {OF_CUSTOMER} AND day BETWEEN %(first)s::date AND %(last)s::date) TO STDOUT BINARY
"""  # noqa: S608 (no input)
# A row a feature, its days packed: names have no fixed width, and so they come along but once.
FEATURES = f"""
SELECT feature, string_agg(uuid_send(end_user_id), ''::bytea),
    string_agg(date_send(day), ''::bytea), string_agg(int4send(events), ''::bytea)
FROM usage_featureuserday
WHERE {OF_CUSTOMER} AND day BETWEEN %(first)s::date AND %(last)s::date
    AND (cardinality(%(features)s::text[]) = 0 OR feature = ANY(%(features)s))
GROUP BY feature ORDER BY feature
"""  # noqa: S608 (no input)
PERIODS = f"""
COPY (SELECT DISTINCT end_user_id, date_trunc(%(cut)s, day::timestamp)::date FROM usage_userday
      WHERE {OF_CUSTOMER} AND day <= %(last)s::date) TO STDOUT BINARY
"""  # noqa: S608 (no input)
SEEN = f"""
COPY (SELECT DISTINCT end_user_id FROM usage_userday
      WHERE {OF_CUSTOMER} AND day BETWEEN %(first)s::date AND %(last)s::date) TO STDOUT BINARY
"""  # noqa: S608 (no input)
KEY_ALONE = ("V16",)
KEY_AND_DAY = ("V16", ">i4")
Halves = npt.NDArray[np.uint64]


def read_days(*, customer_id: UUID, people: Sequence[UUID], first: date, last: date) -> Use:
    """User-days from `first` to `last`; a user is the place among `people`."""
    values = {"customer": str(customer_id), "first": first, "last": last}
    keys, days, events = _copied(DAYS, values, (*KEY_AND_DAY, ">i4"))
    users, known = _places(keys, people)
    return Use.of(users, _ordinals(days)[known], _wide(events)[known])


@dataclass(frozen=True, slots=True, eq=False)
class FeatureDays:
    """Use of features, each the place among `names`."""

    names: tuple[str, ...]
    use: FeatureUse


def read_features(
    *,
    customer_id: UUID,
    people: Sequence[UUID],
    first: date,
    last: date,
    features: Sequence[str] = (),
) -> FeatureDays:
    """The same of some features, or of all. Whoever is not among `people` is left out, since days point
    at nobody the database would hold them to."""
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customer": str(customer_id),
        "first": first,
        "last": last,
        "features": list(features),
    }
    with connection.cursor() as cursor:
        cursor.execute(FEATURES, values)
        rows = cursor.fetchall()
    keys = binary_rows.as_keys(b"".join(bytes(row[1]) for row in rows))
    days, events = (np.frombuffer(b"".join(bytes(row[at]) for row in rows), ">i4") for at in (2, 3))
    numbers = np.repeat(np.arange(len(rows)), [len(row[2]) // 4 for row in rows])
    users, known = _places(keys, people)
    use = FeatureUse.of(users, numbers[known], _ordinals(days)[known], _wide(events)[known])
    return FeatureDays(tuple(row[0] for row in rows), use)


def read_seen(*, customer_id: UUID, people: Sequence[UUID], first: date, last: date) -> Ints:
    """Who came from `first` to `last`, as places among `people`, each once."""
    values = {"customer": str(customer_id), "first": first, "last": last}
    users, _known = _places(_copied(SEEN, values, KEY_ALONE)[0], people)
    return users


def read_periods(*, customer_id: UUID, people: Sequence[UUID], cut: str, last: date) -> Use:
    """Whole histories up to `last` by the first day of each period, "week" or "month"."""
    values = {"customer": str(customer_id), "last": last, "cut": cut}
    keys, days = _copied(PERIODS, values, KEY_AND_DAY)
    users, known = _places(keys, people)
    return Use.of(users, _ordinals(days)[known])


def _copied(query: str, values: dict[str, Any], dtypes: Sequence[str]) -> list[binary_rows.Column]:
    stream = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query, values | {"tenant": str(current_tenant_id())}).decode()
        cursor.copy_expert(statement, stream)
    return binary_rows.decode(stream.getvalue(), dtypes)


def _wide(numbers: binary_rows.Column) -> Ints:
    return numbers.astype(np.int64)


def _ordinals(days: binary_rows.Column) -> Ints:
    return _wide(days) + binary_rows.PG_EPOCH_DAYS


def _places(keys: binary_rows.Column, people: Sequence[UUID]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The place of each key among `people`, which ascend, and which keys have one."""
    distinct, numbers = _numbered(keys)
    known = _halves(binary_rows.keys_of(people))
    found = np.full(len(distinct), -1, dtype=np.int64)
    # Both ascend: where the halves of two neighbours are alike in one order, they are the same.
    both = np.concatenate([known, distinct])
    order = np.lexsort((np.arange(len(both)) >= len(known), both[:, 1], both[:, 0]))
    same = (both[order][1:] == both[order][:-1]).all(axis=1)
    found[order[1:][same] - len(known)] = order[:-1][same]
    places = found[numbers]
    there = places >= 0
    return places[there], there


def _numbered(keys: binary_rows.Column) -> tuple[Halves, Ints]:
    """Each key once, ascending, and the number of every key among them."""
    halves = _halves(keys)
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    ordered = halves[order]
    fresh = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))[: len(ordered)]
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(fresh) - 1
    return ordered[fresh], numbers


def _halves(keys: binary_rows.Column) -> Halves:
    return np.ascontiguousarray(keys).view(">u8").reshape(-1, 2).astype(np.uint64)
