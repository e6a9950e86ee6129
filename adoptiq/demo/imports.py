"""What the demo's customers are called elsewhere, when they work, and columns kept from the CRM."""

from datetime import date
from zlib import crc32

from engagements import operations
from engagements.models import Customer, ImportKind
from people.models import User

CRM_COLUMNS = {
    "account_id": "external_id",
    "account_name": "name",
    "salesforce_id": "ref:salesforce",
    "annual_recurring_revenue": "arr",
    "currency_iso_code": "currency",
    "contract_end": "renewal_date",
    "account_owner": "csm",
    "last_activity": "",
}
# Time zones that say which public holidays a customer keeps.
REGIONS = {
    "Europe/Oslo": "NO",
    "Europe/Stockholm": "SE",
    "Europe/Copenhagen": "DK",
    "Europe/Berlin": "DE-BE",
    "Europe/Madrid": "ES",
    "Europe/Paris": "FR",
    "Europe/London": "GB-ENG",
    "Europe/Amsterdam": "NL",
    "Europe/Zurich": "CH",
    "America/New_York": "US-NY",
}
WORKS_SATURDAYS = "aurora-rail"


def tell_origins(*, customer: Customer, today: date) -> None:
    """Its ids in the CRM and the help desk, and the public holidays of where it is."""
    number = crc32(customer.external_id.encode())
    fields = (
        {"holiday_region": REGIONS[customer.time_zone]} if customer.time_zone in REGIONS else {}
    )
    days = {"working_days": [1, 2, 3, 4, 5, 6]} if customer.external_id == WORKS_SATURDAYS else {}
    operations.change_customer(
        customer=customer,
        fields=fields | days,
        references={
            "salesforce": f"0015g{number:010d}AAA",
            "zendesk": str(36_000_000 + number % 999_983),
        },
        today=today,
    )


def keep_columns(*, by: User) -> None:
    operations.keep_mapping(
        kind=ImportKind.CUSTOMERS, name="Salesforce accounts", columns=CRM_COLUMNS, by=by
    )
