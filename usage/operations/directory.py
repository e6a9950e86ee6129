"""Who external ids stand for: looked up in one question, created when a sender may."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from engagements.operations import customer_ids, ensure_customers, ensure_end_users
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

# Pairs instead of two lists of alternatives: one index look-up each, and a short statement.
FIND_USERS = """
SELECT u.customer_id, u.external_id, u.id
FROM unnest(%(customers)s::uuid[], %(users)s::text[]) AS w(customer_id, external_id)
JOIN engagements_enduser u ON u.tenant_id = %(tenant)s::uuid
    AND u.customer_id = w.customer_id AND u.external_id = w.external_id
"""

Pair = tuple[str, str]


@dataclass(slots=True)
class Directory:
    """Ids of customers and of their end users by what a sender calls them, remembered.

    Lives as long as one request or one file.
    """

    creates_customers: bool
    customers: dict[str, UUID] = field(default_factory=dict)
    users: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def learn(self, pairs: Iterable[Pair]) -> None:
        """Look up customers and their users, given as (customer, user). Users are created."""
        wanted = list(pairs)
        self._learn_customers({customer for customer, _user in wanted})
        known = [
            (self.customers[customer], user)
            for customer, user in wanted
            if customer in self.customers
        ]
        self._learn_users({pair for pair in known if pair not in self.users})

    def known(self, customer: str, user: str) -> tuple[UUID, UUID]:
        """(customer, end user) of a pair learnt before. Raises KeyError for an unknown customer."""
        customer_id = self.customers[customer]
        return customer_id, self.users[customer_id, user]

    def _learn_customers(self, names: Collection[str]) -> None:
        unknown = set(names) - self.customers.keys()
        if not unknown:
            return
        found = customer_ids(unknown)
        missing = unknown - found.keys()
        if missing and self.creates_customers:
            zone = Tenant.objects.get(pk=current_tenant_id()).time_zone
            found |= ensure_customers(external_ids=missing, time_zone=zone)
        self.customers |= found

    def _learn_users(self, pairs: set[tuple[UUID, str]]) -> None:
        if not pairs:
            return
        self.users |= _find_users(pairs)
        missing: dict[UUID, set[str]] = {}
        for customer_id, user in pairs - self.users.keys():
            missing.setdefault(customer_id, set()).add(user)
        if missing:
            self.users |= ensure_end_users(external_ids=missing)


def _find_users(pairs: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    values: dict[str, str | list[str]] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(customer_id) for customer_id, _user in pairs],
        "users": [user for _customer_id, user in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND_USERS, values)
        return {(customer_id, user): pk for customer_id, user, pk in cursor.fetchall()}
