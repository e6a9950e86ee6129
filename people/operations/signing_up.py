"""Opening a workspace of one's own."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from people.models import Registration, User
from people.operations.links import use_letter
from people.operations.members import create_workspace, find_or_create_user
from tenancy import audit
from tenancy.models import ActorKind, Tenant
from tenancy.scope import tenant_scope


class ShortNameTaken(ValueError):
    """Another workspace has the short name by now."""


@transaction.atomic
def register(
    *,
    email: str,
    name: str,
    password: str,
    workspace_name: str,
    slug: str,
    time_zone: str,
    now: datetime,
) -> Registration:
    """Note that somebody wants a workspace. Nothing is made before the address is shown to be
    theirs; the same work whether anybody has the address or not."""
    return Registration.objects.create(
        email=email.strip().lower(),
        name=name,
        password=make_password(password),
        workspace_name=workspace_name,
        slug=slug,
        time_zone=time_zone,
        asked_at=now,
    )


@transaction.atomic
def open_workspace(
    *, registration: Registration, slug: str, now: datetime, address: str | None
) -> tuple[Tenant, User]:
    """Make what was registered. Raises DeadLink, or ShortNameTaken.

    Somebody who has an account by now keeps it as it is, password included.
    """
    use_letter(letter=registration, now=now)
    if Tenant.objects.filter(slug=slug).exists():
        raise ShortNameTaken
    known = User.objects.filter(email__iexact=registration.email).exists()
    user = find_or_create_user(email=registration.email, name=registration.name)
    if not known:
        user.password = registration.password
        user.save(update_fields=["password"])
    tenant = _create(registration, slug, user)
    actor = audit.Actor(ActorKind.PERSON, str(user), user.pk, address)
    with audit.acting(actor), tenant_scope(tenant.pk):
        audit.record(action="workspace.opened", subject=tenant)
    return tenant, user


def _create(registration: Registration, slug: str, user: User) -> Tenant:
    try:
        tenant, _admin = create_workspace(
            slug=slug,
            name=registration.workspace_name,
            time_zone=registration.time_zone,
            admin_email=user.email,
        )
    except ValidationError as problem:
        # Somebody was faster between the look and the insert.
        raise ShortNameTaken from problem
    return tenant
