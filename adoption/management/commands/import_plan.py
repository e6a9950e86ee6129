from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from adoption.adapters import UnreadablePlan
from adoption.imports import import_plan
from adoption.models import Plan
from adoption.queries import warnings_of
from engagements.models import Engagement
from engagements.queries import get_engagements
from tenancy.models import Tenant
from tenancy.queries import get_tenant
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "Read a plan file (Microsoft Project XML, CSV or XLSX) into an engagement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--engagement", required=True, metavar="KEY")
        parser.add_argument(
            "--follow-today",
            action="store_true",
            help="place work not yet done after today, every night anew",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = get_tenant(slug=options["workspace"])
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no workspace {options['workspace']}.") from None
        with tenant_scope(tenant.pk):
            plan = self._import(options)
            self.stderr.write(f"{len(plan.warnings)} remarks")
            for warning in warnings_of(plan):
                self.stderr.write(warning)
            packages = plan.packages.filter(is_summary=False)
            critical = packages.filter(critical=True).count()
            self.stdout.write(
                f"{packages.count()} work packages, {critical} critical,"
                f" {plan.start:%Y-%m-%d} to {plan.finish:%Y-%m-%d}"
            )

    def _import(self, options: dict[str, Any]) -> Plan:
        try:
            engagement = get_engagements().get(key=options["engagement"])
        except Engagement.DoesNotExist:
            raise CommandError(f"There is no engagement {options['engagement']}.") from None
        try:
            with options["file"].open("rb") as source:
                return import_plan(
                    engagement=engagement,
                    source=source,
                    file_name=options["file"].name,
                    imported_by=None,
                    now=timezone.now(),
                    follows_today=options["follow_today"],
                )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except UnreadablePlan as error:
            raise CommandError(f"{options['file']}: {error}") from error
