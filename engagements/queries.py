"""Reads of customers, engagements and the customer's people, as values that pages and API share."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from engagements.models import Customer, Engagement, LicenceSeats, Phase, Stakeholder
from rendering.sparkline import elapsed
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

# What a customer is in a spreadsheet, going out and coming in.
CUSTOMER_COLUMNS = ("external_id", "name", "time_zone", "segment", "seats", "renewal_date", "csm")


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the stepper: done, now or ahead, and what there is to say about it."""

    key: str
    state: str
    starts: date | None = None
    ends: date | None = None
    # How much of it is over, in percent, in steps of 5.
    elapsed: int = 50


@dataclass(frozen=True, slots=True)
class EngagementHeader:
    """What stands at the top of every page of an engagement."""

    id: UUID
    key: str
    name: str
    customer_id: UUID
    customer_name: str
    time_zone: str
    phase: str
    phase_label: str
    steps: tuple[Step, ...]
    lead_name: str
    csm_name: str
    start_date: date | None
    go_live_date: date | None
    hypercare_end_date: date | None
    sign_off_date: date | None
    forecast_finish_date: date | None
    forecast_at: datetime | None

    @property
    def days_late(self) -> int | None:
        """Calendar days the forecast lies behind the agreed sign-off; negative when ahead."""
        if self.forecast_finish_date is None or self.sign_off_date is None:
            return None
        return (self.forecast_finish_date - self.sign_off_date).days


def get_usual_zone() -> str:
    """The time zone of the workspace in force, which new customers start with."""
    return Tenant.objects.only("time_zone").get(pk=current_tenant_id()).time_zone


def get_customers() -> QuerySet[Customer]:
    """Current customers with their CSM and the seats they hold, by name."""
    return Customer.objects.current().select_related("csm")


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


def get_engagements(*, customer_id: UUID | None = None) -> QuerySet[Engagement]:
    """Engagements with customer, SPL and CSM, of one customer or of all."""
    rows = Engagement.objects.select_related("customer", "lead", "csm")
    return rows if customer_id is None else rows.filter(customer_id=customer_id)


def get_engagement_header(*, engagement_id: UUID, today: date) -> EngagementHeader:
    """The header of an engagement. Raises Engagement.DoesNotExist."""
    return header_of(get_engagements().get(pk=engagement_id), today=today)


def header_of(row: Engagement, *, today: date) -> EngagementHeader:
    return EngagementHeader(
        id=row.pk,
        key=row.key,
        name=row.name,
        customer_id=row.customer_id,
        customer_name=row.customer.name,
        time_zone=row.customer.time_zone,
        phase=row.phase,
        phase_label=str(Phase(row.phase).label),
        steps=steps_of(row, today),
        lead_name=str(row.lead) if row.lead else "",
        csm_name=str(row.csm) if row.csm else "",
        start_date=row.start_date,
        go_live_date=row.go_live_date,
        hypercare_end_date=row.hypercare_end_date,
        sign_off_date=row.sign_off_date,
        forecast_finish_date=row.forecast_finish_date,
        forecast_at=row.forecast_at,
    )


def steps_of(row: Engagement, today: date) -> tuple[Step, ...]:
    """Sell, implement, adopt, hypercare, sign-off, value: the six stations every engagement has."""
    at = Phase(row.phase).position
    return (
        Step("sell", _state(at, 0), ends=row.start_date),
        _window("implement", _state(at, 1), row.start_date, row.go_live_date, today),
        _window("adopt", _state(at, 2), row.go_live_date, row.sign_off_date, today),
        _window(
            "hypercare", _hypercare(row, today), row.go_live_date, row.hypercare_end_date, today
        ),
        Step("sign_off", "done" if at >= 3 else "ahead", ends=row.sign_off_date),
        Step("value", "now" if at >= 3 else "ahead"),
    )


def _window(key: str, state: str, starts: date | None, ends: date | None, today: date) -> Step:
    if starts is None or ends is None:
        return Step(key, state, starts, ends)
    over = elapsed(starts.toordinal(), ends.toordinal(), today.toordinal())
    return Step(key, state, starts, ends, over)


def _state(at: int, position: int) -> str:
    if at == position:
        return "now"
    return "done" if at > position else "ahead"


def _hypercare(row: Engagement, today: date) -> str:
    adopting = row.phase == Phase.ADOPT
    ended = row.hypercare_end_date is not None and today > row.hypercare_end_date
    if Phase(row.phase).position > Phase.ADOPT.position or (adopting and ended):
        return "done"
    begun = row.go_live_date is not None and today >= row.go_live_date
    return "now" if adopting and begun and row.hypercare_end_date else "ahead"


def get_export_rows(*, today: date) -> list[dict[str, Any]]:
    """Customers as the import reads them, so that an export can be edited and read back."""
    seats = get_seats(on=today)
    return [
        {
            "external_id": customer.external_id,
            "name": customer.name,
            "time_zone": customer.time_zone,
            "segment": customer.segment,
            "seats": seats.get(customer.pk, ""),
            "renewal_date": customer.renewal_date or "",
            "csm": customer.csm.email if customer.csm else "",
        }
        for customer in get_customers()
    ]
