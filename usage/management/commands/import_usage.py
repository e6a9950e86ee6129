"""manage.py import_usage: usage logs from files, read here and now."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.queries import get_tenant
from tenancy.scope import tenant_scope
from usage import operations
from usage.adapters.files import Layout
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
        "Read usage logs (CSV, Excel, Parquet or JSON lines; the text ones also as .gz) into a "
        "workspace. Customers and end users are created from their ids; rows read before are "
        "recognised. A file with the columns of one that was read and remembered is read like it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        said = parser.add_mutually_exclusive_group()
        said.add_argument(
            "--mapping", metavar="NAME", help="read as was remembered under this name"
        )
        said.add_argument(
            "--map",
            nargs="+",
            action="extend",
            type=pair,
            default=[],
            metavar="COLUMN=FIELD",
            help="what a column holds; COLUMN=- leaves it out",
        )
        parser.add_argument(
            "--daily", action="store_true", help="with --map: rows count a customer's day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["files"]
        for path in paths:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        tenant = self._tenant(options["workspace"])
        layout = self._layout(tenant, options)
        for path in paths:
            self._read(tenant, path, layout, is_one_of_many=len(paths) > 1)

    def _read(self, tenant: Tenant, path: Path, layout: Layout, *, is_one_of_many: bool) -> None:
        with tenant_scope(tenant.pk):
            row = operations.start_import(
                file_name=path.name,
                stored_as="",
                mapping={},
                layout=layout,
                created_by=None,
                origin=UsageImport.Origin.COMMAND,
            )
        done = operations.read_import(
            tenant_id=tenant.pk,
            import_id=row.pk,
            path=path,
            now=timezone.now(),
            tell=self._tell,
            clock=timezone.now,
        )
        if done.state != UsageImport.State.DONE:
            raise CommandError(f"{path.name}: {done.problem or done.get_state_display()}.")
        self._explain(tenant, done)
        words = f"{done.rows_read} rows: {done.rows_new} new, "
        if done.rows_changed:
            words += f"{done.rows_changed} corrected, "
        words += f"{done.rows_repeated} known before, {done.rows_wrong} left out"
        self.stdout.write(f"{path.name}: {words}" if is_one_of_many else words)

    def _layout(self, tenant: Tenant, options: dict[str, Any]) -> Layout:
        if not options["mapping"]:
            kind = "daily" if options["daily"] else "events"
            return Layout(kind=kind, columns=dict(options["map"]))
        with tenant_scope(tenant.pk):
            try:
                return operations.layout_called(name=options["mapping"])
            except operations.NoSuchLayout:
                name = options["mapping"]
                raise CommandError(f"No columns are remembered under the name {name}.") from None

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
