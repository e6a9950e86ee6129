"""Events from client libraries: attributed to a customer and end user, or put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenancy.keys import without_keys
from usage.adapters.canonical import Event, Received, Rejected, event_key
from usage.models import Quarantined, Source
from usage.operations.attribution import attribute
from usage.operations.keeping import unrepeated, wanted
from usage.operations.recording import store_attributed
from usage.operations.remembering import Mark, recall
from usage.queries.keeping import Keeping, get_keeping

ITEM_LIMIT = 32 * 1024
REASONS_TOLD = 5


@dataclass(frozen=True, slots=True)
class ReceivedOutcome:
    """What became of a request's items: kept now, known before, put aside, taken as word of a
    user, a group or the library itself, and left out on purpose.

    `reasons` are the commonest ones for putting items aside, each with how often it was given.
    """

    new: int
    repeated: int
    quarantined: int
    told: int = 0
    left_out: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """What became of the items, by `usage.adapters.passing.OUTCOMES`."""
        return {
            "accepted": self.new,
            "repeated": self.repeated,
            "put_aside": self.quarantined,
            "told": self.told,
            "left_out": self.left_out,
        }


@transaction.atomic(savepoint=False)
def record_events(
    *,
    source: Source,
    received: Received,
    received_at: datetime,
    keeping: Keeping | None = None,
    mark: Mark | None = None,
) -> ReceivedOutcome:
    """Keep each event once; put aside what cannot be attributed or read.

    What a sender marks as a robot's, or as done by its own staff in a customer's name, is not
    kept, nor what is older than the workspace keeps or of somebody erased since. Calls that say
    who a user or group is make both known; see `attribution`. `keeping` is asked for when the
    caller does not know it; without the `mark` of names, what this process remembers is not used.
    """
    events = wanted(
        events=[event for event in received.events if not event.hints],
        keeping=keeping or get_keeping(),
        now=received_at,
    )
    found = attribute(
        events=events,
        creates_customers=source.creates_customers,
        received_at=received_at,
        memory=recall(mark),
    )
    counting = [item for item in found.known if item.event.is_use]
    new = store_attributed(source_id=source.pk, items=counting, received_at=received_at)
    aside = [_unattributed(source, event, reason, received_at) for event, reason in found.unknown]
    aside += [_unreadable(source, item, received_at) for item in received.rejected]
    _put_aside(aside)
    return ReceivedOutcome(
        new=new,
        repeated=len(counting) - new,
        quarantined=len(aside),
        told=sum(not event.is_use for event in events),
        left_out=len(received.events) - len(events),
        reasons=tuple(Counter(row.reason for row in aside).most_common(REASONS_TOLD)),
    )


def _put_aside(rows: Sequence[Quarantined]) -> None:
    """Keep them until they can be taken in. What has a receipt was dealt with once for all."""
    if not rows:
        return
    fresh = unrepeated(ids=[row.pk for row in rows])
    # In one order, so that two requests with the same items cannot wait for each other.
    aside = sorted((row for row in rows if row.pk in fresh), key=lambda row: row.pk)
    Quarantined.objects.bulk_create(aside, ignore_conflicts=True)


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
            "email": event.email,
        },
    )


def _told(item: object) -> str:
    try:
        return repr(item)
    except RecursionError:
        return "[…]"


def _unreadable(source: Source, rejected: Rejected, received_at: datetime) -> Quarantined:
    # It is kept and shown, so not with the key that let it in.
    text = without_keys(_told(rejected.item).replace("\0", ""))
    return Quarantined(
        source=source,
        received_at=received_at,
        reason=rejected.reason[:300],
        item={"position": rejected.position, "text": text[:ITEM_LIMIT]},
    )
