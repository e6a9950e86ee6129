"""What a night reads of stored days, many customers at once: packed by the database, then numbered."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import Ints, date_of
from usage.adapters import binary_rows
from usage.numbers.daily import Seen

# Odd, so that no bit of what is multiplied by it is lost.
MIX = np.uint64(0x9E3779B97F4A7C15)
Wide = npt.NDArray[np.uint64]
# A block for a week of a customer, its rows packed: a million rows would each be a message. None
# comes near the gigabyte that one may hold.
READ = """
COPY (
    SELECT p.place::integer, d.packed
    FROM unnest(%(customers)s::uuid[]) WITH ORDINALITY p(customer_id, place)
    CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '7 days') AS w(begins)
    CROSS JOIN LATERAL (
        SELECT string_agg(uuid_send(u.end_user_id) || date_send(u.day) || {value}, '') AS packed
        FROM {table} u
        WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = p.customer_id
            AND u.day BETWEEN w.begins::date AND least(w.begins::date + 6, %(last)s::date)
        HAVING count(*) > 0
    ) d
) TO STDOUT BINARY
"""
READ_USER_DAYS = READ.format(table="usage_userday", value="int4send(u.events)")
# Features leave as 64 bits of their names' hash, which tell those of one customer apart.
READ_FEATURES = READ.format(
    table="usage_featureuserday", value="int8send(hashtextextended(u.feature, 0))"
)
ROW = [("high", ">u8"), ("low", ">u8"), ("day", ">i4")]
DAY_ROW, FEATURE_ROW = np.dtype([*ROW, ("value", ">i4")]), np.dtype([*ROW, ("value", ">i8")])


class Gathered(NamedTuple):
    """User-days and days of features as the database packed them."""

    days: memoryview
    features: memoryview


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Stored days as columns: the place of the customer, the halves of the user's key, the day, and
    how many events or the hash of the feature."""

    places: Ints
    high: Wide
    low: Wide
    days: Ints
    values: Ints


def gather(customers: Sequence[UUID], *, first: int, last: int) -> Gathered:
    """What these customers did from `first` to `last`, both included."""
    values = {
        "tenant": str(current_tenant_id()),
        "customers": [str(key) for key in customers],
        "first": date_of(first),
        "last": date_of(last),
    }
    streams = io.BytesIO(), io.BytesIO()
    with connection.cursor() as cursor:
        for query, stream in zip((READ_USER_DAYS, READ_FEATURES), streams, strict=True):
            cursor.copy_expert(cursor.mogrify(query, values), stream)
    return Gathered(*(stream.getbuffer() for stream in streams))


def seen_in(found: Gathered) -> tuple[Seen, Ints]:
    """The same with customers numbered by their place, users and features by their first row; and
    the events of each user-day. Asks nothing of the database."""
    days, features = _rows(found.days, DAY_ROW), _rows(found.features, FEATURE_ROW)
    _places, users = _numbered(
        np.concatenate([days.high, features.high]), np.concatenate([days.low, features.low])
    )
    owners = np.zeros(int(users.max(initial=-1)) + 1, dtype=np.int64)
    owners[users[: len(days.days)]] = days.places
    named, names = _numbered(features.places.astype(np.uint64), features.values.astype(np.uint64))
    seen = Seen(
        users=users[: len(days.days)],
        days=days.days,
        group_of_user=owners,
        feature_users=users[len(days.days) :],
        features=names,
        feature_days=features.days,
        group_of_feature=features.places[named],
    )
    return seen, days.values


def _rows(stream: memoryview, dtype: np.dtype[np.void]) -> Rows:
    blocks = list(binary_rows.blocks(stream))
    rows = np.frombuffer(b"".join(packed for _place, packed in blocks), dtype)
    sizes = [len(packed) // dtype.itemsize for _place, packed in blocks]
    return Rows(
        places=np.repeat(np.array([place - 1 for place, _packed in blocks], np.int64), sizes),
        high=rows["high"].astype(np.uint64),
        low=rows["low"].astype(np.uint64),
        days=rows["day"].astype(np.int64) + binary_rows.PG_EPOCH_DAYS,
        values=rows["value"].astype(np.int64),
    )


def _numbered(high: Wide, low: Wide) -> tuple[Ints, Ints]:
    """Where each pair stands once, and the number of every pair, equal pairs alike.

    Pairs are told apart by one mixed number each, which is quicker; should two ever mix alike, the
    pairs themselves are sorted.
    """
    mixed = high * MIX + low
    numbers, known = pd.factorize(mixed)
    places = np.empty(len(known), dtype=np.int64)
    places[numbers] = np.arange(len(mixed))
    if not ((high[places][numbers] == high) & (low[places][numbers] == low)).all():
        pairs = np.stack([high, low], axis=1)
        _pairs, places, numbers = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    return places.astype(np.int64), numbers.reshape(-1).astype(np.int64)
