"""The usual request taken in by one message to the database: every name in it is known.

A scope, its transaction, the source, the mark of names and the events are five ways to the database
and back, which for a request of a hundred cost as much as keeping its events. What this process
remembers of the source and of names goes along with the events instead, as a stamp; where the stamp
is no longer true, nothing is kept, and the request goes the long way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from usage.adapters.canonical import Event, Received, Uses, microseconds, uses_of
from usage.operations.receiving import ReceivedOutcome
from usage.operations.recording import FEW, store_known
from usage.operations.remembering import Keys, names_known
from usage.queries.keeping import Keeping, OpenSource


class KnownUses(NamedTuple):
    """Uses with the keys of whom each is for."""

    uses: Uses
    owners: Sequence[Keys]


def attributed_at_once(*, found: OpenSource, received: Received, now: datetime) -> KnownUses | None:
    """What is to be kept with whom it is for, where this process knows that; else None.

    Nothing but use counts as known: what says who somebody is goes the long way.
    """
    if received.rejected or found.keeping.has_erasures or connection.in_atomic_block:
        return None
    memory = names_known(found.tenant_id, found.mark)
    uses = received.uses or _columns(received.events)
    if memory is None or uses is None or not 0 < len(uses.instants) <= FEW:
        return None
    if _is_any_old(uses, found.keeping, now):
        return None
    persons, keys = memory.persons, memory.keys
    owners = [
        keys.get((group, persons.get(person, "")))
        for group, person in zip(uses.groups, uses.persons, strict=True)
    ]
    known = [pair for pair in owners if pair is not None]
    return KnownUses(uses, known) if len(known) == len(owners) else None


def record_at_once(
    *, found: OpenSource, received: Received, known: KnownUses, received_at: datetime
) -> ReceivedOutcome | None:
    """As `record_events`, for what `attributed_at_once` gave. None where the source, or what a name
    stands for, is another by now; nothing was kept then."""
    new = store_known(found=found, uses=known.uses, owners=known.owners, received_at=received_at)
    if new is None:
        return None
    return ReceivedOutcome(
        new=new,
        repeated=len(known.owners) - new,
        quarantined=0,
        left_out=len(received.events) - len(known.owners),
    )


def _says_one_id(event: Event) -> bool:
    return event.is_use and not (event.user_id and event.anonymous_id)


def _columns(events: Sequence[Event]) -> Uses | None:
    events = [event for event in events if not event.hints]
    return uses_of(events) if all(map(_says_one_id, events)) else None


def _is_any_old(uses: Uses, keeping: Keeping, now: datetime) -> bool:
    since = keeping.since(now)
    return since is not None and min(uses.instants) < microseconds(since)
