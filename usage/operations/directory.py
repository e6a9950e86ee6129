"""Who external ids stand for: looked up in one question, created when a sender may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from engagements.operations import ensure_customers, ensure_end_users
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

# Sub-selects, so that each name is one look-up in an index whatever the planner believes about
# tables it has not counted yet. Ids leave as text: a UUID object each would cost more than the rest.
FIND = """
SELECT w.place, encode(uuid_send(w.customer_id), 'hex'), (
    SELECT encode(uuid_send(u.id), 'hex') FROM engagements_enduser u
    WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = w.customer_id
        AND u.external_id = w.person
)
FROM (
    SELECT n.place, n.person, coalesce((
        SELECT coalesce(c.merged_into_id, c.id) FROM engagements_customer c
        WHERE c.tenant_id = %(tenant)s::uuid AND c.external_id = n.customer
    ), (
        SELECT g.customer_id FROM usage_groupname g
        WHERE g.tenant_id = %(tenant)s::uuid AND g.said = n.customer
    )) AS customer_id
    FROM unnest(%(customers)s::text[], %(users)s::text[])
        WITH ORDINALITY AS n(customer, person, place)
    OFFSET 0
) w
WHERE w.customer_id IS NOT NULL
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
    values: dict[str, str | list[str]] = {
        "tenant": str(current_tenant_id()),
        "customers": [customer for customer, _user in pairs],
        "users": [user for _customer, user in pairs],
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
