"""Workbooks, Parquet, JSON lines and texts of other encodings, written out as CSV in UTF-8."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from rendering.spreadsheets.tables import UnreadableTable
from rendering.spreadsheets.workbooks import (
    LAST_ROW,
    MEGABYTE,
    Bounds,
    open_workbook,
    rows_of,
    text_of,
)
from usage.adapters.files.headers import MOST_COLUMNS
from usage.adapters.files.kinds import JSON_LINES, PARQUET, TEXT, WIDE_TEXT, WORKBOOK
from usage.adapters.files.layouts import LEFT_OUT
from usage.adapters.inflating import BoundedReader, UnreadableFile
from usage.adapters.records import MAX_RECORD_BYTES, REASON_MARK, whole_lines

Answer = dict[str, Any]
_BOUNDS = Bounds(packed=200 * MEGABYTE, unpacked=1500 * MEGABYTE, texts=96 * MEGABYTE)
_BATCH = 5_000
# How far a file of objects is read to learn which names they have.
_LINES_LOOKED_AT = 1_000


def unpack(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Answer:
    """Write a header and every row; rows of nothing stay, so that the others keep their numbers.

    Returns `first_row`, the number of the row below the header; `sheets`, the names of a
    workbook's; `nested`, the columns that hold lists or objects, whose cells are left empty.
    Raises `UnreadableFile`, also when one of those is `wanted`.
    """
    unpacking: dict[str, Callable[[BinaryIO, BinaryIO, dict[str, Any]], Answer]] = {
        WORKBOOK: _workbook,
        PARQUET: _parquet,
        JSON_LINES: _json_lines,
        TEXT: _text,
        WIDE_TEXT: _text,
    }
    return {"first_row": 2, "sheets": [], "nested": []} | unpacking[asked["kind"]](
        source, target, asked
    )


def _is_wanted(name: str, asked: dict[str, Any]) -> bool:
    """Whether a column is to be read into a field."""
    field = asked["columns"].get(name)
    return name.lower() in asked["fields"] if field is None else field != LEFT_OUT


def _write(target: BinaryIO, rows: Iterable[Sequence[Any]], most: int) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", errors="replace")
    csv.writer(text, lineterminator="\n").writerows(islice(rows, most + 1) if most else rows)
    text.flush()
    text.detach()


# --- workbooks ------------------------------------------------------------------------------


def _workbook(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Answer:
    try:
        book = open_workbook(source, _BOUNDS)
        names = [page.title for page in book.worksheets]
        if asked["sheet"] >= len(names):
            raise UnreadableFile("the workbook has no such sheet")
        lines = _filled(book.worksheets[asked["sheet"]])
        number, heading = next(lines, (0, []))
        _write(target, _numbered(heading, number, lines), asked["rows"])
    except UnreadableTable as refusal:
        raise UnreadableFile(_said(str(refusal))) from None
    return {"first_row": number + 1, "sheets": names}


def _said(words: str) -> str:
    """A refusal as the others are worded: in the middle of a sentence."""
    return (words[:1].lower() + words[1:]).rstrip(".")


def _filled(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows that say anything, as texts."""
    for number, values in rows_of(sheet, most_columns=MOST_COLUMNS, last_row=LAST_ROW):
        if values.count(None) != len(values):
            yield number, [text_of(value).replace("\0", "") for value in values]


def _numbered(
    heading: list[str], number: int, lines: Iterator[tuple[int, list[str]]]
) -> Iterator[list[str]]:
    """The heading as far as it says anything, and each row as wide, with gaps between them kept."""
    width = max((place for place, text in enumerate(heading, 1) if text.strip()), default=0)
    if not width:
        return
    yield heading[:width]
    for at, cells in lines:
        yield from ([] for _gap in range(number + 1, at))
        yield (cells + [""] * width)[:width]
        number = at


# --- Parquet --------------------------------------------------------------------------------


