"""Changes to customers, engagements and the customer's people, one transaction each."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint

from engagements.models import Customer, EndUser, Engagement, LicenceSeats, Stakeholder

CUSTOMER_FIELDS = frozenset(
    {"external_id", "name", "time_zone", "segment", "renewal_date", "csm", "csm_id"}
)
ENGAGEMENT_FIELDS = frozenset(
    {
        "key",
        "name",
        "phase",
        "lead",
        "csm",
        "start_date",
        "go_live_date",
        "hypercare_end_date",
        "sign_off_date",
    }
)


@transaction.atomic
def create_customer(
    *, fields: Mapping[str, Any], seats: int | None = None, today: date
) -> Customer:
    """A new customer. Raises ValidationError, keyed by field."""
    customer = Customer(**_known(fields, CUSTOMER_FIELDS))
    _save(customer, named_by="external_id")
    if seats is not None:
        set_seats(customer=customer, seats=seats, from_date=today)
    return customer


@transaction.atomic
def change_customer(
    *, customer: Customer, fields: Mapping[str, Any], seats: int | None = None, today: date
) -> Customer:
    """Change some fields; other seats count from today on. Raises ValidationError."""
    _change(customer, _known(fields, CUSTOMER_FIELDS), named_by="external_id")
    if seats is not None and seats != seats_on(customer, today):
        set_seats(customer=customer, seats=seats, from_date=today)
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
    customer.archived_at = now
    customer.save(update_fields=["archived_at"])


@transaction.atomic
def restore_customer(*, customer: Customer) -> None:
    customer.archived_at = None
    customer.save(update_fields=["archived_at"])


@transaction.atomic
def name_stakeholder(*, customer: Customer, name: str, email: str = "") -> Stakeholder:
    """The stakeholder of that name, added when new; an address given later is taken up.

    Raises ValidationError, keyed by field.
    """
    same_name = Stakeholder.objects.filter(customer=customer, name=name.strip())
    person = same_name.filter(email=email).first() or same_name.filter(email="").first()
    if person is None:
        person = Stakeholder(customer=customer, name=name.strip(), email=email)
    elif person.email or not email:
        return person
    person.email = email
    person.full_clean()
    person.save()
    return person


@transaction.atomic
def create_engagement(*, customer: Customer, fields: Mapping[str, Any]) -> Engagement:
    """A new engagement for a customer. Raises ValidationError, keyed by field."""
    engagement = Engagement(customer=customer, **_known(fields, ENGAGEMENT_FIELDS))
    _save(engagement, named_by="key")
    return engagement


@transaction.atomic
def change_engagement(*, engagement: Engagement, fields: Mapping[str, Any]) -> Engagement:
    """Change some fields. Raises ValidationError, keyed by field."""
    _change(engagement, _known(fields, ENGAGEMENT_FIELDS), named_by="key")
    return engagement


@transaction.atomic
def note_forecast(*, engagement_id: UUID, finish_date: date | None, now: datetime) -> None:
    """Keep the forecast finish that the plan arrived at, for the header of every page."""
    Engagement.objects.filter(pk=engagement_id).update(
        forecast_finish_date=finish_date, forecast_at=now
    )


@transaction.atomic
def ensure_customers(*, external_ids: Iterable[str], time_zone: str) -> dict[str, UUID]:
    """Ids by external id; customers not known yet are created under their external id as name."""
    wanted = set(external_ids)
    Customer.objects.bulk_create(
        [
            Customer(external_id=external_id, name=external_id, time_zone=time_zone)
            for external_id in sorted(wanted - set(customer_ids(wanted)))
        ],
        ignore_conflicts=True,
    )
    return customer_ids(wanted)


def customer_ids(external_ids: Iterable[str]) -> dict[str, UUID]:
    rows = Customer.objects.filter(external_id__in=set(external_ids))
    return dict(rows.values_list("external_id", "pk"))


@transaction.atomic
def ensure_end_users(*, external_ids: Mapping[UUID, set[str]]) -> dict[tuple[UUID, str], UUID]:
    """Ids by (customer, external id); end users not known yet are created."""
    known = _end_user_ids(external_ids)
    missing = [
        EndUser(customer_id=customer_id, external_id=external_id)
        for customer_id, wanted in sorted(external_ids.items())
        for external_id in sorted(wanted)
        if (customer_id, external_id) not in known
    ]
    if not missing:
        return known
    EndUser.objects.bulk_create(missing, ignore_conflicts=True, batch_size=5000)
    return _end_user_ids(external_ids)


def _end_user_ids(external_ids: Mapping[UUID, set[str]]) -> dict[tuple[UUID, str], UUID]:
    wanted = {external_id for group in external_ids.values() for external_id in group}
    rows = EndUser.objects.filter(customer_id__in=list(external_ids), external_id__in=wanted)
    return {
        (customer_id, external_id): pk
        for customer_id, external_id, pk in rows.values_list("customer_id", "external_id", "pk")
    }


def _known(fields: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    unknown = set(fields) - allowed
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "There is no such field."))
    return dict(fields)


def _change(row: Any, fields: Mapping[str, Any], *, named_by: str) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    _save(row, named_by=named_by)


def _save(row: Any, *, named_by: str) -> None:
    """Check and keep a row; that its name is taken already is said of the field that names it."""
    try:
        _check_and_keep(row)
    except ValidationError as error:
        raise ValidationError(_by_field(row, error.error_dict, named_by)) from error


def _check_and_keep(row: Any) -> None:
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Somebody saved the same name between the check and now.
        row.full_clean()
        raise


def _by_field(row: Any, faults: dict[str, list[ValidationError]], named_by: str) -> Any:
    taken = {
        str(constraint.violation_error_message)
        for constraint in row._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    found = {name: errors for name, errors in faults.items() if name != NON_FIELD_ERRORS}
    for fault in faults.get(NON_FIELD_ERRORS, []):
        place = named_by if str(fault.message) in taken else NON_FIELD_ERRORS
        found.setdefault(place, []).append(fault)
    return found
