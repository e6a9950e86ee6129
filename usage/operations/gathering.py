"""What a night reads of stored days, many customers at once: packed by the database, then numbered."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
# A block for a week of a customer, its rows packed: a million rows would each be a message. One may
# hold 33 million: 400,000 people with a dozen features each on every day. Features leave as 64 bits of
# their names' hash, which tell those of one customer apart.
READ = """
COPY (
    SELECT p.place::integer, d.packed
    FROM unnest(%(customers)s::uuid[]) WITH ORDINALITY p(customer_id, place)
    CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '7 days') AS w(begins)
    CROSS JOIN LATERAL (
        SELECT string_agg(
            uuid_send(u.end_user_id) || date_send(u.day) || int4send(u.events)
                || int8send(hashtextextended(u.feature, 0)), ''
        ) AS packed
        FROM usage_featureuserday u
        WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = p.customer_id
            AND u.day BETWEEN w.begins::date AND least(w.begins::date + 6, %(last)s::date)
        HAVING count(*) > 0
    ) d
) TO STDOUT BINARY
"""
ROW = np.dtype(
    [("high", ">u8"), ("low", ">u8"), ("day", ">i4"), ("events", ">i4"), ("feature", ">i8")]
)


def gather(customers: Sequence[UUID], *, first: int, last: int) -> memoryview:
    """What these customers did from `first` to `last`, both included, as the database packed it."""
    values = {
        "tenant": str(current_tenant_id()),
        "customers": [str(key) for key in customers],
        "first": date_of(first),
        "last": date_of(last),
    }
    stream = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(READ, values), stream)
    return stream.getbuffer()


def seen_in(found: memoryview) -> tuple[Seen, Ints]:
    """The same with customers numbered by their place, users and features as they are met; and the
    events of each row. Asks nothing of the database."""
    blocks = list(binary_rows.blocks(found))
    rows = np.frombuffer(b"".join(packed for _place, packed in blocks), ROW)
    sizes = [len(packed) // ROW.itemsize for _place, packed in blocks]
    places = np.repeat(np.array([place - 1 for place, _packed in blocks], np.int64), sizes)
    users_at, users = pairs_numbered(rows["high"].astype(np.uint64), rows["low"].astype(np.uint64))
    features_at, features = pairs_numbered(
        places.astype(np.uint64), rows["feature"].astype(np.uint64)
    )
    seen = Seen(
        users=users,
        features=features,
        days=rows["day"].astype(np.int64) + binary_rows.PG_EPOCH_DAYS,
        group_of_user=places[users_at],
        group_of_feature=places[features_at],
    )
    return seen, rows["events"].astype(np.int64)


def pairs_numbered(high: Wide, low: Wide) -> tuple[Ints, Ints]:
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
