"""Changes to customers, engagements and the customer's people, one transaction each."""

from engagements.operations.customers import (
    CUSTOMER_FIELDS,
    archive_customer,
    change_customer,
    create_customer,
    customer_ids,
    ensure_customers,
    restore_customer,
    seats_on,
    set_seats,
)
from engagements.operations.engagements import (
    ENGAGEMENT_FIELDS,
    change_engagement,
    create_engagement,
    note_forecast,
)
from engagements.operations.notices import tell_of_late_plans
from engagements.operations.people import (
    ensure_end_users,
    name_stakeholder,
)

__all__ = [
    "CUSTOMER_FIELDS",
    "ENGAGEMENT_FIELDS",
    "archive_customer",
    "change_customer",
    "change_engagement",
    "create_customer",
    "create_engagement",
    "customer_ids",
    "ensure_customers",
    "ensure_end_users",
    "name_stakeholder",
    "note_forecast",
    "restore_customer",
    "seats_on",
    "set_seats",
    "tell_of_late_plans",
]
