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

Pair = tuple[str, str]
Keys = tuple[bytes, bytes]


@dataclass(slots=True)
class Directory:
    """Keys of customers and their end users by what a sender calls them, remembered.

    Lives as long as one request or one file.
    """

    creates_customers: bool
    _known: dict[Pair, Keys] = field(default_factory=dict)

    def learn(self, pairs: Iterable[Pair]) -> None:
        """Look up pairs of (customer, user). Unknown users of known customers are created."""
        unknown = list(set(pairs) - self._known.keys())
        if not unknown:
            return
        self._known |= (found := self._find_or_create(unknown))
        strangers = set(unknown) - found.keys()
        if self.creates_customers and strangers:
            zone = Tenant.objects.get(pk=current_tenant_id()).time_zone
            names = {customer for customer, _user in strangers}
            ensure_customers(external_ids=names, time_zone=zone)
            self._known |= self._find_or_create(sorted(strangers))

    def _find_or_create(self, pairs: list[Pair]) -> dict[Pair, Keys]:
        found, newcomers = _find(pairs)
        if newcomers:
            wanted: dict[UUID, set[str]] = {}
            for (_name, user), customer_id in newcomers.items():
                wanted.setdefault(customer_id, set()).add(user)
            ensure_end_users(external_ids=wanted)
            found |= _find(sorted(newcomers))[0]
        return found

    def __getitem__(self, pair: Pair) -> Keys:
        """As `get`, for a pair that must be known. Raises KeyError."""
        return self._known[pair]

    def get(self, customer: str | None, user: str | None) -> Keys | None:
        """(customer, end user) of a pair learnt before, 16 bytes each; None for an unknown one."""
        return self._known.get((customer or "", user or ""))


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
