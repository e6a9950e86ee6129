"""The usual request taken in by one message to the database: every name in it is known.

A scope, its transaction, the source, the mark of names and the events are five ways to the database
and back, which for a request of a hundred cost as much as keeping its events. What this process
remembers of the source and of names goes along with the events instead, as a stamp; where the stamp
is no longer true, nothing is kept, and the request goes the long way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from usage.adapters.canonical import Event, Received
from usage.operations.keeping import wanted
from usage.operations.receiving import ReceivedOutcome
from usage.operations.recording import FEW, Attributed, store_known
from usage.operations.remembering import Memory, names_known
from usage.queries.keeping import OpenSource


def attributed_at_once(
    *, found: OpenSource, received: Received, now: datetime
) -> Sequence[Attributed] | None:
    """The events with whom they are for, where this process knows that; else None.

    Nothing but use counts as known: what says who somebody is goes the long way.
    """
    if received.rejected or found.keeping.has_erasures or connection.in_atomic_block:
        return None
    memory = names_known(found.tenant_id, found.mark)
    if memory is None:
        return None
    events = [event for event in received.events if not event.hints]
    return _attributed(wanted(events=events, keeping=found.keeping, now=now), memory)


def _attributed(events: Sequence[Event], memory: Memory) -> Sequence[Attributed] | None:
    if not 0 < len(events) <= FEW:
        return None
    persons, keys = memory.persons, memory.keys
    found = []
    for event in events:
        person = event.user_id or event.anonymous_id
        ids = keys.get((event.group_id or "", persons.get(person or "", "")))
        if ids is None or not event.is_use or (event.user_id and event.anonymous_id):
            return None
        found.append(Attributed(event, *ids))
    return found


def record_at_once(
    *, found: OpenSource, received: Received, items: Sequence[Attributed], received_at: datetime
) -> ReceivedOutcome | None:
    """As `record_events`, for what `attributed_at_once` gave. None where the source, or what a name
    stands for, is another by now; nothing was kept then."""
    new = store_known(found=found, items=items, received_at=received_at)
    if new is None:
        return None
    return ReceivedOutcome(
        new=new,
        repeated=len(items) - new,
        quarantined=0,
        left_out=len(received.events) - len(items),
    )
