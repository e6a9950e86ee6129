"""A file on its way in: what its columns most likely are, and what it does or would do."""

from collections.abc import Iterable, Mapping
from datetime import date

from engagements.imports.columns import Column, applied, fits, guess
from engagements.imports.customers import import_customers
from engagements.imports.reading import ImportResult
from engagements.imports.rosters import import_roster
from engagements.models import ColumnMapping, StagedImport
from rendering.spreadsheets import Table
from rendering.spreadsheets import renamed as with_names
from rendering.spreadsheets import unpacked as table_in


def table_of(staged: StagedImport) -> Table:
    """The rows of a file under its own column names."""
    return table_in(bytes(staged.table))


def named_table(staged: StagedImport) -> Table:
    """The rows of a file under our column names. Its columns are known."""
    return with_names(table_of(staged), staged.mapping)


def fitting(kept: Iterable[ColumnMapping], staged: StagedImport) -> ColumnMapping | None:
    """The remembered columns that are about a file with exactly these."""
    return next((row for row in kept if fits(row.columns, staged.columns)), None)


def likely_mapping(
    staged: StagedImport, ours: tuple[Column, ...], *, kept: ColumnMapping | None
) -> Mapping[str, str]:
    """Which of ours each column is: as remembered, or else by its name."""
    if kept is not None:
        return applied(kept.columns, staged.columns, ours)
    return guess(staged.columns, ours)


def bring_in(
    staged: StagedImport, *, today: date, keep: bool, good_rows_only: bool = False
) -> ImportResult:
    """Do what a file says, or with `keep=False` find out what it would do.

    Raises UnreadableTable when one of its columns is no longer known.
    """
    table = named_table(staged)
    if staged.engagement is not None:
        return import_roster(
            engagement=staged.engagement, table=table, keep=keep, good_rows_only=good_rows_only
        )
    return import_customers(table=table, today=today, keep=keep, good_rows_only=good_rows_only)
