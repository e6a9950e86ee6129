"""Tables that are files already, in the form asked for."""

from engagements.queries import Export
from rendering.spreadsheets import write_table, write_workbook


def csv_of(table: Export) -> bytes:
    return write_table(table.columns, table.rows)


def workbook_of(table: Export, *, title: str) -> bytes:
    return write_workbook(table.columns, table.rows, title=title)
