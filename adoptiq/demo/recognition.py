"""What a workspace has said of its senders' words, and one group that nobody has placed yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Customer
from people.models import User
from usage import operations
from usage.adapters.canonical import Event, Received
from usage.models import Exclusion, Source

GROUP, PEOPLE, EVENTS = "billing-20418", 5, 24


def tell_recognition(
    *, source: Source, customer: Customer, vendor_domain: str, by: User, now: datetime
) -> None:
    """A name and a domain of one customer, the vendor's own people left out, events that wait."""
    key = customer.external_id
    operations.attach_group(said=f"crm-{key}", customer=customer, now=now)
    operations.add_domain(name=f"{key}.example", customer=customer, now=now)
    operations.leave_out(
        kind=Exclusion.Kind.DOMAIN, pattern=vendor_domain, reason="Our own people", by=by
    )
    waiting = [_event(number, now) for number in range(EVENTS)]
    operations.record_events(source=source, received=Received(waiting, []), received_at=now)


def _event(number: int, now: datetime) -> Event:
    return Event(
        message_id=f"waiting-{number}",
        kind="track",
        name="Invoice Opened",
        occurred_at=now - timedelta(hours=3 * number + 1),
        user_id=f"person-{number % PEOPLE + 1}",
        group_id=GROUP,
    )
