"""manage.py import_usage: a usage log from a file, read here and now."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.queries import get_tenant
from tenancy.scope import tenant_scope
from usage import operations
from usage.models import UsageImport
from usage.queries import get_row_faults

FAULTS_SHOWN = 20


def pair(text: str) -> tuple[str, str]:
    column, equals, field = text.partition("=")
    if not (column and equals and field):
        raise ArgumentTypeError(f"“{text}” is not of the form column=field")
    return column, field


class Command(BaseCommand):
    help = (
        "Read a usage log (CSV, plain or .gz) into a workspace. Customers and end users are created "
        "from their ids; rows read before are recognised by their message id."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            type=pair,
            default=[],
            metavar="COLUMN=FIELD",
            help="what a column holds; COLUMN=- leaves it out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        tenant = self._tenant(options["workspace"])
        with tenant_scope(tenant.pk):
            row = operations.start_import(
                file_name=path.name, stored_as="", mapping=dict(options["map"]), created_by=None
            )
        done = operations.read_import(
            tenant_id=tenant.pk, import_id=row.pk, path=path, now=timezone.now(), tell=self._tell
        )
        if done.state == UsageImport.State.REFUSED:
            raise CommandError(f"{path.name}: {done.problem}.")
        self._explain(tenant, done)
        self.stdout.write(
            f"{done.rows_read} rows: {done.rows_new} new, {done.rows_repeated} known before, "
            f"{done.rows_wrong} left out"
        )

    def _tenant(self, slug: str) -> Tenant:
        try:
            return get_tenant(slug=slug)
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no workspace {slug}.") from None

    def _tell(self, outcome: operations.ImportOutcome, percent: int) -> None:
        self.stderr.write(f"{percent:3} %  {outcome.read:,} rows")

    def _explain(self, tenant: Tenant, done: UsageImport) -> None:
        if not done.rows_wrong:
            return
        with tenant_scope(tenant.pk):
            for fault in get_row_faults(import_id=done.pk)[:FAULTS_SHOWN]:
                self.stderr.write(f"row {fault.row}: {fault.reason}")
        if done.rows_wrong > FAULTS_SHOWN:
            self.stderr.write(f"and {done.rows_wrong - FAULTS_SHOWN} more; all are on the page")
