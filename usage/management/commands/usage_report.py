"""manage.py usage_report: active users a calendar day, as page and API show them."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagements.models import Customer
from tenancy.models import Tenant
from tenancy.queries import get_tenant
from tenancy.scope import tenant_scope
from usage import exports
from usage.queries import ReportRow, UnusableRange, get_usage_report


class Command(BaseCommand):
    help = (
        "Print day, customer, dau, wau, mau and events, one row for each calendar day of each "
        "customer. Days that are not closed have no counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--customer", metavar="EXTERNAL_ID", help="default: every customer")
        parser.add_argument("--from", required=True, dest="first", type=date.fromisoformat)
        parser.add_argument("--to", required=True, dest="last", type=date.fromisoformat)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one array of objects")
        form.add_argument("--csv", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._rows(options)
        if options["json"]:
            self.stdout.write(exports.report_json(rows))
        elif options["csv"]:
            self.stdout.write(exports.report_csv(rows).decode("utf-8-sig"), ending="")
        else:
            self.stdout.write(exports.report_table(rows))

    def _rows(self, options: dict[str, Any]) -> list[ReportRow]:
        slug, key = options["workspace"], options["customer"]
        try:
            with tenant_scope(get_tenant(slug=slug).pk):
                return get_usage_report(
                    first=options["first"], last=options["last"], customer_key=key
                )
        except UnusableRange as problem:
            raise CommandError(str(problem)) from None
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no workspace {slug}.") from None
        except Customer.DoesNotExist:
            raise CommandError(f"{slug} has no customer {key}.") from None
