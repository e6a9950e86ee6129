"""Events from client libraries: attributed to a customer and end user, or put aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import EndUser
from tenancy.keys import without_keys
from usage.adapters import binary_rows
from usage.adapters.canonical import Event, Received, Rejected, event_key, event_keys
from usage.models import Quarantined, Source
from usage.operations.directory import Directory, Keys
from usage.operations.recording import Coded, NewEvents, first_of_each, store_events

ITEM_LIMIT = 32 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedOutcome:
    """What became of a request's items: kept now, known before, put aside."""

    new: int
    repeated: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Attributed:
    event: Event
    customer: bytes
    end_user: bytes


@transaction.atomic
def record_events(*, source: Source, received: Received, received_at: datetime) -> ReceivedOutcome:
    """Keep each event once; put aside what cannot be attributed or read.

    An event counts for the customer of its group; without one, for the customer its user was last
    seen at, if that is a single one. Calls that say who a user or group is make both known.
    """
    directory = Directory(source.creates_customers)
    directory.learn(
        {(e.group_id, e.user_key) for e in received.events if e.group_id and e.user_key}
    )
    attributed, unknown = _attribute(received.events, directory)
    counting = [item for item in attributed if item.event.is_use]
    new = store_events(
        events=_columns(source, counting), source_id=source.pk, received_at=received_at
    )
    aside = [_unattributed(source, event, reason, received_at) for event, reason in unknown]
    aside += [_unreadable(source, item, received_at) for item in received.rejected]
    # In one order, so that two requests with the same items cannot wait for each other.
    aside.sort(key=lambda row: row.pk)
    Quarantined.objects.bulk_create(aside, ignore_conflicts=True)
    return ReceivedOutcome(new, len(counting) - new, len(aside))


Unknown = list[tuple[Event, str]]


def _attribute(events: Sequence[Event], directory: Directory) -> tuple[list[Attributed], Unknown]:
    known = _known_users({e.user_key for e in events if not e.group_id and e.user_key})
    attributed: list[Attributed] = []
    unknown: Unknown = []
    for event in events:
        key = event.user_key or ""
        if (ids := directory.get(event.group_id, key)) is not None:
            attributed.append(Attributed(event, *ids))
        elif not event.group_id and len(known[key]) == 1:
            attributed.append(Attributed(event, *known[key][0]))
        elif event.is_use:
            unknown.append((event, _why_unknown(event, len(known[key]))))
    return attributed, unknown


def _known_users(keys: set[str]) -> dict[str, list[Keys]]:
    """(customer, end user) of every known user of those external ids."""
    found: dict[str, list[Keys]] = defaultdict(list)
    if not keys:
        return found
    rows = EndUser.objects.filter(external_id__in=keys)
    for key, customer_id, pk in rows.values_list("external_id", "customer_id", "pk"):
        found[key].append((customer_id.bytes, pk.bytes))
    return found


def _why_unknown(event: Event, matches: int) -> str:
    if event.group_id:
        return _("No customer has the external id “%(group)s”.") % {"group": event.group_id}
    if matches:
        return _("The user belongs to several customers and the event names no group.")
    return _("The event names no group, and its user is not known yet.")


def _columns(source: Source, items: Sequence[Attributed]) -> NewEvents:
    keys = binary_rows.as_keys(event_keys(source.pk, [item.event.message_id for item in items]))
    kept = first_of_each(keys)
    found = [items[position] for position in kept.tolist()]
    customers = binary_rows.as_keys(b"".join([item.customer for item in found]))
    moments = [item.event.occurred_at.replace(tzinfo=None) for item in found]
    return NewEvents(
        keys=keys[kept],
        customers=customers,
        end_users=binary_rows.as_keys(b"".join([item.end_user for item in found])),
        owners=binary_rows.numbered(customers),
        instants=np.array(moments, dtype="datetime64[us]").astype(np.int64),
        names=_coded([item.event.name for item in found]),
        features=_coded([item.event.feature for item in found]),
    )


def _coded(texts: Sequence[str]) -> Coded:
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Coded(list(places), np.array([places[text] for text in texts], dtype=np.int64))


def _unattributed(source: Source, event: Event, reason: str, received_at: datetime) -> Quarantined:
    return Quarantined(
        # The same key as its receipt would have: a retry is put aside once.
        id=UUID(bytes=event_key(source.pk, event.message_id)),
        source=source,
        received_at=received_at,
        reason=reason,
        group_key=event.group_id or "",
        user_key=event.user_key or "",
        item={
            "message_id": event.message_id,
            "kind": event.kind,
            "name": event.name,
            "feature": event.feature,
            "occurred_at": event.occurred_at.isoformat(),
            "user_id": event.user_id,
            "anonymous_id": event.anonymous_id,
        },
    )


def _unreadable(source: Source, rejected: Rejected, received_at: datetime) -> Quarantined:
    # It is kept and shown, so not with the key that let it in.
    text = without_keys(repr(rejected.item).replace("\0", ""))
    return Quarantined(
        source=source,
        received_at=received_at,
        reason=rejected.reason[:300],
        item={"position": rejected.position, "text": text[:ITEM_LIMIT]},
    )
