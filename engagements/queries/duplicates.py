"""Customers that look like one and the same: by their names, or by their people's addresses."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from engagements.models import Customer, Stakeholder

LEGAL_FORMS = frozenset(
    {
        *("ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "group"),
        *("inc", "kg", "limited", "llc", "ltd", "nv", "oy", "plc", "pte", "sa", "sas", "se", "spa"),
        *("srl", "the"),
    }
)
# Addresses that say nothing about a company.
PUBLIC_MAIL = frozenset(
    {
        *("aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com"),
        *("icloud.com", "live.com", "me.com", "outlook.com", "proton.me", "protonmail.com"),
        *("web.de", "yahoo.com", "example.com", "example.net", "example.org"),
    }
)
MOST_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Alike:
    """One of some customers that look alike."""

    id: UUID
    name: str
    external_id: str
    segment: str
    csm_name: str
    renewal_date: date | None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Customers that look alike and why: `reason` is name or domain, `what` the thing shared."""

    reason: str
    what: str
    customers: tuple[Alike, ...]


def plain_name(name: str) -> str:
    """A company's name without its legal form, case and punctuation; may come out empty."""
    words = re.sub(r"[\W_]+", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS)


def count_duplicates() -> int:
    """How many groups of current customers have the same name."""
    names = Customer.objects.current().order_by().values_list("name", flat=True)
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[plain_name(name)] += 1
    return sum(count > 1 for name, count in counts.items() if name)


def get_duplicates() -> list[Duplicates]:
    """Groups of current customers with the same name, then those whose people share a domain."""
    customers = {row.pk: row for row in Customer.objects.current().select_related("csm")}
    by_name = _grouped((plain_name(row.name), pk) for pk, row in customers.items())
    by_domain = _grouped(_domains(customers))
    said = {frozenset(group) for group in by_name.values()}
    groups = [("name", what, group) for what, group in by_name.items()]
    groups += [
        ("domain", what, group) for what, group in by_domain.items() if frozenset(group) not in said
    ]
    return [
        Duplicates(reason, what, tuple(_alike(customers[pk]) for pk in group))
        for reason, what, group in groups[:MOST_GROUPS]
    ]


def _domains(customers: Iterable[UUID]) -> Iterable[tuple[str, UUID]]:
    current = set(customers)
    rows = Stakeholder.objects.exclude(email="").order_by("customer__name", "customer_id")
    for customer_id, email in rows.values_list("customer_id", "email"):
        domain = email.rpartition("@")[2].lower()
        if customer_id in current and domain not in PUBLIC_MAIL:
            yield domain, customer_id


def _grouped(pairs: Iterable[tuple[str, UUID]]) -> dict[str, list[UUID]]:
    """Whatever more than one customer shares."""
    found: dict[str, dict[UUID, None]] = defaultdict(dict)
    for what, customer_id in pairs:
        if what:
            found[what][customer_id] = None
    return {what: list(group) for what, group in found.items() if len(group) > 1}


def _alike(row: Customer) -> Alike:
    return Alike(
        id=row.pk,
        name=row.name,
        external_id=row.external_id,
        segment=row.segment,
        csm_name=str(row.csm) if row.csm else "",
        renewal_date=row.renewal_date,
    )


def find_customers(text: str, *, but: UUID) -> QuerySet[Customer]:
    """Current customers whose name or external id has a text in it, one left out."""
    rows = Customer.objects.current().select_related("csm").exclude(pk=but)
    return rows.filter(Q(name__icontains=text) | Q(external_id__icontains=text))
