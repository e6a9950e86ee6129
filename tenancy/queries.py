"""Reads that need no scope: which workspace a person or a key belongs to."""

from typing import Any

from django.db import models

from tenancy.keys import fits, split_key
from tenancy.models import ApiKey, Membership, Role, Tenant
from tenancy.scope import current_tenant_id


def get_membership(*, user_id: Any, slug: str) -> Membership | None:
    """The person's place in a workspace, with the workspace loaded; None when there is none."""
    return (
        Membership.objects.select_related("tenant")
        .filter(user_id=user_id, tenant__slug=slug)
        .first()
    )


def get_memberships(*, user_id: Any) -> list[Membership]:
    """Every workspace a person may enter, by name; a closed one is there for who may reopen it."""
    is_open = models.Q(tenant__delete_after=None) | models.Q(role=Role.ADMIN)
    return list(
        Membership.objects.select_related("tenant")
        .filter(is_open, user_id=user_id)
        .order_by("tenant__name", "id")
    )


def get_tenant(*, slug: str) -> Tenant:
    """The workspace of that short name. Raises Tenant.DoesNotExist."""
    return Tenant.objects.get(slug=slug)


def get_current_tenant() -> Tenant:
    """The workspace in force. Raises NoTenant outside a scope."""
    return Tenant.objects.get(pk=current_tenant_id())


def get_api_key(*, text: str) -> ApiKey | None:
    """The live key this text is, with its workspace loaded; None when it opens nothing."""
    parts = split_key(text, "live")
    if parts is None:
        return None
    key = _open_keys().filter(prefix=parts[0]).first()
    return key if key is not None and fits(parts[1], key.secret_hash) else None


def _open_keys() -> models.QuerySet[ApiKey]:
    # A workspace that is closed is closed to programs at once.
    return ApiKey.objects.live().select_related("tenant").filter(tenant__delete_after=None)
