"""Domains and group names of customers: how senders' words lead to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements.models import Customer
from tenancy.audit import record
from usage.models import Domain, GroupName, Quarantined
from usage.operations.replaying import replay


@transaction.atomic
def attach_group(*, said: str, customer: Customer, now: datetime) -> int:
    """Take a group name for a customer from now on, and what was put aside under it.

    Returns how many events came in. Raises ValidationError for a name that is taken.
    """
    name = GroupName(said=said, customer=customer)
    name.full_clean()
    name.save()
    came = replay(rows=Quarantined.objects.filter(group_key=said), now=now)
    facts = {"group": said, "events": came}
    record(action="group.attached", subject=customer, facts=facts, about_customer_id=customer.pk)
    return came


@transaction.atomic
def detach_group(*, name: GroupName) -> None:
    """Events under this name wait again; those that came in stay with the customer."""
    facts, customer_id = {"group": name.said}, name.customer_id
    record(
        action="group.detached", subject=name.customer, facts=facts, about_customer_id=customer_id
    )
    name.delete()


@transaction.atomic
def add_domain(*, name: str, customer: Customer, now: datetime) -> int:
    """People with such an address who name no group are the customer's, those who wait as well.

    Returns how many events came in. Raises ValidationError for a domain that is taken.
    """
    domain = Domain(name=name, customer=customer)
    domain.full_clean()
    domain.save()
    came = replay(rows=Quarantined.objects.filter(group_key=""), now=now)
    facts = {"domain": name, "events": came}
    record(action="domain.added", subject=customer, facts=facts, about_customer_id=customer.pk)
    return came


@transaction.atomic
def remove_domain(*, domain: Domain) -> None:
    """New people with such an address wait; who is known stays with the customer."""
    facts, customer_id = {"domain": domain.name}, domain.customer_id
    record(
        action="domain.removed", subject=domain.customer, facts=facts, about_customer_id=customer_id
    )
    domain.delete()
