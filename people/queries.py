"""Reads about people and their places in a workspace."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from people.models import User
from tenancy.models import ApiKey, Membership, Role


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the members page."""

    membership_id: UUID
    name: str
    email: str
    initials: str
    role: str
    role_label: str
    customer_id: UUID | None
    joined_at: datetime
    last_seen_at: datetime | None


def get_members(*, tenant_id: UUID) -> list[Member]:
    """Everybody in the workspace, staff first, by name."""
    rows = Membership.objects.select_related("user").filter(tenant_id=tenant_id)
    members = [_member(row) for row in rows]
    return sorted(members, key=lambda m: (m.customer_id is not None, m.name.lower()))


def _member(row: Membership) -> Member:
    return Member(
        membership_id=row.pk,
        name=row.user.name or row.user.email,
        email=row.user.email,
        initials=row.user.initials,
        role=row.role,
        role_label=str(Role(row.role).label),
        customer_id=row.customer_id,
        joined_at=row.joined_at,
        last_seen_at=row.user.last_login,
    )


def get_staff(*, tenant_id: UUID) -> list[User]:
    """People who may look after customers, by name."""
    return list(
        User.objects.filter(
            memberships__tenant_id=tenant_id,
            memberships__role__in=[Role.ADMIN, Role.MANAGER, Role.CSM],
        ).order_by("name", "email")
    )


def get_api_keys(*, tenant_id: UUID) -> list[ApiKey]:
    """The workspace's API keys, newest first, revoked ones last."""
    keys = list(ApiKey.objects.select_related("created_by").filter(tenant_id=tenant_id))
    return sorted(keys, key=lambda key: key.revoked_at is not None)


def person_of(user: object) -> User | None:
    """The person behind a request; None when a program asks with a key."""
    return user if isinstance(user, User) else None
