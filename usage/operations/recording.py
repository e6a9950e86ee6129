"""The one way events enter the table: told apart by receipt, kept once, their days noted.

A request's few hundred go as arrays to one function, which spares the seven statements that many
rows are worth: those of a file are staged by COPY, through a temporary table because COPY is
refused on one under row security. Receipts are first inserted as if all were new, which is the
common case and needs no look-up; a clash falls back to asking which are.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import IntegrityError, connection, transaction

from tenancy.scope import current_tenant_id
from usage.adapters import binary_rows
from usage.adapters.canonical import Event, event_keys

# The same rules as below for many rows; see migration 0011.
TAKE = """
SELECT usage_take(
    %(tenant)s::uuid, %(source)s::uuid, %(received_at)s, %(keys)s::uuid[], %(customers)s::uuid[],
    %(end_users)s::uuid[], %(instants)s::bigint[], %(names)s::text[], %(name_places)s::int[],
    %(features)s::text[], %(feature_places)s::int[]
)
"""
STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS usage_staged (
    id uuid, customer_id uuid, end_user_id uuid, occurred_at timestamptz,
    name_place integer, feature_place integer
) ON COMMIT DELETE ROWS;
DELETE FROM usage_staged
"""
# In the order of the keys: two writers of the same events cannot deadlock, and the index is walked
# once.
TAKE_ALL = """
INSERT INTO usage_receipt (tenant_id, id) SELECT %(tenant)s::uuid, id FROM usage_staged ORDER BY id
"""
TAKE_NEW = """
WITH taken AS (
    INSERT INTO usage_receipt (tenant_id, id)
    SELECT %(tenant)s::uuid, id FROM usage_staged ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id
)
DELETE FROM usage_staged s WHERE NOT EXISTS (SELECT FROM taken t WHERE t.id = s.id)
"""
KEEP = """
INSERT INTO usage_event (tenant_id, id, source_id, customer_id, end_user_id, occurred_at,
                         received_at, name, feature)
SELECT %(tenant)s::uuid, s.id, %(source)s::uuid, s.customer_id, s.end_user_id, s.occurred_at,
       %(received_at)s, n.text, f.text
FROM usage_staged s
JOIN unnest(%(names)s::text[]) WITH ORDINALITY n(text, place) ON n.place = s.name_place
JOIN unnest(%(features)s::text[]) WITH ORDINALITY f(text, place) ON f.place = s.feature_place
"""
TOUCH = """
INSERT INTO usage_touch (tenant_id, id, customer_id, first_at, last_at)
SELECT %(tenant)s::uuid, md5(%(dice)s || row_number() OVER ())::uuid,
       t.customer_id, t.first_at, t.last_at
FROM unnest(%(customers)s::uuid[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
    AS t(customer_id, first_at, last_at)
"""
WEEK_MICROSECONDS = 7 * 86_400 * 1_000_000
# Up to here arrays are quicker, beyond it the temporary table.
FEW = 500

Values = dict[str, str | datetime | list[str]]


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts by number: row i holds `values[places[i]]`."""

    values: Sequence[str]
    places: npt.NDArray[np.int64]

    def at(self, positions: npt.NDArray[np.intp]) -> Coded:
        return Coded(self.values, self.places[positions])


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Attributed events as columns of equal length; no key is there twice.

    `keys`, `customers` and `end_users` are 16-byte keys, `instants` microseconds since 1970.
    """

    keys: binary_rows.Column
    customers: binary_rows.Column
    end_users: binary_rows.Column
    instants: npt.NDArray[np.int64]
    names: Coded
    features: Coded

    def __len__(self) -> int:
        return len(self.keys)

    def at(self, positions: npt.NDArray[np.intp]) -> NewEvents:
        return NewEvents(
            keys=self.keys[positions],
            customers=self.customers[positions],
            end_users=self.end_users[positions],
            instants=self.instants[positions],
            names=self.names.at(positions),
            features=self.features.at(positions),
        )


class Attributed(NamedTuple):
    """An event with the keys of its customer and end user, 16 bytes each."""

    event: Event
    customer: bytes
    end_user: bytes


@transaction.atomic(savepoint=False)
def store_events(*, events: NewEvents, source_id: UUID, received_at: datetime) -> int:
    """Keep the events not seen before, and note which days they touch. Returns how many."""
    if not len(events):
        return 0
    values: Values = {
        "tenant": str(current_tenant_id()),
        "source": str(source_id),
        "received_at": received_at,
        "names": list(events.names.values),
        "features": list(events.features.values),
    }
    return _store_few(events, values) if len(events) <= FEW else _store_many(events, values)


