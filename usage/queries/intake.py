"""What came in: sources, files, and what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from tenancy.keys import fits, split_key
from usage.models import Quarantined, RowFault, Source, SourceKey, UsageImport


def get_source_by_key(*, text: str) -> SourceKey | None:
    """The live key this text is, with its workspace; None when it opens nothing. Needs no scope.

    A workspace that is closed takes no events.
    """
    parts = split_key(text, "src")
    if parts is None:
        return None
    key = (
        SourceKey.objects.select_related("tenant")
        .filter(prefix=parts[0], revoked_at=None, tenant__delete_after=None)
        .first()
    )
    return key if key is not None and fits(parts[1], key.secret_hash) else None


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source with its live keys and how many items it has put aside."""

    source: Source
    keys: tuple[SourceKey, ...]
    quarantined: int


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
