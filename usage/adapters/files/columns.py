"""A log's text as columns of text, block by block, with the number of each row.

Rows are numbered as a spreadsheet numbers them: the header is row 1. Blocks are read column-wise;
only a row that fails the fast reading is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from usage.adapters.files.faults import RowError
from usage.adapters.files.headers import Header, read_header
from usage.adapters.files.layouts import Layout
from usage.adapters.files.spooling import Sheet
from usage.adapters.inflating import BoundedReader
from usage.adapters.records import Piece, cut_records

Ints = npt.NDArray[np.int64]
Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cells:
    """Consecutive rows: the readable ones as trimmed text by field, the others as errors.

    `consumed` of `size` bytes of the file have been read.
    """

    texts: Columns
    numbers: Ints
    errors: list[RowError]
    rows: int
    consumed: int
    size: int

    @property
    def percent(self) -> int:
        """How far into the file it reaches; a hundred is said when the last block is stored."""
        return 99 * self.consumed // max(self.size, 1)


def read_cells(sheet: Sheet, layout: Layout, *, after: int = 0) -> Iterator[Cells]:
    """The rows of a log block by block, without the blocks that lie among the first `after` rows.

    Blocks of one file are always the same. Raises `UnreadableFile`.
    """
    with BoundedReader(sheet.path) as reader:
        header = read_header(reader, layout)
        row, done = sheet.first_row, 0
        for piece in cut_records(header.stream, header.delimiter):
            if done + piece.length > after:
                columns, numbers, errors = _columns(piece, header, row)
                trimmed = {name: pc.utf8_trim_whitespace(c) for name, c in columns.items()}
                texts = trimmed | constant_columns(layout, len(numbers))
                yield Cells(texts, numbers, errors, piece.length, reader.consumed, reader.size)
            row, done = row + piece.length, done + piece.length


def constant_columns(layout: Layout, rows: int) -> Columns:
    """What the layout states for every row."""
    return {
        name: pa.repeat(pa.scalar(text, pa.string()), rows)
        for name, text in layout.constants.items()
    }


def _columns(piece: Piece, header: Header, row: int) -> tuple[Columns, Ints, list[RowError]]:
    """The fields of a piece as columns, with the number of each row kept."""
    if piece.text:
        columns = _fast_columns(piece, header)
        if columns is not None:
            return columns, np.arange(row, row + piece.count, dtype=np.int64), []
        rows = header.rows_of(piece.text)
    else:
        rows = piece.rows
    return _slow_columns(rows, header, row)


def _fast_columns(piece: Piece, header: Header) -> Columns | None:
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(piece.text),
            read_options=arrow_csv.ReadOptions(
                column_names=header.columns, use_threads=False, block_size=len(piece.text) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=header.delimiter, newlines_in_values=piece.is_quoted
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(header.columns, pa.string()),
                include_columns=list(header.fields),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != piece.count:
        return None
    return {field: table.column(column).combine_chunks() for column, field in header.fields.items()}


def _slow_columns(
    rows: Sequence[list[str] | str], header: Header, row: int
) -> tuple[Columns, Ints, list[RowError]]:
    width = len(header.columns)
    good: list[list[str]] = []
    numbers: list[int] = []
    errors: list[RowError] = []
    for number, fields in enumerate(rows, row):
        if isinstance(fields, str):
            errors.append(RowError(number, "", fields))
        elif len(fields) == width:
            good.append(fields)
            numbers.append(number)
        elif fields:
            errors.append(RowError(number, "", f"{len(fields)} values, {width} were expected"))
    by_column = list(zip(*good, strict=True)) if good else [()] * width
    columns = {
        field: pa.array(by_column[header.columns.index(column)], pa.string())
        for column, field in header.fields.items()
    }
    return columns, np.array(numbers, dtype=np.int64), errors
