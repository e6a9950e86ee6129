"""`verify_audit`: whether the audit log of every workspace is whole and unaltered."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenancy import audit
from tenancy.heads import published_heads
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "Recompute the chain of each audit log; name the first broken entry or a cut end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", metavar="NAME", help="only this one, by its short name")
        parser.add_argument(
            "--heads",
            type=Path,
            default=settings.AUDIT_HEADS_FILE,
            help="file of published heads; default: %(default)s",
        )

    def handle(self, *args: Any, workspace: str | None, heads: Path, **options: Any) -> None:
        tenants = Tenant.objects.order_by("slug")
        if workspace:
            tenants = tenants.filter(slug=workspace)
            if not tenants:
                raise CommandError(f"There is no workspace {workspace}.")
        published = self._published(heads)
        # All are checked before the command fails, so that one fault does not hide another.
        broken = [tenant for tenant in tenants if not self._holds(tenant, published)]
        if broken:
            raise CommandError(f"{len(broken)} of {len(tenants)} audit logs do not hold.")

    def _published(self, path: Path) -> dict[Any, tuple[audit.Head, ...]]:
        try:
            return published_heads(path)
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _holds(self, tenant: Tenant, published: dict[Any, tuple[audit.Head, ...]]) -> bool:
        heads = published.get(tenant.pk, ())
        with tenant_scope(tenant.pk):
            verdict = audit.verify(published=heads)
        if verdict.holds:
            last = f"last published: {heads[-1].seq}" if heads else "none published yet"
            self.stdout.write(f"{tenant.slug}: whole, {verdict.entries} entries ({last}).")
        else:
            self.stderr.write(f"{tenant.slug}: {verdict.fault}.")
        return verdict.holds
