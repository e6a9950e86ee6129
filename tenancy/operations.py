"""Changes to workspaces, memberships and keys, one transaction each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from tenancy.keys import NewKey, make_key
from tenancy.models import ApiKey, Membership, Role, Tenant, TenantModel
from tenancy.scope import tenant_scope


class TooManyKeys(ValueError):
    """A workspace keeps few live keys, so that each can be accounted for."""


LIVE_KEYS_LIMIT = 10


@transaction.atomic
def create_tenant(*, slug: str, name: str, time_zone: str, is_demo: bool = False) -> Tenant:
    """A new workspace. Raises ValidationError when the short name is malformed or taken."""
    tenant = Tenant(slug=slug, name=name, time_zone=time_zone, is_demo=is_demo)
    tenant.full_clean()
    tenant.save()
    return tenant


@transaction.atomic
def add_member(
    *, tenant: Tenant, user: Any, role: Role, customer_id: UUID | None = None
) -> Membership:
    """Give a person a place in a workspace, or another role in it."""
    membership, _created = Membership.objects.update_or_create(
        tenant=tenant, user=user, defaults={"role": role, "customer_id": customer_id}
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take the person's place away; the next request finds no workspace."""
    membership.delete()


@transaction.atomic
def create_api_key(
    *, tenant: Tenant, name: str, can_write: bool, created_by: Any
) -> tuple[ApiKey, NewKey]:
    """A key for programs. The returned NewKey holds its text, which is kept nowhere.

    Raises TooManyKeys when the workspace has ten live keys already.
    """
    live = ApiKey.objects.select_for_update().filter(tenant=tenant, revoked_at=None)
    if len(live) >= LIVE_KEYS_LIMIT:
        raise TooManyKeys
    new = make_key("live")
    key = ApiKey.objects.create(
        tenant=tenant,
        name=name,
        prefix=new.prefix,
        secret_hash=new.secret_hash,
        can_write=can_write,
        created_by=created_by,
    )
    return key, new


@transaction.atomic
def revoke_api_key(*, key: ApiKey, now: datetime) -> None:
    """The key opens nothing from here on."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def note_key_use(*, key: ApiKey, now: datetime) -> None:
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def delete_tenant(*, tenant: Tenant) -> None:
    """Delete a workspace with everything in it, the audit log last. To be called outside any scope.

    Raises ProgrammingError for a workspace that is neither a demo nor due to be deleted: its audit
    log cannot be given up.
    """
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        # Apps point downwards, so from the top; inside one, keys are checked at the end.
        for model in reversed(list(apps.get_models())):
            if issubclass(model, TenantModel) and not getattr(model, "append_only", False):
                # Row security keeps this to the one workspace.
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        cursor.execute("SELECT tenancy_forget_audit(%s)", [tenant.pk])
        for model in _open_tables_of_workspaces():
            model._default_manager.filter(tenant_id=tenant.pk).delete()
        cursor.execute("DELETE FROM tenancy_tenant WHERE id = %s", [tenant.pk])


def _open_tables_of_workspaces() -> list[type[models.Model]]:
    """Tables outside row security whose rows name a workspace, such as memberships and keys."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
        and any(field.related_model is Tenant for field in model._meta.concrete_fields)
    ]
