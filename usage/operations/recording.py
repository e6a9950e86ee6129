"""The one way events enter the table: told apart by receipt, kept once, their days noted.

A request's few hundred go as arrays to one function, which spares the seven statements that many
rows are worth: those of a file are staged by COPY, through a temporary table because COPY is
refused on one under row security. Receipts are first inserted as if all were new, which is the
common case and needs no look-up; a clash falls back to asking which are.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import IntegrityError, connection, transaction

from tenancy.scope import ask_once, current_tenant_id
from usage.adapters import binary_rows
from usage.adapters.canonical import Event, Uses, event_keys, uses_of
from usage.operations.remembering import Keys
from usage.queries.keeping import OpenSource

# The same rules as below for many rows; see migration 0011.
TAKE = """
SELECT usage_take(
    %(tenant)s::uuid, %(source)s::uuid, %(received_at)s, %(keys)s::uuid[], %(customers)s::uuid[],
    %(end_users)s::uuid[], %(instants)s::bigint[], %(names)s::text[], %(name_places)s::int[],
    %(features)s::text[], %(feature_places)s::int[]
)
"""
# For who remembers the source and all names in it; -1 when that is no longer so. Clashes are errors.
TAKE_KNOWN = TAKE.replace("usage_take(", "usage_take_known(%(stamp)s,")
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
INSERT INTO usage_touch (tenant_id, customers, first_at, last_at)
SELECT %(tenant)s::uuid, t.customers::uuid[], t.first_at, t.last_at
FROM unnest(%(customers)s::text[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
    AS t(customers, first_at, last_at)
"""
DAY_MICROSECONDS = 86_400 * 1_000_000
# Of a request. Up to here arrays are quicker, beyond it the temporary table.
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


@dataclass(frozen=True, slots=True)
class TakenEvents:
    """Events whose new ones are staged on this connection, with their receipts written."""

    events: NewEvents
    values: Values


def take_events(*, events: NewEvents, source_id: UUID, received_at: datetime) -> TakenEvents:
    """Find out which of the events are new, by writing their receipts. Waits for whoever stores the
    same. To be followed by `keep_events` in the same transaction, with nothing taken in between."""
    values: Values = {
        "tenant": str(current_tenant_id()),
        "source": str(source_id),
        "received_at": received_at,
        "names": list(events.names.values),
        "features": list(events.features.values),
    }
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY usage_staged FROM STDIN BINARY", _staged(events))
    _take_receipts(values)
    return TakenEvents(events, values)


def keep_events(taken: TakenEvents) -> int:
    """Keep the new ones, and note which days they touch. Waits for nobody. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, taken.values)
        kept: int = cursor.rowcount
        if kept:
            touches = _touches(taken.events)
            cursor.execute(TOUCH, {"tenant": taken.values["tenant"], **touches})
    return kept


def store_attributed(*, source_id: UUID, items: Sequence[Attributed], received_at: datetime) -> int:
    """Keep the events of a request not seen before, and note which days they touch. Returns how
    many. Of two with one message id the first is meant."""
    if not items:
        return 0
    uses = uses_of([item.event for item in items])
    owners = [(item.customer, item.end_user) for item in items]
    if len(items) > FEW:
        events = _columns(source_id, uses, owners)
        with transaction.atomic(savepoint=False):
            return keep_events(
                take_events(events=events, source_id=source_id, received_at=received_at)
            )
    values = _arrays(current_tenant_id(), source_id, uses, owners, received_at)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        kept: int = cursor.fetchone()[0]
    return kept


def store_known(
    *, found: OpenSource, uses: Uses, owners: Sequence[Keys], received_at: datetime
) -> int | None:
    """Keep at most `FEW` events of a source that is still as it was found, in one message.

    Returns how many; None, with nothing kept, where anything changed since or any of them is there
    already. Needs no scope and opens its own.
    """
    values = _arrays(found.tenant_id, found.source.pk, uses, owners, received_at)
    try:
        kept: int = ask_once(found.tenant_id, TAKE_KNOWN, values | {"stamp": found.stamp})[0]
    except IntegrityError:
        return None
    return None if kept < 0 else kept


def _arrays(
    tenant_id: UUID, source_id: UUID, uses: Uses, owners: Sequence[Keys], received_at: datetime
) -> Values:
    """Columns as PostgreSQL writes arrays. For so few, numpy takes longer to begin than to work."""
    digests = event_keys(source_id, uses.message_ids)
    keys = [digests[start : start + 16] for start in range(0, len(digests), 16)]
    # Where a key comes first. Two writers of the same events cannot deadlock when both go by keys.
    first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    places = [first[key] for key in sorted(first)]
    names, name_places = _places([uses.names[place] for place in places])
    features, feature_places = _places([uses.features[place] for place in places])
    return {
        "tenant": str(tenant_id),
        "source": str(source_id),
        "received_at": received_at,
        "keys": _key_array([keys[place] for place in places]),
        "customers": _key_array([owners[place][0] for place in places]),
        "end_users": _key_array([owners[place][1] for place in places]),
        "instants": _array([uses.instants[place] for place in places]),
        "names": names,
        "name_places": name_places,
        "features": features,
        "feature_places": feature_places,
    }


def _key_array(keys: Sequence[bytes]) -> str:
    return f"{{{b''.join(keys).hex(',', -16)}}}"


def _array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _places(texts: Sequence[str]) -> tuple[list[str], str]:
    """Each text once, and for each row the place of its own, counted from 1."""
    places = {text: str(place) for place, text in enumerate(dict.fromkeys(texts), start=1)}
    return list(places), f"{{{','.join([places[text] for text in texts])}}}"


def _columns(source_id: UUID, uses: Uses, owners: Sequence[Keys]) -> NewEvents:
    columns = NewEvents(
        keys=binary_rows.as_keys(event_keys(source_id, uses.message_ids)),
        customers=binary_rows.as_keys(b"".join([customer for customer, _end_user in owners])),
        end_users=binary_rows.as_keys(b"".join([end_user for _customer, end_user in owners])),
        instants=np.array(uses.instants, dtype=np.int64),
        names=_coded(uses.names),
        features=_coded(uses.features),
    )
    return columns.at(first_of_each(columns.keys))


def _coded(texts: Sequence[str]) -> Coded:
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Coded(list(places), np.array([places[text] for text in texts], dtype=np.int64))


def _take_receipts(values: Values) -> None:
    """Afterwards only events new to this source are staged."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(TAKE_ALL, values)
        except IntegrityError:
            cursor.execute(TAKE_NEW, values)


def _touches(events: NewEvents) -> dict[str, list[str]]:
    """The customers of each day in UTC, with its first and last moment. Repeats are named too;
    counting their days again is harmless."""
    customers = binary_rows.numbered(events.customers)
    days = events.instants // DAY_MICROSECONDS
    order = np.lexsort((customers, days))
    customers, days, instants = customers[order], days[order], events.instants[order]
    first_of_day, first_of_pair = np.ones((2, len(order)), dtype=bool)
    first_of_day[1:] = days[1:] != days[:-1]
    first_of_pair[1:] = first_of_day[1:] | (customers[1:] != customers[:-1])
    starts = np.flatnonzero(first_of_day)
    named = events.customers[order][first_of_pair]
    return {
        "customers": [
            _key_array(keys.tolist())
            for keys in np.split(named, np.cumsum(first_of_pair)[starts[1:]] - 1)
        ],
        "firsts": _moments(np.minimum.reduceat(instants, starts)),
        "lasts": _moments(np.maximum.reduceat(instants, starts)),
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
