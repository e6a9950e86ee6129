"""What a table is, whatever file it came in, and how large it may be."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from rendering.sentences import sentence

FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")
LARGEST_TABLE_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
# Rows times columns: what a process has to hold at once.
MOST_CELLS = 1_000_000
LONGEST_CELL = 10_000
LONGEST_HEADING = 200


class UnreadableTable(ValueError):
    """The file is no table; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the number a spreadsheet shows beside it (the heading is row 1)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by column; `headings` are the columns as the file writes them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """One sheet of a file, and the names of all of them; a CSV file has no sheets."""

    sheets: tuple[str, ...]
    sheet: int
    table: Table


def column_name(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_")


def table_of(heading: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """A table from its heading and its numbered lines. Raises UnreadableTable."""
    headings = tuple(text.strip() for text in heading)
    columns = _columns(headings)
    return Table(columns, tuple(_rows(lines, columns)), headings)


def _columns(headings: tuple[str, ...]) -> tuple[str, ...]:
    if len(headings) > MOST_COLUMNS:
        raise UnreadableTable(
            sentence("The file has more than %(most)s columns.", most=MOST_COLUMNS)
        )
    if any(len(text) > LONGEST_HEADING for text in headings):
        raise UnreadableTable(
            sentence("A column has a name of over %(most)s characters.", most=LONGEST_HEADING)
        )
    columns = tuple(map(column_name, headings))
    if not any(columns):
        raise UnreadableTable(sentence("The file is empty. Its first row should name the columns."))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UnreadableTable(sentence("The column “%(name)s” is there twice.", name=twice[0]))
    return columns


def _rows(lines: Iterable[tuple[int, Sequence[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    most = min(MOST_ROWS, MOST_CELLS // len(columns))
    count = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > most:
            raise UnreadableTable(_too_many(most, len(columns)))
        if len(cells) > len(columns):
            raise UnreadableTable(
                sentence("Row %(row)s has more cells than the heading has columns.", row=number)
            )
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise UnreadableTable(
                sentence(
                    "Row %(row)s has a cell of over %(most)s characters.",
                    row=number,
                    most=f"{LONGEST_CELL:,}",
                )
            )
        yield Row(number, dict(zip(columns, map(_unguarded, cells), strict=False)))


def _too_many(most: int, columns: int) -> str:
    if most == MOST_ROWS:
        return sentence("The file has more than %(most)s rows.", most=f"{MOST_ROWS:,}")
    return sentence(
        "The file has more than %(most)s rows, the most that %(columns)s columns leave room for.",
        most=f"{most:,}",
        columns=columns,
    )


def _unguarded(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def renamed(table: Table, names: Mapping[str, str]) -> Table:
    """The columns that have a name here, under that name; the others are left out."""
    wanted = [(old, names[old]) for old in table.columns if names.get(old)]
    rows = tuple(
        Row(row.number, {new: row.cells[old] for old, new in wanted if old in row.cells})
        for row in table.rows
    )
    return Table(tuple(new for _old, new in wanted), rows)


def packed(table: Table) -> bytes:
    """A table as bytes to be kept; `unpacked` reads them back."""
    rows = [
        [row.number, *(row.cells.get(name, "") for name in table.columns)] for row in table.rows
    ]
    whole = {"columns": table.columns, "headings": table.headings, "rows": rows}
    return zlib.compress(orjson.dumps(whole), level=1)


def unpacked(content: bytes) -> Table:
    whole = orjson.loads(zlib.decompress(content))
    columns = tuple(whole["columns"])
    rows = (Row(row[0], dict(zip(columns, row[1:], strict=True))) for row in whole["rows"])
    return Table(columns, tuple(rows), tuple(whole["headings"]))
