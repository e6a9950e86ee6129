"""Reads of the working calendar that counts at a customer."""

from engagements.calendars import WorkingCalendar
from engagements.models import Customer
from tenancy.models import Tenant
from tenancy.queries import get_current_tenant


def get_calendar(*, customer: Customer, workspace: Tenant | None = None) -> WorkingCalendar:
    """The customer's own week and public holidays, or the workspace's where they have none.

    Whoever has read the workspace already passes it.
    """
    workspace = workspace or get_current_tenant()
    region = customer.holiday_region
    return WorkingCalendar(
        days=tuple(customer.working_days or workspace.working_days),
        region=workspace.holiday_region if region is None else region,
        own_days=bool(customer.working_days),
        own_region=region is not None,
    )
