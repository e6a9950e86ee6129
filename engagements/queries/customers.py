"""Reads of customers, their seats and their people."""

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from engagements.models import Customer, LicenceSeats, Stakeholder
from tenancy.queries import get_current_tenant


def get_customers() -> QuerySet[Customer]:
    """Current customers with their CSM and the seats they hold, by name."""
    return Customer.objects.current().select_related("csm")


def get_usual_zone() -> str:
    """The time zone of the workspace in force, which new customers start with."""
    return get_current_tenant().time_zone


def get_customer_names() -> dict[UUID, str]:
    """How the current customers are called, by id."""
    return dict(Customer.objects.current().values_list("pk", "name"))


def get_seats(*, on: date) -> dict[UUID, int]:
    """Seats per customer, valid on a day; a customer without a seat count is left out."""
    valid = LicenceSeats.objects.filter(customer_id=OuterRef("pk"), from_date__lte=on).order_by(
        "-from_date"
    )
    rows = Customer.objects.annotate(held=Subquery(valid.values("seats")[:1]))
    return {pk: held for pk, held in rows.values_list("pk", "held") if held is not None}


def get_seats_history(*, customer_id: UUID) -> list[LicenceSeats]:
    """Every seat count of a customer, newest first."""
    return list(LicenceSeats.objects.filter(customer_id=customer_id))


def get_stakeholders(*, customer_id: UUID) -> list[Stakeholder]:
    return list(Stakeholder.objects.filter(customer_id=customer_id))
