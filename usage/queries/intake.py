"""What came in: sources, files, and what was put aside."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from tenancy.keys import fits, split_key
from tenancy.models import Tenant
from usage.models import Quarantined, RowFault, Source, SourceKey, UsageImport

KEY_FIELDS = tuple(field.attname for field in SourceKey._meta.concrete_fields)
# As it stands: every request asks it, and to put it together takes longer than to answer it.
LIVE_KEY = f"""
SELECT t.id, t.time_zone, {", ".join(f"k.{name}" for name in KEY_FIELDS)}
FROM usage_sourcekey k JOIN tenancy_tenant t ON t.id = k.tenant_id
WHERE k.prefix = %s AND k.revoked_at IS NULL AND t.delete_after IS NULL
"""  # noqa: S608 (no input)

# Well within the five seconds after which a revoked key opens nothing anywhere.
KEY_HOLDS_SECONDS = 2.0
KEYS_HELD = 10_000

_keys: dict[str, tuple[float, SourceKey]] = {}


def get_source_by_key(*, text: str) -> SourceKey | None:
    """The live key this text is, with its workspace; None when it opens nothing. Needs no scope.

    A workspace that is closed takes no events. A key that was found is taken for live for
    `KEY_HOLDS_SECONDS`.
    """
    parts = split_key(text, "src")
    if parts is None:
        return None
    key = _held(parts[0]) or _found(parts[0])
    return key if key is not None and fits(parts[1], key.secret_hash) else None


def forget_source_keys() -> None:
    """Look every key up again: one was just revoked by this process."""
    _keys.clear()


def _held(prefix: str) -> SourceKey | None:
    until, key = _keys.get(prefix, (0.0, None))
    return key if until > time.monotonic() else None


def _found(prefix: str) -> SourceKey | None:
    with connection.cursor() as cursor:
        cursor.execute(LIVE_KEY, [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    key = SourceKey.from_db(connection.alias, KEY_FIELDS, row[2:])
    key.tenant = Tenant.from_db(connection.alias, ("id", "time_zone"), row[:2])
    if len(_keys) >= KEYS_HELD:
        _keys.clear()
    _keys[prefix] = time.monotonic() + KEY_HOLDS_SECONDS, key
    return key


@dataclass(frozen=True, slots=True)
class DeadKey:
    """A key that opens nothing, with the source it belongs to. `is_whole` is false where only its
    beginning is known to us: whoever sent it need never have had it."""

    key: SourceKey
    is_whole: bool


def get_dead_key(*, text: str) -> DeadKey | None:
    """Whose a key is that was refused: one revoked, or one with the beginning of a known one.

    Needs no scope.
    """
    parts = split_key(text, "src")
    if parts is None:
        return None
    known = SourceKey.objects.select_related("tenant").filter(tenant__delete_after=None)
    key = known.filter(prefix=parts[0]).first()
    return None if key is None else DeadKey(key, fits(parts[1], key.secret_hash))


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source with its live keys and how many items it has put aside."""

    source: Source
    keys: tuple[SourceKey, ...]
    quarantined: int

    @property
    def last_used_at(self) -> datetime | None:
        """When one of the live keys was used last, to some minutes."""
        return max((key.last_used_at for key in self.keys if key.last_used_at), default=None)


def get_sources() -> list[SourceFacts]:
    sources = list(Source.objects.all())
    # Counted by itself: PostgreSQL groups by a whole primary key only, and Django names its id.
    aside = dict(Quarantined.objects.order_by().values_list("source_id").annotate(Count("id")))
    keys: dict[UUID, list[SourceKey]] = {source.pk: [] for source in sources}
    for key in SourceKey.objects.filter(source_id__in=keys, revoked_at=None):
        keys[key.source_id].append(key)
    return [
        SourceFacts(source, tuple(keys[source.pk]), aside.get(source.pk, 0)) for source in sources
    ]


def get_quarantined(*, limit: int = 100) -> list[Quarantined]:
    """What was put aside last, with its source."""
    return list(Quarantined.objects.select_related("source")[:limit])


def get_imports(*, limit: int = 50) -> list[UsageImport]:
    return list(UsageImport.objects.select_related("created_by")[:limit])


def get_row_faults(*, import_id: UUID) -> QuerySet[RowFault]:
    """The rows of a file that were left out, in its order."""
    return RowFault.objects.filter(usage_import_id=import_id)
