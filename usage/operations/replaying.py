"""What was put aside, taken in once it is known whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.models import Customer, EndUser
from usage.adapters.canonical import Event
from usage.models import Belonging, GroupName, Quarantined, Source
from usage.operations.attribution import attribute
from usage.operations.recording import store_attributed
from usage.operations.remembering import Memory

AT_ONCE = 5_000
NO_ID = UUID(int=0)


def replay_known(*, now: datetime) -> int:
    """Take in what was put aside for customers and people who are known by now."""
    same = {"tenant_id": OuterRef("tenant_id")}
    known = (
        Exists(Customer.objects.filter(**same, external_id=OuterRef("group_key")))
        | Exists(GroupName.objects.filter(**same, said=OuterRef("group_key")))
        | Q(group_key="")
        & (
            Exists(Belonging.objects.filter(**same, person=OuterRef("user_key")))
            | Exists(EndUser.objects.filter(**same, external_id=OuterRef("user_key")))
        )
    )
    return replay(rows=Quarantined.objects.filter(known), now=now)


@transaction.atomic
def replay(*, rows: QuerySet[Quarantined], now: datetime) -> int:
    """Record those of the rows that are events and can be attributed now; the others stay.

    An event counts for the time it happened, and once, however often it is sent again.
    """
    waiting = rows.filter(item__has_key="kind").select_related("source")
    came, after = 0, NO_ID
    while chunk := list(waiting.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = chunk[-1].pk
        for source in {row.source_id: row.source for row in chunk}.values():
            came += _take_in(source, [row for row in chunk if row.source_id == source.pk], now)
    return came


def _take_in(source: Source, rows: Sequence[Quarantined], now: datetime) -> int:
    events = [_event(row) for row in rows]
    found = attribute(
        events=events,
        creates_customers=source.creates_customers,
        received_at=now,
        memory=Memory(),
    )
    came = store_attributed(source_id=source.pk, items=found.known, received_at=now)
    left = {id(event) for event, _reason in found.unknown}
    taken = [row.pk for row, event in zip(rows, events, strict=True) if id(event) not in left]
    Quarantined.objects.filter(pk__in=taken).delete()
    return came


def _event(row: Quarantined) -> Event:
    item = row.item
    return Event(
        message_id=item["message_id"],
        kind=item["kind"],
        name=item["name"],
        feature=item["feature"],
        occurred_at=datetime.fromisoformat(item["occurred_at"]),
        user_id=item["user_id"],
        anonymous_id=item["anonymous_id"],
        group_id=row.group_key or None,
        email=item.get("email", ""),
    )
