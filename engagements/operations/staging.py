"""Changes to files on their way in, and to the columns that are remembered for the next one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import ColumnMapping, Engagement, StagedImport
from engagements.operations.saving import save
from people.models import User
from rendering.spreadsheets import Book, packed
from tenancy import audit

KEPT = timedelta(days=1)
LONGEST_FILE_NAME = 255


@transaction.atomic
def stage_import(
    *,
    kind: str,
    engagement: Engagement | None,
    file_name: str,
    content: bytes,
    book: Book,
    by: User | None,
) -> StagedImport:
    """Keep a file that was read until somebody has said what its columns are.

    Raises ValidationError, keyed `file`, when it has no rows.
    """
    staged = StagedImport(
        kind=kind,
        engagement=engagement,
        file_name=file_name[:LONGEST_FILE_NAME],
        created_by=by,
        # Only a workbook with several sheets is read again.
        content=content if len(book.sheets) > 1 else None,
    )
    _put_book(staged, book)
    return staged


@transaction.atomic
def choose_sheet(*, staged: StagedImport, book: Book) -> None:
    """Another sheet of the same workbook; what was said of the columns is about the one before.

    Raises ValidationError, keyed `file`, when it has no rows.
    """
    staged.mapping = {}
    _put_book(staged, book)


def _put_book(staged: StagedImport, book: Book) -> None:
    if not book.table.rows:
        raise ValidationError({"file": _("There is a heading here, but no row below it.")})
    staged.sheets, staged.sheet = [name[:255] for name in book.sheets], book.sheet
    staged.table = packed(book.table)
    staged.row_count = len(book.table.rows)
    staged.columns = list(book.table.columns)
    staged.headings = list(book.table.headings)
    staged.save()


@transaction.atomic
def map_columns(*, staged: StagedImport, mapping: Mapping[str, str]) -> None:
    """Note which of ours each of the file's columns is."""
    staged.mapping = dict(mapping)
    staged.save(update_fields=["mapping"])


@transaction.atomic
def discard_import(*, staged: StagedImport) -> None:
    staged.delete()


@transaction.atomic
def keep_mapping(
    *, kind: str, name: str, columns: Mapping[str, str], by: User | None
) -> ColumnMapping:
    """Remember columns under a name; a mapping of that name is replaced. Raises ValidationError."""
    there = ColumnMapping.objects.select_for_update().filter(kind=kind, forgotten_at=None)
    row = there.filter(name__iexact=name.strip()).first()
    if row is None:
        row = ColumnMapping(kind=kind, created_by=by)
    elif row.columns == dict(columns):
        return row
    row.name, row.columns = name.strip(), dict(columns)
    save(row, named_by="name")
    audit.record(action="mapping.kept", subject=row, facts={"columns": len(row.columns)})
    return row


@transaction.atomic
def forget_mapping(*, mapping: ColumnMapping, now: datetime) -> None:
    mapping.forgotten_at = now
    mapping.save(update_fields=["forgotten_at"])
    audit.record(action="mapping.forgotten", subject=mapping)


@transaction.atomic
def restore_mapping(*, mapping: ColumnMapping) -> None:
    """Remember it again. Raises ValidationError when another one has its name by now."""
    mapping.forgotten_at = None
    save(mapping, named_by="name")
    audit.record(action="mapping.restored", subject=mapping)


def drop_stale_imports(*, business_date: date, now: datetime) -> int:
    """Files nobody brought in for a day go. Returns how many."""
    stale = StagedImport.objects.filter(created_at__lte=now - KEPT)
    count, _rows = stale.delete()
    return count
