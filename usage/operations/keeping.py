"""Which events a workspace keeps: for how many months, and none of people who were erased."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tenancy.audit import record
from tenancy.scope import current_tenant_id
from usage.adapters.canonical import Event
from usage.models import Erasure, Receipt, Retention, SpentReceipts
from usage.operations.recounting import note_dropped
from usage.queries.keeping import Keeping, get_keeping

FEWEST_MONTHS, MOST_MONTHS = 3, 120
EVENTS_AT_ONCE = 5_000
# Longer than any client library goes on sending the same again.
BLOCKS_A_NIGHT = 400
RECEIPTS_OUTLIVE = timedelta(days=8)

# Months are partitions and the moment is the start of one: the others are not even looked at.
OLD = """
WITH old AS (
    SELECT customer_id, occurred_at, id FROM usage_event
    WHERE tenant_id = %(tenant)s::uuid AND occurred_at < %(before)s LIMIT %(most)s
)
DELETE FROM usage_event e USING old o
WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = o.customer_id
    AND e.occurred_at = o.occurred_at AND e.id = o.id AND e.occurred_at < %(before)s
RETURNING e.id
"""


@transaction.atomic
def change_retention(*, months: int | None) -> None:
    """Keep events for so many months from the coming night on, or all of them.

    Raises ValidationError, keyed by `months`.
    """
    if months is not None and not FEWEST_MONTHS <= months <= MOST_MONTHS:
        raise ValidationError(
            {
                "months": _("Write a number from %(least)s to %(most)s, or nothing.")
                % {"least": FEWEST_MONTHS, "most": MOST_MONTHS}
            }
        )
    before = Retention.objects.first()
    if months is None:
        Retention.objects.all().delete()
    else:
        Retention.objects.update_or_create(defaults={"months": months})
    facts = {"months": [before.months if before else None, months]}
    record(action="retention.changed", facts=facts)


def drop_old_events(*, business_date: date, now: datetime) -> int:
    """Delete the events that are older than the workspace keeps, and receipts spent a week ago.

    In blocks, at most two million events a night; the next night goes on where this one ended.
    User-days and figures stay. Returns how many events went.
    """
    _drop_spent_receipts(now)
    since = get_keeping().since(now)
    if since is None:
        return 0
    gone = 0
    for _block in range(BLOCKS_A_NIGHT):
        block = _drop_block(since, now)
        gone += block
        if block < EVENTS_AT_ONCE:
            break
    return gone


@transaction.atomic
def _drop_block(since: datetime, now: datetime) -> int:
    values: dict[str, str | datetime | int] = {
        "tenant": str(current_tenant_id()),
        "before": since,
        "most": EVENTS_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(OLD, values)
        ids = [key for (key,) in cursor.fetchall()]
    if ids:
        SpentReceipts.objects.create(ids=ids, spent_at=now)
        note_dropped(before_at=since)
    return len(ids)


def _drop_spent_receipts(now: datetime) -> None:
    for row in SpentReceipts.objects.filter(spent_at__lt=now - RECEIPTS_OUTLIVE):
        with transaction.atomic():
            Receipt.objects.filter(pk__in=row.ids).delete()
            row.delete()


def wanted(*, events: Sequence[Event], keeping: Keeping, now: datetime) -> Sequence[Event]:
    """The events that are neither older than the workspace keeps nor of somebody erased since."""
    since = keeping.since(now)
    if since is not None:
        events = [event for event in events if event.occurred_at >= since]
    return _not_erased(events) if keeping.has_erasures else events


def _not_erased(events: Sequence[Event]) -> Sequence[Event]:
    erased = erased_among(said={key for event in events for key in ids_of(event)})
    return [event for event in events if not _is_erased(event, erased)] if erased else events


def _is_erased(event: Event, erased: Mapping[str, datetime]) -> bool:
    moments = (erased.get(key) for key in ids_of(event))
    return any(at is not None and event.occurred_at <= at for at in moments)


def erased_among(*, said: Iterable[str]) -> dict[str, datetime]:
    """Of these names those of people who were erased, with the moment up to which they were."""
    digests = {text: digest_of(text) for text in said}
    rows = Erasure.objects.filter(digest__in=set(digests.values()))
    erased = {bytes(digest): at for digest, at in rows.values_list("digest", "erased_at")}
    return {text: erased[digest] for text, digest in digests.items() if digest in erased}


def ids_of(event: Event) -> Iterable[str]:
    """Every name the event has for its person."""
    said = (event.user_id, event.anonymous_id, event.previous_id, event.email)
    return {key for key in said if key}


def digest_of(said: str) -> bytes:
    """What is kept of an erased person's id: its SHA-256 with that of the workspace before it.

    Letters of an e-mail address count alike whether capital or small.
    """
    text = said.strip().lower() if "@" in said else said
    return hashlib.sha256(current_tenant_id().bytes + text.encode()).digest()


def unrepeated(*, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the messages that no receipt speaks of."""
    asked = set(ids)
    return asked - set(Receipt.objects.filter(pk__in=asked).values_list("pk", flat=True))
