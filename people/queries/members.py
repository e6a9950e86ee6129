"""Who is in a workspace, and who is invited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Max

from people.models import Invitation, User
from people.queries.customers import get_customer_names
from people.queries.security import GUARDING
from tenancy.models import Membership, Role
from tenancy.scope import Realm

SORTS = ("name", "role", "joined", "seen")
SIDES = ("", "staff", "customer")


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
    customer_name: str
    joined_at: datetime
    last_seen_at: datetime | None
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation that was not accepted. `state` is waiting, sent, expired or revoked."""

    invitation_id: UUID
    name: str
    email: str
    role_label: str
    customer_name: str
    state: str
    asked_at: datetime
    expires_at: datetime | None


def get_members(*, tenant_id: UUID, sort: str = "name") -> list[Member]:
    """Everybody in the workspace in force, staff first; on each side as sorted."""
    rows = list(Membership.objects.select_related("user").filter(tenant_id=tenant_id))
    users = [row.user_id for row in rows]
    seen = dict(
        UserSession.objects.filter(user_id__in=users)
        .values_list("user_id")
        .annotate(at=Max("last_seen_at"))
    )
    guarded = set(
        Authenticator.objects.filter(user_id__in=users, type__in=GUARDING).values_list(
            "user_id", flat=True
        )
    )
    names = get_customer_names() if any(row.customer_id for row in rows) else {}
    members = [_member(row, seen, guarded, names) for row in rows]
    return sorted(members, key=lambda m: (m.customer_id is not None, *_rank(m, sort)))


def _rank(member: Member, sort: str) -> tuple[float | str, ...]:
    name = member.name.lower()
    if sort == "role":
        return (list(Role).index(Role(member.role)), name)
    if sort == "joined":
        return (-member.joined_at.timestamp(), name)
    if sort == "seen":
        return (-member.last_seen_at.timestamp() if member.last_seen_at else 0.0, name)
    return (name,)


def _member(
    row: Membership, seen: dict[UUID, datetime], guarded: set[UUID], names: dict[UUID, str]
) -> Member:
    return Member(
        membership_id=row.pk,
        name=row.user.name or row.user.email,
        email=row.user.email,
        initials=row.user.initials,
        role=row.role,
        role_label=str(Role(row.role).label),
        customer_id=row.customer_id,
        customer_name=names.get(row.customer_id, "") if row.customer_id else "",
        joined_at=row.joined_at,
        last_seen_at=seen.get(row.user_id, row.user.last_login),
        has_second_factor=row.user_id in guarded,
    )


def get_invitations(*, tenant_id: UUID, now: datetime) -> list[InvitationRow]:
    """Invitations that may still be accepted, sent again or are over, newest first."""
    rows = Invitation.objects.filter(tenant_id=tenant_id, used_at=None).order_by("-asked_at")
    names = get_customer_names()
    return [
        InvitationRow(
            invitation_id=row.pk,
            name=row.name,
            email=row.email,
            role_label=str(Role(row.role).label),
            customer_name=names.get(row.customer_id, "") if row.customer_id else "",
            state=_state(row, now),
            asked_at=row.asked_at,
            expires_at=row.expires_at,
        )
        for row in rows[:200]
    ]


def _state(row: Invitation, now: datetime) -> str:
    if row.state == "sent" and not row.is_open(now):
        return "expired"
    return row.state


def get_staff(*, tenant_id: UUID) -> list[User]:
    """People who may look after customers, by name."""
    return list(
        User.objects.filter(
            memberships__tenant_id=tenant_id,
            memberships__role__in=[Role.ADMIN, Role.MANAGER, Role.CSM],
        ).order_by("name", "email")
    )


def person_of(user: object) -> User | None:
    """The person behind a request; None when a program asks with a key."""
    return user if isinstance(user, User) else None


def get_role_choices(*, with_customers: bool) -> list[tuple[str, str]]:
    """Roles to choose from; the customer's side only where there are customers."""
    return [
        (role.value, str(role.label))
        for role in Role
        if with_customers or role.realm is Realm.STAFF
    ]
