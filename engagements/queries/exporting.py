"""Customers and rosters as tables that the imports read back, cell by cell as they are typed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engagements.calendars import write_week
from engagements.custom_fields import Field
from engagements.models import Customer, CustomField, Engagement, RosterEntry
from engagements.queries.customers import get_customers, get_seats
from engagements.queries.fields import as_shown, get_custom_fields
from engagements.queries.references import References, get_reference_systems, get_references
from engagements.queries.rosters import ROSTER_COLUMNS

CUSTOMER_COLUMNS = (
    *("external_id", "name", "time_zone", "segment", "industry", "currency", "arr", "seats"),
    *("renewal_date", "csm", "working_days", "holiday_region"),
)
ENGAGEMENT_COLUMNS = (
    *("engagement_key", "engagement_name", "phase", "spl", "spl_email", "start_date"),
    *("go_live_date", "hypercare_end_date", "sign_off_date"),
)


@dataclass(frozen=True, slots=True)
class Export:
    """A table on its way out; its rows are made as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


def get_customer_table(*, today: date) -> Export:
    """Every current customer with the seats held on that day, a row for each of its engagements."""
    systems = get_reference_systems()
    own = get_custom_fields(kind=CustomField.Kind.CUSTOMER)
    own_of_engagements = get_custom_fields(kind=CustomField.Kind.ENGAGEMENT)
    columns = (
        *CUSTOMER_COLUMNS,
        *(f"ref:{system}" for system in systems),
        *(field.column for field in own),
        *ENGAGEMENT_COLUMNS,
        *(f"engagement_{field.column}" for field in own_of_engagements),
    )
    return Export(columns, _customer_rows(today, systems, own, own_of_engagements))


def _customer_rows(
    today: date, systems: tuple[str, ...], own: tuple[Field, ...], of_engagements: tuple[Field, ...]
) -> Iterator[Sequence[Any]]:
    seats, references = get_seats(on=today), get_references()
    engagements = _engagements()
    for customer in get_customers():
        known_as: References = references.get(customer.pk, {})
        cells = [
            *_customer_cells(customer, seats.get(customer.pk)),
            *(known_as.get(system, "") for system in systems),
            *_own_cells(own, customer),
        ]
        for engagement in engagements.get(customer.pk) or [None]:
            yield [*cells, *_engagement_cells(engagement, of_engagements)]


def _engagements() -> dict[UUID, list[Engagement | None]]:
    found: dict[UUID, list[Engagement | None]] = {}
    rows = Engagement.objects.filter(archived_at=None).select_related("lead").order_by("key")
    for row in rows:
        found.setdefault(row.customer_id, []).append(row)
    return found


def _customer_cells(customer: Customer, seats: int | None) -> list[Any]:
    return [
        customer.external_id,
        customer.name,
        customer.time_zone,
        customer.segment,
        customer.industry,
        customer.currency,
        customer.yearly_amount,
        seats,
        customer.renewal_date,
        customer.csm.email if customer.csm else "",
        write_week(customer.working_days or ()),
        customer.holiday_region or "",
    ]


def _engagement_cells(engagement: Engagement | None, own: tuple[Field, ...]) -> list[Any]:
    if engagement is None:
        return [""] * (len(ENGAGEMENT_COLUMNS) + len(own))
    return [
        engagement.key,
        engagement.name,
        engagement.phase,
        engagement.lead.name if engagement.lead else "",
        engagement.lead.email if engagement.lead else "",
        engagement.start_date,
        engagement.go_live_date,
        engagement.hypercare_end_date,
        engagement.sign_off_date,
        *_own_cells(own, engagement),
    ]


def _own_cells(fields: tuple[Field, ...], row: Customer | Engagement) -> list[Any]:
    values = [as_shown(field, row.custom.get(field.key)) for field in fields]
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in values]


def roster_table(entries: Iterable[RosterEntry]) -> Export:
    """A roster as the import reads it back."""
    return Export(
        ROSTER_COLUMNS,
        (
            [
                entry.end_user.external_id,
                entry.end_user.name,
                entry.end_user.email,
                entry.impact_group.name if entry.impact_group else "",
                entry.access_since,
                entry.proficient_since,
                entry.proficient_by,
            ]
            for entry in entries
        ),
    )
