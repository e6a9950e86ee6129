"""manage.py rebuild_usage: every number of usage counted again from the events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from usage.management.choosing import chosen_workspaces
from usage.operations import ask_for_rebuild, rebuild_days, waiting_for_rebuild

CUSTOMERS_AT_ONCE = 20


class Command(BaseCommand):
    help = (
        "Count every number of usage again from the events, some customers at a time. Pages show "
        "the old numbers until the new ones are there. Interrupted, it goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="default: every workspace")
        parser.add_argument(
            "--customers", type=int, default=CUSTOMERS_AT_ONCE, help="so many at a time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for tenant in chosen_workspaces(options["workspace"]):
            days = self._rebuild(tenant, max(options["customers"], 1))
            self.stdout.write(f"{tenant.slug}: {days} days counted.")

    def _rebuild(self, tenant: Tenant, size: int) -> int:
        with tenant_scope(tenant.pk):
            ask_for_rebuild()
            waiting = waiting_for_rebuild()
        days = 0
        for start in range(0, len(waiting), size):
            with tenant_scope(tenant.pk):
                chunk = waiting[start : start + size]
                days += rebuild_days(customer_ids=chunk, now=timezone.now())
        return days
