"""Taking everything away that is stored of one end user, so that nothing sent again restores it.

Receipts of what they did stay, and a digest of each of their names with the moment: events from
before it are left out at the door. Figures are counted again without them by the coming night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from engagements.operations import erase_end_users
from tenancy import meters
from tenancy.audit import record
from tenancy.scope import current_tenant_id
from usage.models import Erasure, Receipt, Source
from usage.operations.keeping import digest_of
from usage.operations.recounting import forget_days
from usage.queries.traces import (
    Traces,
    get_aliases_of,
    get_belongings_of,
    get_exclusions_of,
    get_put_aside_of,
    get_traces,
)

FORGET_EVENTS = """
DELETE FROM usage_event e
USING unnest(%(customers)s::uuid[], %(users)s::uuid[]) AS p(customer_id, end_user_id)
WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = p.customer_id
    AND e.end_user_id = p.end_user_id
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went: end users, events, and items that were put aside."""

    end_users: int
    events: int
    put_aside: int


@transaction.atomic
def erase_person(*, said: str, now: datetime) -> Erased:
    """Erase the person of this id or e-mail address: events, days, names, and what waits.

    The audit log says that and how much, and not of whom. Nothing is erased of a name nobody has.
    """
    traces = get_traces(said=said)
    users = [one.end_user_id for one in traces.known_as]
    forget_days(end_user_ids=users)
    events = _forget_events(traces)
    aside = _forget_put_aside(traces)
    for rows in (get_belongings_of, get_aliases_of, get_exclusions_of):
        rows(ids=traces.ids).delete()
    erase_end_users(ids=users)
    _remember(traces, now)
    # What was asked last is shown for a while, as it was sent.
    meters.forget_entries(doors=[str(pk) for pk in Source.objects.values_list("pk", flat=True)])
    erased = Erased(len(users), events, aside)
    facts = {"end_users": len(users), "events": events, "put_aside": aside}
    record(action="end_user.erased", facts=facts)
    return erased


def _forget_events(traces: Traces) -> int:
    values: dict[str, str | list[str]] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(one.customer_id) for one in traces.known_as],
        "users": [str(one.end_user_id) for one in traces.known_as],
    }
    with connection.cursor() as cursor:
        cursor.execute(FORGET_EVENTS, values)
        gone: int = cursor.rowcount
    return gone


def _forget_put_aside(traces: Traces) -> int:
    """What waited under its message id gets a receipt, as if it had been taken in."""
    rows = get_put_aside_of(ids=traces.ids)
    ids: list[UUID] = [row.pk for row in rows]
    Receipt.objects.bulk_create((Receipt(pk=key) for key in ids), ignore_conflicts=True)
    rows.delete()
    return len(ids)


def _remember(traces: Traces, now: datetime) -> None:
    if traces.is_nothing:
        return
    Erasure.objects.bulk_create(
        (Erasure(digest=digest_of(said), erased_at=now) for said in traces.ids),
        update_conflicts=True,
        unique_fields=["tenant", "digest"],
        update_fields=["erased_at"],
    )
