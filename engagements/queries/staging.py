"""Reads of files on their way in."""

from uuid import UUID

from django.db.models import QuerySet

from engagements.models import ColumnMapping, StagedImport

MOST_WAITING = 5


def get_staged_imports() -> QuerySet[StagedImport]:
    """Files that wait, newest first, without what is in them."""
    rows = StagedImport.objects.defer("content", "table")
    return rows.select_related("engagement__customer", "created_by")


def get_waiting_imports(*, kind: str, engagement_id: UUID | None) -> list[StagedImport]:
    """The files of one kind that wait, of one engagement where it is about one."""
    rows = get_staged_imports().filter(kind=kind, engagement=engagement_id)
    return list(rows[:MOST_WAITING])


def get_mappings(*, kind: str) -> list[ColumnMapping]:
    """The columns that are remembered, by name."""
    return list(ColumnMapping.objects.filter(kind=kind, forgotten_at=None))
