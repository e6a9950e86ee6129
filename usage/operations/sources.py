"""Sources of events and their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tenancy.audit import changes, record
from tenancy.keys import NewKey, make_key
from tenancy.scope import current_tenant_id
from usage.models import Source, SourceKey
from usage.queries.intake import forget_source_keys

# Two, so that a key can be replaced without a gap.
LIVE_KEYS_LIMIT = 2
FILES_NAME = "Files"


class TooManySourceKeys(ValueError):
    """A source has two live keys already: revoke one first."""


@transaction.atomic
def create_source(
    *,
    name: str,
    creates_customers: bool = False,
    group_types: Sequence[str] = (),
    allowed_origins: Sequence[str] = (),
    dropped_properties: Sequence[str] = (),
) -> tuple[Source, NewKey]:
    """A sender of events with its first key. Raises ValidationError for a name that is taken."""
    source = Source(
        name=name,
        creates_customers=creates_customers,
        group_types=list(group_types),
        allowed_origins=list(allowed_origins),
        dropped_properties=list(dropped_properties),
    )
    source.full_clean()
    source.save()
    facts = {"creates_customers": creates_customers}
    record(action="source.created", subject=source, facts=facts)
    return source, add_source_key(source=source)


@transaction.atomic
def change_source(*, source: Source, fields: Mapping[str, Any]) -> Source:
    """Change what a source is called, takes and may send. Raises ValidationError, keyed by field."""
    changed = changes(source, fields)
    for name, value in fields.items():
        setattr(source, name, value)
    source.full_clean()
    source.save()
    record(action="source.changed", subject=source, facts=changed)
    return source


@transaction.atomic
def add_source_key(*, source: Source) -> NewKey:
    """Another key. The returned value holds its text, which is kept nowhere."""
    live = SourceKey.objects.select_for_update().filter(source_id=source.pk, revoked_at=None)
    if len(live) >= LIVE_KEYS_LIMIT:
        raise TooManySourceKeys
    new = make_key("src")
    SourceKey.objects.create(
        tenant_id=current_tenant_id(),
        source_id=source.pk,
        prefix=new.prefix,
        secret_hash=new.secret_hash,
    )
    record(action="source_key.created", subject=source, facts={"begins_with": new.prefix})
    return new


@transaction.atomic
def revoke_source_key(*, source: Source, prefix: str, now: datetime) -> bool:
    """The key lets nothing in from here on, in other processes a moment later. Returns whether it
    was live."""
    live = SourceKey.objects.filter(
        tenant_id=current_tenant_id(), source_id=source.pk, prefix=prefix, revoked_at=None
    )
    if not live.update(revoked_at=now):
        return False
    forget_source_keys()
    # A request may have found it once more before this is committed.
    transaction.on_commit(forget_source_keys)
    record(action="source_key.revoked", subject=source, facts={"begins_with": prefix})
    return True


@transaction.atomic
def ensure_file_source() -> Source:
    """The one source all files of a workspace belong to, so that a file read twice counts once."""
    source: Source | None = Source.objects.filter(kind=Source.Kind.FILES).first()
    if source is not None:
        return source
    Source.objects.bulk_create(
        [Source(name=FILES_NAME, kind=Source.Kind.FILES, creates_customers=True)],
        ignore_conflicts=True,
    )
    made: Source = Source.objects.get(kind=Source.Kind.FILES)
    return made
