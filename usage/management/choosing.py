"""Which workspaces a command is about."""

from django.core.management.base import CommandError

from tenancy.jobs import for_each_tenant
from tenancy.models import Tenant
from tenancy.queries import get_tenant


def chosen_workspaces(slug: str | None) -> list[Tenant]:
    """The one that is named, or all. Raises CommandError."""
    if slug is None:
        return list(for_each_tenant())
    try:
        return [get_tenant(slug=slug)]
    except Tenant.DoesNotExist:
        raise CommandError(f"There is no workspace {slug}.") from None
