"""What is wrong with a file, as a table to work through."""

from collections.abc import Iterable

from engagements.imports.reading import RowError
from rendering.spreadsheets import Table, write_table

COLUMNS = ("row", "column", "value", "what_is_wrong")


def faults_csv(errors: Iterable[RowError], table: Table) -> bytes:
    """The faults row by row, each with the cell that it is about."""
    cells = {row.number: row.cells for row in table.rows}
    return write_table(
        COLUMNS,
        (
            [error.row, error.column, cells[error.row].get(error.column, ""), error.message]
            for error in errors
        ),
    )
