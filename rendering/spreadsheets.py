"""Tables in and out: CSV as people's spreadsheets write and read it.

A cell that a spreadsheet would take for a formula leaves with an apostrophe in front, and loses
that apostrophe again when it comes back.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")
LARGEST_TABLE_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000


class UnreadableTable(ValueError):
    """The file is no table; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the number a spreadsheet shows beside it (the heading is row 1)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes) -> Table:
    """Read a CSV file with a heading row, separated by commas, semicolons or tabs, in UTF-8.

    Raises UnreadableTable, naming the row where there is one.
    """
    if len(data) > LARGEST_TABLE_BYTES:
        raise UnreadableTable("The file is larger than 20 MB.")
    lines = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data))
    try:
        heading = next(lines, None)
        columns = _columns(heading)
        return Table(columns, tuple(_rows(lines, columns)))
    except csv.Error as error:
        raise UnreadableTable(f"Row {lines.line_num}: {error}.") from error


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UnreadableTable(
            f"Row {row} is not in UTF-8. Save the file as “CSV UTF-8” and try again."
        ) from error
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableTable(f"Row {row} holds binary data, so this is no CSV file.")
    return text


def _delimiter(data: bytes) -> str:
    heading = data.partition(b"\n")[0].decode("utf-8", "replace")
    return max(",;\t", key=heading.count)


def _columns(heading: list[str] | None) -> tuple[str, ...]:
    if len(heading or []) > MOST_COLUMNS:
        raise UnreadableTable(f"The file has more than {MOST_COLUMNS} columns.")
    columns = tuple(name.strip().lower().replace(" ", "_") for name in heading or [])
    if not any(columns):
        raise UnreadableTable("The file is empty. Its first row should name the columns.")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UnreadableTable(f"The column “{twice[0]}” is there twice.")
    return columns


def _rows(lines: Any, columns: tuple[str, ...]) -> Iterable[Row]:
    for count, cells in enumerate(lines, start=1):
        number = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if count > MOST_ROWS:
            raise UnreadableTable(f"The file has more than {MOST_ROWS:,} rows.")
        if len(cells) > len(columns):
            raise UnreadableTable(f"Row {number} has more cells than the heading has columns.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise UnreadableTable(f"Row {number} has a cell of over {LONGEST_CELL:,} characters.")
        yield Row(number, dict(zip(columns, map(_unguarded, cells), strict=False)))


def _unguarded(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def guarded(value: Any) -> Any:
    """The value as it may stand in a spreadsheet: never a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file in UTF-8 with a byte-order mark, which spreadsheets need to see accents."""
    return b"".join(stream_table(columns, [rows]))


def stream_table(
    columns: Sequence[str], portions: Iterable[Iterable[Sequence[Any]]]
) -> Iterator[bytes]:
    """The same file piece by piece: its heading, then a piece for each portion of rows."""
    yield b"\xef\xbb\xbf" + _written([columns])
    for rows in portions:
        yield _written([guarded(value) for value in row] for row in rows)


def _written(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
