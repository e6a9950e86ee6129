"""Inviting people, and what becomes of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from people.models import Invitation, User
from people.operations.links import DeadLink, use_letter
from people.operations.members import find_or_create_user
from people.queries import get_customer_names
from tenancy import audit
from tenancy import operations as tenancy
from tenancy.models import ActorKind, Membership, Role, Tenant
from tenancy.scope import tenant_scope

# Called inside the workspace's scope when somebody took the place they were offered.
ON_ACCEPTED: list[Callable[[Invitation, User], None]] = []


class AlreadyMember(ValueError):
    """The person is in the workspace already."""


class NotYourInvitation(ValueError):
    """Somebody else is signed in than the one who was invited."""


@transaction.atomic
def invite(
    *,
    tenant: Tenant,
    email: str,
    name: str,
    role: Role,
    customer_id: UUID | None,
    invited_by: User,
    now: datetime,
) -> Invitation:
    """Offer a place in the workspace in force; an invitation that is open already is renewed.

    Looks only at who belongs to this workspace. Raises AlreadyMember.
    """
    email = email.strip().lower()
    if Membership.objects.filter(tenant=tenant, user__email__iexact=email).exists():
        raise AlreadyMember
    values = {
        "name": name,
        "role": role,
        "customer_id": customer_id,
        "invited_by": invited_by,
        "asked_at": now,
        "sent_at": None,
        "expires_at": None,
        "prefix": None,
        "secret_hash": None,
    }
    invitation, _created = Invitation.objects.update_or_create(
        tenant=tenant, email=email, used_at=None, revoked_at=None, defaults=values
    )
    _note("invitation.made", invitation)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, now: datetime) -> None:
    """Send a new link; the one before it opens nothing any more."""
    invitation.asked_at = now
    invitation.sent_at = invitation.expires_at = None
    invitation.prefix = invitation.secret_hash = None
    invitation.save()
    _note("invitation.sent_again", invitation)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    """The link in the mail opens nothing from here on."""
    open_ones = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if open_ones.update(revoked_at=now):
        _note("invitation.revoked", invitation)


@transaction.atomic
def admit(*, invitation: Invitation, name: str, password: str | None, now: datetime) -> User:
    """Let a new person in by an invitation. Raises DeadLink.

    Whoever holds the link reads the mail of the address it went to. The caller has made sure that
    nobody has the address yet.
    """
    use_letter(letter=invitation, now=now)
    user = find_or_create_user(email=invitation.email, name=name, password=password)
    _take_place(invitation, user)
    return user


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Take the offered place. Raises DeadLink, or NotYourInvitation when it went to another."""
    if user.email.lower() != invitation.email.lower():
        raise NotYourInvitation
    use_letter(letter=invitation, now=now)
    _take_place(invitation, user)


def _take_place(invitation: Invitation, user: User) -> None:
    if Membership.objects.filter(tenant_id=invitation.tenant_id, user=user).exists():
        return
    actor = audit.Actor(ActorKind.PERSON, str(user), user.pk)
    with audit.acting(actor), tenant_scope(invitation.tenant_id):
        if invitation.customer_id and invitation.customer_id not in get_customer_names():
            # The customer was archived or deleted meanwhile.
            raise DeadLink
        tenancy.add_member(
            tenant=invitation.tenant,
            user=user,
            role=Role(invitation.role),
            customer_id=invitation.customer_id,
        )
        _note("invitation.accepted", invitation)
        for tell in ON_ACCEPTED:
            tell(invitation, user)


def _note(action: str, invitation: Invitation) -> None:
    audit.record(
        action=action,
        subject=invitation,
        facts={"email": invitation.email, "role": invitation.role},
        about_customer_id=invitation.customer_id,
    )
