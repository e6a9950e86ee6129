"""Reads that need no scope: which workspace a person or a key belongs to."""

from typing import Any

from tenancy.keys import fits, split_key
from tenancy.models import ApiKey, Membership, Tenant


def get_membership(*, user_id: Any, slug: str) -> Membership | None:
    """The person's place in a workspace, with the workspace loaded; None when there is none."""
    return (
        Membership.objects.select_related("tenant")
        .filter(user_id=user_id, tenant__slug=slug)
        .first()
    )


def get_memberships(*, user_id: Any) -> list[Membership]:
    """Every workspace a person belongs to, by name."""
    return list(
        Membership.objects.select_related("tenant")
        .filter(user_id=user_id)
        .order_by("tenant__name", "id")
    )


def get_tenant(*, slug: str) -> Tenant:
    """The workspace of that short name. Raises Tenant.DoesNotExist."""
    return Tenant.objects.get(slug=slug)


def get_api_key(*, text: str) -> ApiKey | None:
    """The live key this text is, with its workspace loaded; None when it opens nothing."""
    parts = split_key(text, "live")
    if parts is None:
        return None
    key = ApiKey.objects.select_related("tenant").filter(prefix=parts[0], revoked_at=None).first()
    return key if key is not None and fits(parts[1], key.secret_hash) else None
