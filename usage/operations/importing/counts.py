"""Counts of days from a file: each stands once, and a later file's stands in the place of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from engagements.operations import ensure_customers
from engagements.operations.customers import customer_ids
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id
from usage.adapters.files import RowError
from usage.adapters.files.counts import Count, CountBlock
from usage.models import GroupName
from usage.operations.importing.outcomes import ImportOutcome

# In the order of the key, so that two files of the same days cannot wait for each other. Of this
# file's own rows none is in the table twice, so none is changed by another of them.
KEEP = """
INSERT INTO usage_dailycount (tenant_id, id, customer_id, day, feature, active_users, events,
                              usage_import_id, read_at)
SELECT %(tenant)s::uuid, uuidv7(), c.customer, c.day, c.feature, c.active_users, c.events,
       %(file)s::uuid, %(now)s
FROM unnest(%(customers)s::uuid[], %(days)s::date[], %(features)s::text[], %(people)s::bigint[],
            %(events)s::bigint[]) AS c(customer, day, feature, active_users, events)
ORDER BY c.customer, c.day, c.feature
ON CONFLICT (tenant_id, customer_id, day, feature) DO UPDATE
SET active_users = excluded.active_users, events = excluded.events,
    usage_import_id = excluded.usage_import_id, read_at = excluded.read_at
WHERE usage_dailycount.usage_import_id <> excluded.usage_import_id
RETURNING new.customer_id, new.day, new.feature, old.id IS NULL,
    old.events IS NOT DISTINCT FROM new.events
        AND old.active_users IS NOT DISTINCT FROM new.active_users
"""
TWICE = "this file counts this customer, day and feature already"

Place = tuple[str, date, str]


def store_counts(
    *, block: CountBlock, import_id: UUID, now: datetime
) -> tuple[ImportOutcome, Sequence[RowError]]:
    """Keep a block's counts. Of two rows for one customer, day and feature the first is meant."""
    customers = _customers({count.customer for count in block.counts})
    meant: dict[Place, Count] = {}
    for count in block.counts:
        meant.setdefault((str(customers[count.customer]), count.day, count.feature), count)
    stored = _store(meant, import_id, now) if meant else {}
    new = sum(is_new for is_new, _is_same in stored.values())
    same = sum(is_same for _is_new, is_same in stored.values())
    kept = {count.row for place, count in meant.items() if place in stored}
    twice = [RowError(c.row, "day", TWICE) for c in block.counts if c.row not in kept]
    errors = sorted([*block.errors, *twice], key=lambda error: error.row)
    changed = len(stored) - new - same
    return ImportOutcome(block.rows, new, changed, same, len(errors)), errors


def _store(
    meant: dict[Place, Count], import_id: UUID, now: datetime
) -> dict[Place, tuple[bool, bool]]:
    """By place: whether nothing stood there, and whether the same did. Places that this file has
    filled before are missing."""
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "file": str(import_id),
        "now": now,
        "customers": [customer for customer, _day, _feature in meant],
        "days": [day for _customer, day, _feature in meant],
        "features": [feature for _customer, _day, feature in meant],
        "people": [count.active_users for count in meant.values()],
        "events": [count.events for count in meant.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        return {
            (str(customer), day, feature): (is_new, is_same and not is_new)
            for customer, day, feature, is_new, is_same in cursor.fetchall()
        }


def _customers(names: Iterable[str]) -> dict[str, UUID]:
    """Whom a file means: by external id, by what a group is called, or a new customer."""
    wanted = set(names)
    found = customer_ids(wanted)
    called = GroupName.objects.filter(said__in=wanted - found.keys())
    found |= dict(called.values_list("said", "customer_id"))
    if strangers := wanted - found.keys():
        zone = Tenant.objects.get(pk=current_tenant_id()).time_zone
        found |= ensure_customers(external_ids=strangers, time_zone=zone)
    return found
