"""manage.py verify_metrics: are the stored numbers of usage what the events say?"""

import random
import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from engagements.models import Customer
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from usage.management.choosing import chosen_workspaces
from usage.operations import Verification, verify_days

CUSTOMERS_AT_ONCE = 20
SHOWN_AT_MOST = 50


class Command(BaseCommand):
    help = (
        "Count user-days and closed days of customers from their events and compare them with what "
        "is stored, row for row. Changes nothing. Ends with 1 when something differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="default: every workspace")
        parser.add_argument(
            "--sample", type=int, metavar="N", help="N customers of each, drawn at random"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            self._verify(tenant, options["sample"])
            for tenant in chosen_workspaces(options["workspace"])
        ]
        if any(one.differences for one in found):
            sys.exit(1)

    def _verify(self, tenant: Tenant, sample: int | None) -> Verification:
        customers, found = _customers(tenant, sample), Verification()
        for start in range(0, len(customers), CUSTOMERS_AT_ONCE):
            with tenant_scope(tenant.pk):
                found += verify_days(customer_ids=customers[start : start + CUSTOMERS_AT_ONCE])
        self._tell(tenant, len(customers), found)
        return found

    def _tell(self, tenant: Tenant, customers: int, found: Verification) -> None:
        self.stdout.write(
            f"{tenant.slug}: {found.rows} rows of {customers} customers compared, "
            f"{len(found.differences)} differ. {found.waiting} days wait for the night."
        )
        for one in found.differences[:SHOWN_AT_MOST]:
            key = " ".join(str(part) for part in one.key)
            self.stdout.write(f"  {one.table} {key}: {one.stored}, by its events {one.wanted}")


def _customers(tenant: Tenant, sample: int | None) -> list[UUID]:
    with tenant_scope(tenant.pk):
        known = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    if sample is None or sample >= len(known):
        return known
    # Which customers are looked at is no secret.
    return random.sample(known, max(sample, 0))