def _store_few(events: NewEvents, values: Values) -> int:
    # Two writers of the same events cannot deadlock when both go by the keys.
    events = events.at(binary_rows.in_key_order(events.keys))
    values |= {
        "keys": _key_array(events.keys),
        "customers": _key_array(events.customers),
        "end_users": _key_array(events.end_users),
        "instants": _array(events.instants),
        "name_places": _array(events.names.places + 1),
        "feature_places": _array(events.features.places + 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        kept: int = cursor.fetchone()[0]
    return kept


def _dice() -> str:
    """What makes the ids of this statement's touches differ from all others."""
    return os.urandom(16).hex()


def _key_array(keys: binary_rows.Column) -> str:
    """Keys as PostgreSQL writes an array of them, at the price of one call."""
    return f"{{{keys.tobytes().hex(',', -16)}}}"


def _array(numbers: npt.NDArray[np.int64]) -> str:
    return f"{{{','.join(map(str, numbers.tolist()))}}}"


def _store_many(events: NewEvents, values: Values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY usage_staged FROM STDIN BINARY", _staged(events))
        _take_receipts(values)
        cursor.execute(KEEP, values)
        kept: int = cursor.rowcount
        if kept:
            touches = {"tenant": values["tenant"], "dice": _dice(), **_touches(events)}
            cursor.execute(TOUCH, touches)
    return kept


def store_attributed(*, source_id: UUID, items: Sequence[Attributed], received_at: datetime) -> int:
    """As `store_events`, for events of a request. Of two with one message id the first is meant."""
    events = [item.event for item in items]
    columns = NewEvents(
        keys=binary_rows.as_keys(event_keys(source_id, [event.message_id for event in events])),
        customers=binary_rows.as_keys(b"".join([item.customer for item in items])),
        end_users=binary_rows.as_keys(b"".join([item.end_user for item in items])),
        instants=_instants([event.occurred_at.timestamp() for event in events]),
        names=_coded([event.name for event in events]),
        features=_coded([event.feature for event in events]),
    )
    kept = columns.at(first_of_each(columns.keys))
    return store_events(events=kept, source_id=source_id, received_at=received_at)


def _instants(seconds: Sequence[float]) -> npt.NDArray[np.int64]:
    """Microseconds. Seconds of this century as floats are exact to a quarter of one."""
    return np.rint(np.array(seconds, dtype=np.float64) * 1e6).astype(np.int64)


def _coded(texts: Sequence[str]) -> Coded:
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Coded(list(places), np.array([places[text] for text in texts], dtype=np.int64))


def _take_receipts(values: Values) -> None:
    """Afterwards only events new to this source are staged. Waits for whoever stores the same."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(TAKE_ALL, values)
        except IntegrityError:
            cursor.execute(TAKE_NEW, values)


def _touches(events: NewEvents) -> dict[str, list[str]]:
    """First and last moment of each customer in each week: exact for what arrives as it happens,
    few rows for a history of years. Repeats are named too; counting their days again is harmless.
    """
    customers = binary_rows.numbered(events.customers)
    weeks = events.instants // WEEK_MICROSECONDS
    order = np.lexsort((events.instants, customers))
    customers, weeks, instants = customers[order], weeks[order], events.instants[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (customers[1:] != customers[:-1]) | (weeks[1:] != weeks[:-1])
    ends = np.append(starts[1:], True)
    return {
        "customers": [bytes(key).hex() for key in events.customers[order][starts].tolist()],
        "firsts": _moments(instants[starts]),
        "lasts": _moments(instants[ends]),
    }


def _moments(instants: npt.NDArray[np.int64]) -> list[str]:
    texts: list[str] = np.datetime_as_string(instants.astype("datetime64[us]")).tolist()
    return [f"{text}Z" for text in texts]


def _staged(events: NewEvents) -> io.BytesIO:
    instants = (events.instants - binary_rows.PG_EPOCH_MICROSECONDS).astype(">i8")
    return binary_rows.encode(
        [
            events.keys,
            events.customers,
            events.end_users,
            instants,
            (events.names.places + 1).astype(">i4"),
            (events.features.places + 1).astype(">i4"),
        ]
    )


def first_of_each(keys: binary_rows.Column) -> npt.NDArray[np.intp]:
    """The positions of keys that did not come before, ascending."""
    order = binary_rows.in_key_order(keys)
    ordered = keys[order]
    first = np.ones(len(ordered), dtype=bool)
    # The sort is stable, so among equal keys the first to arrive stands first.
    first[1:] = ordered[1:] != ordered[:-1]
    return np.sort(order[first])
