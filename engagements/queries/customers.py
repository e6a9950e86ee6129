"""Reads of customers, their seats and their people."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from engagements.models import Customer, Engagement, LicenceSeats, Stakeholder
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


def with_seats(rows: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Engagements with every seat count of their customer, for `seats_on`."""
    steps = LicenceSeats.objects.filter(customer_id=OuterRef("customer_id")).order_by("from_date")
    step = JSONObject(from_date="from_date", seats="seats")
    return rows.annotate(seat_steps=ArraySubquery(steps.values_list(step)))


def seats_on(engagement: Engagement, day: date) -> int | None:
    """The seats of its customer on a day, of an engagement that was read `with_seats`."""
    steps: list[dict[str, Any]] = engagement.seat_steps  # type: ignore[attr-defined]
    held = [step["seats"] for step in steps if step["from_date"] <= day.isoformat()]
    return held[-1] if held else None


def get_seats_history(*, customer_id: UUID) -> list[LicenceSeats]:
    """Every seat count of a customer, newest first."""
    return list(LicenceSeats.objects.filter(customer_id=customer_id))


def get_stakeholders(*, customer_id: UUID) -> list[Stakeholder]:
    return list(Stakeholder.objects.filter(customer_id=customer_id))
