"""What the demo keeps of its customers beyond use: money, fields of one's own, views, covers.
Invented; the same every time."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engagements import operations
from engagements.models import Customer
from people.models import User

# One after the other, for the customers in their order.
INDUSTRIES = ("Energy", "Health", "Transport", "Manufacturing", "Public sector", "Retail")
CURRENCIES = ("EUR", "EUR", "GBP", "EUR", "EUR", "USD")
A_SEAT = (384, 420, 360, 456)
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "customer",
        {"label": "Contract", "type": "choice", "choices": ["Enterprise", "Standard", "Pilot"]},
    ),
    ("customer", {"label": "Sites", "type": "number"}),
    ("customer", {"label": "Next security review", "type": "date"}),
    ("customer", {"label": "May be named as a reference", "type": "yes_no"}),
    ("engagement", {"label": "Partner who installs", "type": "text"}),
)
VIEWS = (
    ("Renewals this quarter", "renewal=90&sort=renewal", True),
    ("Enterprise", "own%3Acontract=Enterprise&sort=-arr", True),
    ("Mine", "csm=me", False),
)


def tell_portfolio(
    *,
    customers: Mapping[str, tuple[Customer, int]],
    persons: Mapping[str, User],
    now: datetime,
) -> None:
    """`customers` are those of the story with their seats, by external id, in its order."""
    for kind, fields in FIELDS:
        operations.add_custom_field(kind=kind, fields=fields)
    for place, (customer, seats) in enumerate(customers.values()):
        facts = dict(_facts(place, seats, now.date()))
        operations.change_customer(customer=customer, fields=facts, today=now.date())
    mara, tomas = persons.get("mara"), persons.get("tomas")
    if mara is None or tomas is None:
        return
    for name, query, shared in VIEWS:
        operations.save_view(owner=mara, query=query, fields={"name": name, "is_shared": shared})
    _merge(next(iter(customers.values()))[0], mara, now)
    _hand_over([customer for customer, _seats in customers.values()], tomas, mara, now)
    operations.arrange_cover(
        person=mara,
        stand_in=tomas,
        from_date=now.date() + timedelta(days=12),
        to_date=now.date() + timedelta(days=26),
        note="Halden’s shift leaders want an answer on the tablets.",
        by=mara,
    )


def _facts(place: int, seats: int, today: date) -> Iterator[tuple[str, Any]]:
    yield "industry", INDUSTRIES[place % len(INDUSTRIES)]
    yield "currency", CURRENCIES[place % len(CURRENCIES)]
    if seats:
        yield "yearly_amount", Decimal(seats * A_SEAT[place % len(A_SEAT)])
    contracts = ("Enterprise", "Standard", "Standard", "Pilot")
    custom: dict[str, Any] = {
        "contract": contracts[place % len(contracts)],
        "sites": 1 + (place * 5) % 14,
        "may_be_named_as_a_reference": place % 3 == 0,
    }
    if place % 2 == 0:
        custom["next_security_review"] = (today + timedelta(days=40 + 17 * place)).isoformat()
    yield "custom", custom


def _merge(kept: Customer, by: User, now: datetime) -> None:
    """The company had come in a second time, from the billing system."""
    double = operations.create_customer(
        fields={"external_id": "billing-10442", "name": f"{kept.name} AS", "time_zone": "UTC"},
        today=now.date(),
    )
    operations.name_stakeholder(customer=double, name="Ragnhild Moe", email="moe@halden.example")
    merged_at = now - timedelta(days=2)
    operations.merge_customers(kept=kept, gone=double, by=by, now=merged_at)


def _hand_over(customers: list[Customer], before: User, after: User, now: datetime) -> None:
    """One customer had been somebody else's until a month ago."""
    handed = next((row for row in reversed(customers) if row.csm_id == after.pk), None)
    if handed is None:
        return
    Customer.objects.filter(pk=handed.pk).update(csm=before)
    operations.hand_over(
        from_user=before,
        to_user=after,
        customers=[handed],
        with_work=True,
        note="Ask for Petra first; mail goes unread there.",
        by=before,
        now=now - timedelta(days=31),
    )
