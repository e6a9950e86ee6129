"""Changes to the seats a customer holds, by themselves."""

from datetime import date

from django.db import transaction

from engagements.models import Customer, LicenceSeats
from engagements.operations.customers import set_seats
from tenancy.audit import record


@transaction.atomic
def state_seats(*, customer: Customer, from_date: date, seats: int) -> LicenceSeats:
    """The seats from a day on; a count stated for that day before is replaced."""
    row = set_seats(customer=customer, seats=seats, from_date=from_date)
    facts = {"from_date": from_date, "seats": seats}
    record(
        action="customer.seats_stated",
        subject=customer,
        facts=facts,
        about_customer_id=customer.pk,
    )
    return row
