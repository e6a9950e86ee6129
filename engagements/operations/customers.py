"""Changes to customers and the seats they hold."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from engagements.models import Customer, LicenceSeats
from engagements.operations.custom_fields import own_changes, put_own_values
from engagements.operations.references import set_references
from engagements.operations.saving import change, known, save
from tenancy.audit import record
from tenancy.queries import get_current_tenant

# How many of the customers that events brought along the audit log names.
NAMED_AT_MOST = 20
CUSTOMER_FIELDS = frozenset(
    {
        "external_id",
        "name",
        "time_zone",
        "segment",
        "industry",
        "currency",
        "yearly_amount",
        "renewal_date",
        "working_days",
        "holiday_region",
        "csm",
        "csm_id",
        "custom",
    }
)


@transaction.atomic
def create_customer(
    *,
    fields: Mapping[str, Any],
    seats: int | None = None,
    references: Mapping[str, str] | None = None,
    today: date,
) -> Customer:
    """A new customer, with the workspace's zone and currency unless others are given.

    `references` are its ids in other systems, by system. Raises ValidationError, keyed by field.
    """
    workspace = get_current_tenant()
    usual = {"currency": workspace.currency, "time_zone": workspace.time_zone}
    given = known(fields, CUSTOMER_FIELDS)
    customer = Customer(**(usual | put_own_values(Customer(), given)))
    save(customer, named_by="external_id")
    if seats is not None:
        set_seats(customer=customer, seats=seats, from_date=today)
    known_as = set_references(customer=customer, references=references) if references else {}
    facts = {"external_id": customer.external_id, "seats": seats}
    _record("customer.created", customer, facts | known_as)
    return customer


def _record(action: str, customer: Customer, facts: Mapping[str, Any] | None = None) -> None:
    record(action=action, subject=customer, facts=facts, about_customer_id=customer.pk)


@transaction.atomic
def change_customer(
    *,
    customer: Customer,
    fields: Mapping[str, Any],
    seats: int | None = None,
    references: Mapping[str, str] | None = None,
    today: date,
) -> Customer:
    """Change some fields; other seats count from today on. `references`, where given, are all of
    its ids in other systems. Raises ValidationError, keyed by field.
    """
    given = put_own_values(customer, known(fields, CUSTOMER_FIELDS))
    facts = own_changes(change(customer, given, named_by="external_id"))
    if seats is not None and seats != (before := seats_on(customer, today)):
        set_seats(customer=customer, seats=seats, from_date=today)
        facts["seats"] = [before, seats]
    if references is not None:
        facts |= set_references(customer=customer, references=references)
    if facts:
        _record("customer.changed", customer, facts)
    return customer


def seats_on(customer: Customer, day: date) -> int | None:
    row = LicenceSeats.objects.filter(customer=customer, from_date__lte=day).first()
    return row.seats if row else None


@transaction.atomic
def set_seats(*, customer: Customer, seats: int, from_date: date) -> LicenceSeats:
    """State the seats from a day on; the days before keep theirs."""
    row, _created = LicenceSeats.objects.update_or_create(
        customer=customer, from_date=from_date, defaults={"seats": seats}
    )
    return row


@transaction.atomic
def archive_customer(*, customer: Customer, now: datetime) -> None:
    if customer.archived_at is not None:
        return
    customer.archived_at = now
    customer.save(update_fields=["archived_at"])
    _record("customer.archived", customer)


@transaction.atomic
def restore_customer(*, customer: Customer) -> None:
    """Raises ValidationError for one that was merged into another."""
    if customer.merged_into_id:
        words = _("%(name)s was merged into another customer. Undo the merge instead.")
        raise ValidationError(words % {"name": customer.name})
    if customer.archived_at is None:
        return
    customer.archived_at = None
    customer.save(update_fields=["archived_at"])
    _record("customer.restored", customer)


@transaction.atomic
def ensure_customers(*, external_ids: Iterable[str], time_zone: str) -> dict[str, UUID]:
    """Ids by external id; customers not known yet are created under their external id as name."""
    wanted = set(external_ids)
    missing = sorted(wanted - set(customer_ids(wanted)))
    if missing:
        Customer.objects.bulk_create(
            [
                Customer(external_id=external_id, name=external_id, time_zone=time_zone)
                for external_id in missing
            ],
            ignore_conflicts=True,
        )
        facts = {"count": len(missing), "external_ids": missing[:NAMED_AT_MOST]}
        record(action="customers.brought_by_events", facts=facts)
    return customer_ids(wanted)


def customer_ids(external_ids: Iterable[str]) -> dict[str, UUID]:
    """Ids by external id; that of a customer merged into another leads to the kept one."""
    rows = Customer.objects.filter(external_id__in=set(external_ids))
    meant = Coalesce("merged_into_id", "pk")
    return dict(rows.values_list("external_id", meant))
