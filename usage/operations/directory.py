"""Who external ids stand for: looked up in one question, created when a sender may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from django.db import connection

from engagements.operations import ensure_customers, ensure_end_users
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id
from usage.operations.remembering import Keys, Memory, Pair, remember

# Sub-selects, so that each name is one look-up in an index whatever the planner believes about
# tables it has not counted yet. The workspace is asked for as well: to a planner that knows its id
# and has not counted it, a walk over all its people looks as short as one look-up. Ids leave as
# text: a UUID object each would cost more than the rest. Names come as JSON, one text in place of
# thousands of parameters.
FIND = """
WITH named AS MATERIALIZED (
    SELECT n.place::int - 1 AS place, coalesce((
        SELECT coalesce(c.merged_into_id, c.id) FROM engagements_customer c
        WHERE c.tenant_id = (SELECT %(tenant)s::uuid) AND c.external_id = n.name
    ), (
        SELECT g.customer_id FROM usage_groupname g
        WHERE g.tenant_id = (SELECT %(tenant)s::uuid) AND g.said = n.name
    )) AS customer_id
    FROM json_array_elements_text(%(customers)s::json) WITH ORDINALITY AS n(name, place)
)
SELECT p.place, encode(uuid_send(p.customer_id), 'hex'), (
    SELECT encode(uuid_send(u.id), 'hex') FROM engagements_enduser u
    WHERE u.tenant_id = (SELECT %(tenant)s::uuid) AND u.customer_id = p.customer_id
        AND u.external_id = p.person
)
FROM (
    SELECT w.person, w.place, named.customer_id
    FROM ROWS FROM (
        json_array_elements_text(%(users)s::json), unnest(%(places)s::int[])
    ) WITH ORDINALITY AS w(person, customer_place, place)
    JOIN named ON named.place = w.customer_place
    WHERE named.customer_id IS NOT NULL
    OFFSET 0
) p
"""


@dataclass(slots=True)
class Directory:
    """Keys of customers and their end users by what a sender calls them.

    Lives as long as one request or one file; what `memory` holds is not looked up.
    """

    creates_customers: bool
    memory: Memory = field(default_factory=Memory)
    _known: dict[Pair, Keys] = field(default_factory=dict)

    def learn(self, pairs: Iterable[Pair]) -> None:
        """Look up pairs of (customer, user). Unknown users of known customers are created."""
        unknown = self._not_remembered(set(pairs) - self._known.keys())
        if unknown:
            found = self._find_or_create(unknown)
            self._known |= found
            remember(self.memory, keys=found)

    def _not_remembered(self, pairs: Iterable[Pair]) -> list[Pair]:
        unknown = []
        for pair in pairs:
            keys = self.memory.keys.get(pair)
            if keys is None:
                unknown.append(pair)
            else:
                self._known[pair] = keys
        return unknown

    def _find_or_create(self, pairs: list[Pair]) -> dict[Pair, Keys]:
        """Customers first and all end users after them, each in their order: two that create the
        same cannot wait for each other."""
        found, newcomers = _find(pairs)
        strangers = [pair for pair in pairs if pair not in found and pair not in newcomers]
        if self.creates_customers and strangers:
            zone = Tenant.objects.get(pk=current_tenant_id()).time_zone
            names = {customer for customer, _user in strangers}
            ensure_customers(external_ids=names, time_zone=zone)
            of_strangers = _find(strangers)
            found |= of_strangers[0]
            newcomers |= of_strangers[1]
        return found | _created(newcomers)

    def __getitem__(self, pair: Pair) -> Keys:
        """As `get`, for a pair that must be known. Raises KeyError."""
        return self._known[pair]

    def get(self, customer: str | None, user: str | None) -> Keys | None:
        """(customer, end user) of a pair learnt before, 16 bytes each; None for an unknown one."""
        return self._known.get((customer or "", user or ""))


def _created(newcomers: dict[Pair, UUID]) -> dict[Pair, Keys]:
    """End users nobody knew until now, of customers that are known."""
    wanted: dict[UUID, set[str]] = {}
    for (_name, user), customer_id in newcomers.items():
        wanted.setdefault(customer_id, set()).add(user)
    made = ensure_end_users(external_ids=wanted) if wanted else {}
    return {
        pair: (customer_id.bytes, made[customer_id, pair[1]].bytes)
        for pair, customer_id in newcomers.items()
    }


def _find(pairs: list[Pair]) -> tuple[dict[Pair, Keys], dict[Pair, UUID]]:
    """The pairs that exist, and the customers of those that exist without that user."""
    customers = {name: place for place, name in enumerate({name: 0 for name, _user in pairs})}
    values = {
        "tenant": str(current_tenant_id()),
        "customers": _json(list(customers)),
        "users": _json([user for _customer, user in pairs]),
        "places": f"{{{','.join([str(customers[name]) for name, _user in pairs])}}}",
    }
    found: dict[Pair, Keys] = {}
    newcomers: dict[Pair, UUID] = {}
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        for place, customer, user in cursor.fetchall():
            if user is None:
                newcomers[pairs[place - 1]] = UUID(customer)
            else:
                found[pairs[place - 1]] = bytes.fromhex(customer), bytes.fromhex(user)
    return found, newcomers


def _json(texts: list[str]) -> str:
    return orjson.dumps(texts).decode()
