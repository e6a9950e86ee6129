"""How long events stay, and what intake has to know of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from tenancy.scope import current_tenant_id, tenant_scope
from usage.models import Erasure, Retention, Source

SOURCE_FIELDS = tuple(field.attname for field in Source._meta.concrete_fields)
# As it stands: every request asks it, and to put it together takes longer than to answer it.
OPEN = f"""
SELECT usage_stamp(s.tenant_id, s.id),
    (SELECT months FROM usage_retention r WHERE r.tenant_id = s.tenant_id LIMIT 1),
    EXISTS (SELECT FROM usage_erasure e WHERE e.tenant_id = s.tenant_id),
    (SELECT count(*) FROM usage_namechange n WHERE n.tenant_id = s.tenant_id),
    (SELECT coalesce(max(n.id), 0) FROM usage_namechange n WHERE n.tenant_id = s.tenant_id),
    {", ".join(f"s.{name}" for name in SOURCE_FIELDS)}
FROM usage_source s JOIN tenancy_tenant t ON t.id = s.tenant_id
WHERE s.tenant_id = %s::uuid AND s.id = %s::uuid AND t.delete_after IS NULL
"""  # noqa: S608 (no input)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is not kept: events older than `months` whole months, and those of people erased."""

    months: int | None = None
    has_erasures: bool = False

    def since(self, now: datetime) -> datetime | None:
        """The moment from which events are kept: the first of a month in UTC; None for all."""
        return None if self.months is None else month_before(now, self.months)


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A source about to take a request, with what it has to know in the same question.

    `mark`: how many changes of names are noted and which was the last; as long as it is the same,
    what a name was found to stand for still holds. `stamp`: what all of this may be remembered by,
    see migration 0011.
    """

    tenant_id: UUID
    source: Source
    keeping: Keeping
    mark: tuple[int, int]
    stamp: str


SOURCES_HELD = 10_000
_held: dict[UUID, OpenSource] = {}


def month_before(now: datetime, months: int) -> datetime:
    """The start of the month so many months before the one of `now`, in UTC."""
    local = now.astimezone(UTC)
    count = local.year * 12 + local.month - 1 - months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def get_keeping() -> Keeping:
    months = Retention.objects.values_list("months", flat=True).first()
    return Keeping(months, Erasure.objects.exists())


def get_open_source(*, source_id: UUID) -> OpenSource | None:
    """The source, what it keeps and the mark of names, in one question; None when it is gone or
    its workspace is closed."""
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [str(tenant_id), str(source_id)])
        row = cursor.fetchone()
    if row is None:
        return None
    source = Source.from_db(connection.alias, SOURCE_FIELDS, row[5:])
    found = OpenSource(tenant_id, source, Keeping(*row[1:3]), row[3:5], row[0])
    if len(_held) >= SOURCES_HELD:
        _held.clear()
    _held[source_id] = found
    return found


def get_dropped_properties(*, tenant_id: UUID, source_id: UUID) -> Sequence[str]:
    """What a source wants dropped. Needs no scope."""
    with tenant_scope(tenant_id):
        found = get_open_source(source_id=source_id)
    return found.source.dropped_properties if found else ()


def get_held_source(*, source_id: UUID) -> OpenSource | None:
    """The source as this process saw it last, good for what checks its stamp only. Needs no scope
    and asks nothing."""
    return _held.get(source_id)