def _parquet(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Answer:
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        file = pq.ParquetFile(source, pre_buffer=False)
        schema = file.schema_arrow
        nested = [field.name for field in schema if pa.types.is_nested(field.type)]
        if odd := [name for name in nested if _is_wanted(name, asked)]:
            raise UnreadableFile(
                f"the column “{odd[0][:60]}” holds lists or objects, which no field can be"
            )
        if len(schema) > MOST_COLUMNS:
            raise UnreadableFile(f"the file has more than {MOST_COLUMNS:,} columns")
        _write(target, _parquet_rows(file, set(nested)), asked["rows"])
    except (pa.ArrowException, OSError, ValueError) as problem:
        if isinstance(problem, UnreadableFile | MemoryError):
            raise
        raise UnreadableFile("the Parquet file is damaged or cut off: fetch it again") from None
    return {"first_row": 1, "nested": nested}


def _parquet_rows(file: Any, nested: set[str]) -> Iterator[Sequence[Any]]:
    names = file.schema_arrow.names
    yield names
    flat = [name for name in names if name not in nested]
    for batch in file.iter_batches(batch_size=_BATCH, columns=flat, use_threads=False):
        columns = [
            [""] * batch.num_rows if name in nested else _as_texts(batch.column(name))
            for name in names
        ]
        yield from zip(*columns, strict=True)


def _as_texts(column: Any) -> list[str]:
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [value.decode(errors="replace") if value else "" for value in column.to_pylist()]
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    texts: list[str] = column.cast(pa.string()).fill_null("").to_pylist()
    return [text.replace("\0", "") for text in texts] if any("\0" in t for t in texts) else texts


# --- JSON lines -----------------------------------------------------------------------------


def _json_lines(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Answer:
    columns, nested = _names(source)
    source.seek(0)
    wanted = {name for name in columns if _is_wanted(name, asked)}
    if asked["columns"]:
        # Objects may say more than the first ones did.
        columns = [name for name in columns if name in wanted or name in asked["columns"]]
    lines = islice(_lines(source), asked["rows"] or None)
    rows = (_json_row(line, columns, wanted) for line in lines)
    target.write(_line(columns))
    target.writelines(rows)
    return {"first_row": 1, "nested": sorted(nested)}


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    with BoundedReader(source) as reader:
        first = True
        for lines in whole_lines(reader):
            if lines is None:
                yield None
                continue
            text = lines.removeprefix(codecs.BOM_UTF8) if first else lines
            first = False
            yield from text.removesuffix(b"\n").split(b"\n")


def _names(source: BinaryIO) -> tuple[list[str], set[str]]:
    """The names of the objects' values in the order they turn up, and which are lists or objects."""
    names: dict[str, None] = {}
    nested: set[str] = set()
    for line in islice(_lines(source), _LINES_LOOKED_AT):
        found = _object(line)
        if isinstance(found, dict):
            names |= dict.fromkeys(found)
            nested |= {name for name, value in found.items() if isinstance(value, list | dict)}
    if not names:
        raise UnreadableFile("none of the first lines is a JSON object: this is no JSON lines file")
    if len(names) > MOST_COLUMNS:
        raise UnreadableFile(f"the objects have more than {MOST_COLUMNS:,} names")
    return list(names), nested


def _object(line: bytes | None) -> dict[str, Any] | str:
    """What a line says, or why it says nothing."""
    if line is None or len(line) > MAX_RECORD_BYTES:
        return "the line is longer than 1 MB"
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        return f"the line is not JSON: {problem.msg} at character {problem.colno}"
    return found if isinstance(found, dict) else "the line is not a JSON object"


def _json_row(line: bytes | None, columns: list[str], wanted: set[str]) -> bytes:
    if line is not None and not line.strip():
        return b"\n"
    found = _object(line)
    if isinstance(found, str):
        return _reason(found)
    values = [found.get(name) for name in columns]
    for name, value in zip(columns, values, strict=True):
        if isinstance(value, list | dict) and name in wanted:
            return _reason(f"“{name[:60]}” holds a list or an object")
    return _line([_plain(value) for value in values])


def _reason(words: str) -> bytes:
    return REASON_MARK + words.replace('"', "“").encode() + b"\n"


def _plain(value: Any) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("\0", "")


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode(errors="replace")


# --- texts ----------------------------------------------------------------------------------


def _text(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Answer:
    """The same text in UTF-8."""
    encoding = "utf-16" if asked["kind"] == WIDE_TEXT else asked["encoding"]
    decoder = codecs.getincrementaldecoder(encoding)()
    left = asked["rows"] + 1 if asked["rows"] else -1
    with BoundedReader(source) as reader:
        while left and (chunk := reader.read()):
            text = _decoded(decoder, chunk)
            target.write(text.encode())
            left = max(left - text.count("\n"), 0) if left > 0 else left
    return {}


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes) -> str:
    try:
        return decoder.decode(chunk)
    except UnicodeDecodeError as problem:
        raise UnreadableFile(
            f"the text is not {problem.encoding}: choose another encoding, or save it as “CSV UTF-8”"
        ) from None
