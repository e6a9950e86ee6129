"""Usage logs as CSV, plain or gzip: blocks of checked columns, and the rows that were left out.

Rows are numbered as a spreadsheet numbers them: the header is row 1. Blocks are read column-wise;
only a row that fails the fast reading is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from usage.adapters.canonical import (
    EARLIEST,
    FUTURE_TOLERANCE,
    MAX_CUSTOMER_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_USER_ID_LENGTH,
    UnreadableItem,
    parse_instant,
)
from usage.adapters.headers import Header, read_header
from usage.adapters.inflating import BoundedReader, UnreadableFile
from usage.adapters.records import Piece, cut_records

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LIMITS = {
    "message_id": MAX_ID_LENGTH,
    "customer_id": MAX_CUSTOMER_ID_LENGTH,
    "user_id": MAX_USER_ID_LENGTH,
    "event": MAX_NAME_LENGTH,
    "feature": MAX_NAME_LENGTH,
}
_EARLIEST_INSTANT = int(EARLIEST.timestamp()) * 1_000_000


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was left out. `field` is empty when the row as a whole can not be read."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of a file: the good ones as columns of equal length, the others as errors.

    `occurred_at` is in microseconds since 1970-01-01 UTC; the rest are Arrow string arrays.
    `consumed` of `size` bytes of the file have been read.
    """

    message_ids: Any
    occurred_at: Ints
    customer_ids: Any
    user_ids: Any
    names: Any
    features: Any
    errors: Sequence[RowError]
    rows: int
    consumed: int
    size: int

    @property
    def percent(self) -> int:
        """How far into the file it reaches; a hundred is said when the last block is stored."""
        return 99 * self.consumed // max(self.size, 1)


def read_blocks(
    path: Path, *, mapping: Mapping[str, str], received_at: datetime
) -> Iterator[Block]:
    """The file block by block. `mapping` names the field of a column that is called otherwise.

    Raises `UnreadableFile` for a file that can not be read as a whole.
    """
    with BoundedReader(path) as reader:
        header = read_header(reader, mapping)
        row = header.rows + 1
        for piece in cut_records(header.stream, header.delimiter):
            columns, numbers, errors = _columns(piece, header, row)
            yield _block(columns, numbers, errors, piece.length, reader, received_at)
            row += piece.length


def check_header(path: Path, mapping: Mapping[str, str]) -> None:
    """Raise `UnreadableFile` unless the columns are known."""
    with BoundedReader(path) as reader:
        read_header(reader, mapping)


Columns = dict[str, Any]


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


def _block(
    columns: Columns,
    numbers: Ints,
    errors: list[RowError],
    rows: int,
    reader: BoundedReader,
    received_at: datetime,
) -> Block:
    texts = {field: pc.utf8_trim_whitespace(column) for field, column in columns.items()}
    instants, bad_times = _instants(texts.pop("timestamp"), received_at)
    found = [*bad_times, *_text_errors(texts)]
    good = np.ones(len(numbers), dtype=bool)
    for index, field, reason in found:
        good[index] = False
        errors.append(RowError(int(numbers[index]), field, reason))
    kept = texts if good.all() else {f: c.filter(pa.array(good)) for f, c in texts.items()}
    return Block(
        message_ids=kept["message_id"],
        occurred_at=instants[good],
        customer_ids=kept["customer_id"],
        user_ids=kept["user_id"],
        names=kept["event"],
        features=kept.get("feature", pa.array([""] * int(good.sum()), pa.string())),
        errors=sorted(errors, key=lambda error: error.row),
        rows=rows,
        consumed=reader.consumed,
        size=reader.size,
    )


Problem = tuple[int, str, str]


def _text_errors(texts: Columns) -> Iterator[Problem]:
    for field, column in texts.items():
        limit = LIMITS[field]
        if field != "feature":
            for index in _where(pc.equal(column, "")):
                yield index, field, f"“{field}” is empty"
        for index in _where(pc.greater(pc.utf8_length(column), limit)):
            yield index, field, f"“{field}” is longer than {limit} characters"


def _where(flags: Any) -> list[int]:
    found: list[int] = np.flatnonzero(flags.to_numpy(zero_copy_only=False)).tolist()
    return found


def _instants(texts: Any, received_at: datetime) -> tuple[Ints, list[Problem]]:
    """Microseconds of each time; those that can not be read are 0 and reported."""
    latest = int(received_at.timestamp() * 1_000_000)
    try:
        instants = texts.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        found = np.array(instants.to_numpy(zero_copy_only=False), dtype=np.int64)
        bad: list[Problem] = []
    except pa.ArrowInvalid:
        found, bad = _instants_one_by_one(texts.to_pylist())
    told = {index for index, _, _ in bad}
    odd = np.flatnonzero((found < _EARLIEST_INSTANT) | (found > latest)).tolist()
    for index in odd:
        if index not in told and (reason := _implausible(found[index], latest)):
            bad.append((index, "timestamp", reason))
    return np.minimum(found, latest), bad


def _instants_one_by_one(texts: list[str]) -> tuple[Ints, list[Problem]]:
    found = np.zeros(len(texts), dtype=np.int64)
    bad: list[Problem] = []
    for index, text in enumerate(texts):
        try:
            found[index] = _microseconds(parse_instant(text))
        except UnreadableItem as problem:
            bad.append((index, "timestamp", str(problem)))
    return found, bad


def _microseconds(moment: datetime) -> int:
    return int(np.datetime64(moment.replace(tzinfo=None), "us").astype(np.int64))


def _implausible(instant: int, latest: int) -> str:
    if instant < _EARLIEST_INSTANT:
        return f"the time is before the year {EARLIEST.year}"
    if instant > latest + FUTURE_TOLERANCE.total_seconds() * 1_000_000:
        return "the time lies in the future"
    return ""


__all__ = ["Block", "RowError", "UnreadableFile", "check_header", "read_blocks"]
