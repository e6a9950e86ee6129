"""Tables in and out, as people's spreadsheets write and read them: CSV and Excel workbooks.

A cell that a spreadsheet would take for a formula leaves as text: with an apostrophe in front in a
CSV file, which it loses again when it comes back, and typed as text in a workbook.
"""

from rendering.sentences import sentence
from rendering.spreadsheets.apart import read_workbook
from rendering.spreadsheets.csv_files import read_table
from rendering.spreadsheets.tables import (
    LARGEST_TABLE_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    Book,
    Row,
    Table,
    UnreadableTable,
    column_name,
    packed,
    renamed,
    unpacked,
)
from rendering.spreadsheets.writing import guarded, stream_table, write_table, write_workbook

__all__ = [
    "LARGEST_TABLE_BYTES",
    "MOST_CELLS",
    "MOST_ROWS",
    "Book",
    "Row",
    "Table",
    "UnreadableTable",
    "column_name",
    "guarded",
    "packed",
    "read_book",
    "read_table",
    "read_workbook",
    "renamed",
    "stream_table",
    "unpacked",
    "write_table",
    "write_workbook",
]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_book(data: bytes, *, sheet: int = 0) -> Book:
    """A file of either kind; what it holds decides, not what it is called.

    `sheet` counts the sheets of a workbook from 0. Raises UnreadableTable.
    """
    if data.startswith(_OLE):
        raise UnreadableTable(
            sentence(
                "This is an old binary workbook, or one with a password."
                " Save it as XLSX without a password, or as “CSV UTF-8”."
            )
        )
    if data.startswith(_ZIP):
        return read_workbook(data, sheet=sheet)
    return Book(sheets=(), sheet=0, table=read_table(data))
