"""Changes to workspaces, memberships and keys, one transaction each."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from tenancy.audit import changes, record
from tenancy.keys import NewKey, make_key
from tenancy.models import ApiKey, Membership, Role, Tenant, TenantModel
from tenancy.scope import tenant_scope


class TooManyKeys(ValueError):
    """A workspace keeps few live keys, so that each can be accounted for."""


class SameName(ValueError):
    """A live key is called that already; nobody could tell the two apart."""


class NotLive(ValueError):
    """The key opens nothing any more."""


class AlreadyRotated(ValueError):
    """The key has a living successor; a third one beside them would be one too many."""


LIVE_KEYS_LIMIT = 10


@transaction.atomic
def create_tenant(*, slug: str, name: str, time_zone: str, is_demo: bool = False) -> Tenant:
    """A new workspace. Raises ValidationError when the short name is malformed or taken."""
    tenant = Tenant(slug=slug, name=name, time_zone=time_zone, is_demo=is_demo)
    tenant.full_clean()
    tenant.save()
    return tenant


@transaction.atomic
def change_settings(*, tenant: Tenant, fields: Mapping[str, Any]) -> Tenant:
    """Set these fields of a workspace, in its scope. The log keeps what they were.

    Raises ValidationError by field. Saving without a change is written down too: somebody looked.
    """
    facts = changes(tenant, fields)
    for name, value in fields.items():
        setattr(tenant, name, value)
    tenant.full_clean()
    tenant.save(update_fields=list(fields))
    record(action="workspace.changed", subject=tenant, facts=facts)
    return tenant


@transaction.atomic
def change_logo(*, tenant: Tenant, logo: bytes | None) -> None:
    """Keep a small PNG, or none, as the mark of the workspace in force."""
    tenant.logo = logo
    tenant.save(update_fields=["logo"])
    record(action="workspace.logo_changed", subject=tenant, facts={"bytes": len(logo or b"")})


@transaction.atomic
def hide_checklist(*, tenant: Tenant, hidden_at: datetime | None) -> None:
    """Put the list of first steps away, or with None bring it back."""
    tenant.checklist_hidden_at = hidden_at
    tenant.save(update_fields=["checklist_hidden_at"])


@transaction.atomic
def close_tenant(*, tenant: Tenant, delete_after: datetime) -> None:
    """Close a workspace to everybody at once; from that moment on it may be deleted."""
    with tenant_scope(tenant.pk):
        tenant.delete_after = delete_after
        tenant.save(update_fields=["delete_after"])
        record(action="workspace.closed", subject=tenant, facts={"delete_after": delete_after})


@transaction.atomic
def reopen_tenant(*, tenant: Tenant) -> None:
    """Take a deletion back; everything is as it was."""
    with tenant_scope(tenant.pk):
        tenant.delete_after = None
        tenant.save(update_fields=["delete_after"])
        record(action="workspace.reopened", subject=tenant)


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
    *,
    tenant: Tenant,
    name: str,
    scopes: Iterable[str],
    created_by: Any,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, NewKey]:
    """A key for programs. The returned NewKey holds its text, which is kept nowhere.

    Raises TooManyKeys when the workspace has ten live keys already, SameName when one of them is
    called that: its successor is made by `rotate_api_key`.
    """
    with tenant_scope(tenant.pk):
        if name in {key.name for key in _live_keys(tenant)}:
            raise SameName
        key, new = _make_key(
            tenant=tenant,
            name=name,
            scopes=sorted(set(scopes)),
            created_by=created_by,
            expires_at=expires_at,
        )
        _record_key("key.created", key)
    return key, new


@transaction.atomic
def rotate_api_key(
    *, key: ApiKey, now: datetime, grace: timedelta, created_by: Any
) -> tuple[ApiKey, NewKey]:
    """A successor with the same name and scopes; the old key ends when the grace is over.

    Raises NotLive, TooManyKeys, and AlreadyRotated while an earlier successor lives.
    """
    with tenant_scope(key.tenant_id):
        living = {live.pk: live for live in _live_keys(key.tenant)}
        if key.pk not in living:
            raise NotLive
        if any(live.replaces_id == key.pk for live in living.values()):
            raise AlreadyRotated
        successor, new = _make_key(
            tenant=key.tenant,
            name=key.name,
            scopes=key.scopes,
            created_by=created_by,
            expires_at=key.expires_at,
            replaces=key,
        )
        end = min(filter(None, (key.expires_at, now + grace)))
        ApiKey.objects.filter(pk=key.pk).update(expires_at=end)
        _record_key("key.rotated", successor, old_key=key.prefix, old_key_ends=end)
    return successor, new


def _live_keys(tenant: Tenant) -> list[ApiKey]:
    # Whoever makes keys for a workspace waits in line, so that the limit holds.
    Tenant.objects.select_for_update(no_key=True).only("pk").get(pk=tenant.pk)
    return list(ApiKey.objects.live().filter(tenant=tenant))


def _make_key(*, tenant: Tenant, **fields: Any) -> tuple[ApiKey, NewKey]:
    if len(_live_keys(tenant)) >= LIVE_KEYS_LIMIT:
        raise TooManyKeys
    new = make_key("live")
    key = ApiKey.objects.create(
        tenant=tenant, prefix=new.prefix, secret_hash=new.secret_hash, **fields
    )
    return key, new


def _record_key(action: str, key: ApiKey, **facts: Any) -> None:
    told = {"scopes": key.scopes, "expires_at": key.expires_at, **facts}
    record(action=action, subject=key, facts=told)


@transaction.atomic
def revoke_api_key(*, key: ApiKey, now: datetime) -> None:
    """The key opens nothing from here on."""
    with tenant_scope(key.tenant_id):
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            record(action="key.revoked", subject=key)


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
        for model in open_tables():
            model._default_manager.filter(tenant_id=tenant.pk).delete()
        cursor.execute("DELETE FROM tenancy_tenant WHERE id = %s", [tenant.pk])


def open_tables() -> list[type[models.Model]]:
    """Tables outside row security whose rows name a workspace, such as memberships and keys."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
        and any(field.related_model is Tenant for field in model._meta.concrete_fields)
    ]
