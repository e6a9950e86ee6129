"""People, and their places in workspaces."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.validators import validate_email
from django.db import connection, transaction

from people.models import Invitation, User
from tenancy import audit
from tenancy import operations as tenancy
from tenancy.models import Membership, Role, Tenant


class LastAdmin(ValueError):
    """A workspace keeps at least one administrator."""


@transaction.atomic
def find_or_create_user(*, email: str, name: str = "", password: str | None = None) -> User:
    """The person with that address, created when new; a new person without password has none yet.

    Raises ValidationError when it is no address.
    """
    validate_email(email.strip())
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def rename_user(*, user: User, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])


@transaction.atomic
def create_workspace(
    *, slug: str, name: str, time_zone: str, admin_email: str | None = None, is_demo: bool = False
) -> tuple[Tenant, User | None]:
    """A workspace and, when an address is given, its first administrator."""
    tenant = tenancy.create_tenant(slug=slug, name=name, time_zone=time_zone, is_demo=is_demo)
    if not admin_email:
        return tenant, None
    admin = find_or_create_user(email=admin_email)
    tenancy.add_member(tenant=tenant, user=admin, role=Role.ADMIN)
    return tenant, admin


@transaction.atomic
def change_role(
    *, membership: Membership, role: Role, customer_id: UUID | None = None
) -> Membership:
    """Give a member another role; on the customer's side for the one customer given.

    Raises LastAdmin when nobody would administer the workspace any more.
    """
    if role != Role.ADMIN:
        _keep_an_admin(membership)
    wanted = {"role": role.value, "customer_id": customer_id}
    facts = audit.changes(membership, wanted)
    changed = tenancy.add_member(
        tenant=membership.tenant, user=membership.user, role=role, customer_id=customer_id
    )
    if facts:
        _note("member.role_changed", membership, facts=facts)
    return changed


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Raises LastAdmin when nobody would administer the workspace any more."""
    _keep_an_admin(membership)
    _note("member.removed", membership, facts={"role": membership.role})
    tenancy.remove_member(membership=membership)


@transaction.atomic
def restore_member(
    *, tenant: Tenant, user: User, role: Role, customer_id: UUID | None
) -> Membership:
    """Give somebody back the place that was just taken away; who has one by now keeps that."""
    there = Membership.objects.filter(tenant=tenant, user=user).first()
    if there is not None:
        return there
    membership = tenancy.add_member(tenant=tenant, user=user, role=role, customer_id=customer_id)
    _note("member.restored", membership, facts={"role": role})
    return membership


def _note(action: str, membership: Membership, *, facts: Mapping[str, object]) -> None:
    audit.record(
        action=action,
        subject=membership.user,
        facts=facts,
        about_customer_id=membership.customer_id,
    )


def _keep_an_admin(membership: Membership) -> None:
    admins = Membership.objects.select_for_update().filter(
        tenant_id=membership.tenant_id, role=Role.ADMIN
    )
    if [admin.pk for admin in admins] == [membership.pk]:
        raise LastAdmin


@transaction.atomic
def forget_people(*, user_ids: Iterable[UUID]) -> int:
    """Delete those of these people who belong to no workspace any more. Returns how many.

    Not through the ORM's cascade, which would look into every workspace's tables and needs a scope
    for each; should any row still name such a person, the database refuses.
    """
    gone = User.objects.filter(pk__in=list(user_ids), memberships=None)
    ids = list(gone.values_list("pk", flat=True))
    for model in (EmailAddress, Authenticator, UserSession):
        model.objects.filter(user_id__in=ids).delete()
    Invitation.objects.filter(invited_by__in=ids).update(invited_by=None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_mailedlink WHERE user_id = ANY(%s::uuid[])", [ids])
        cursor.execute("DELETE FROM people_user WHERE id = ANY(%s::uuid[])", [ids])
    return len(ids)
