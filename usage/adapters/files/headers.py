"""The first row of a usage log: which column holds what, and what separates them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from usage.adapters.files.layouts import LEFT_OUT, Layout
from usage.adapters.inflating import BoundedReader, UnreadableFile
from usage.adapters.records import MAX_RECORD_BYTES, read_rows

MOST_COLUMNS = 1_000
DELIMITERS = ",;\t|"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnknownColumns(UnreadableFile):
    """What the columns of a readable file are is not said, or not as the file has it."""


class PutBack:
    """A stream that gives back what was read too far before it reads on."""

    def __init__(self, head: bytes, reader: BoundedReader) -> None:
        self._head = head
        self._reader = reader

    def read(self) -> bytes:
        head, self._head = self._head, b""
        return head or self._reader.read()


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` in the file's order; `fields` maps the ones that are read to their field."""

    columns: tuple[str, ...]
    fields: dict[str, str]
    delimiter: str
    stream: PutBack

    def rows_of(self, text: bytes) -> Sequence[list[str] | str]:
        """Whole records, one by one."""
        return read_rows(text, self.delimiter)


def read_header(reader: BoundedReader, layout: Layout) -> Header:
    """Read the first row. Raises `UnreadableFile` naming what is wrong and what was expected."""
    line, rest = first_line(reader, layout.expected)
    _refuse_unknown_fields(layout)
    text = decoded(line)
    delimiter, columns = _split(text, layout)
    return Header(columns, known_fields(columns, layout), delimiter, PutBack(rest, reader))


def first_line(reader: BoundedReader, expected: str) -> tuple[bytes, bytes]:
    """The first row, and what was read beyond it. Raises `UnreadableFile`."""
    head = b""
    while b"\n" not in head and len(head) <= MAX_RECORD_BYTES:
        chunk = reader.read()
        if not chunk:
            break
        head += chunk
    line, _, rest = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    if not line.strip():
        raise UnreadableFile(f"the file has no header row; expected the columns {expected}")
    if len(line) > MAX_RECORD_BYTES:
        raise UnreadableFile("the first row is longer than 1 MB: this is no usage log")
    return line, rest


def decoded(line: bytes) -> str:
    """A first row as text. Raises `UnreadableFile`."""
    if b"\0" in line:
        raise UnreadableFile("the file is not text: the first row contains NUL characters")
    try:
        text = line.decode().strip()
    except UnicodeDecodeError:
        raise UnreadableFile("the file is not UTF-8 text: save it as “CSV UTF-8”") from None
    if max(map(text.count, DELIMITERS)) >= MOST_COLUMNS:
        raise UnreadableFile(f"the first row names more than {MOST_COLUMNS:,} columns")
    return text


def names_of(line: str, delimiter: str) -> tuple[str, ...]:
    """The columns of a first row, under one delimiter."""
    return tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []))


def known_fields(columns: tuple[str, ...], layout: Layout) -> dict[str, str]:
    """The field of each column that is read. Raises `UnknownColumns`."""
    _refuse_repeats(columns)
    unknown = [name for name in columns if not layout.field_of(name)]
    if unknown:
        raise UnknownColumns(
            f"unknown column {_listed(unknown)}; expected {layout.expected}. "
            f"Name its field with a mapping such as account=customer_id, or leave it out with "
            f"{unknown[0] or 'name'}={LEFT_OUT}"
        )
    known = {name: layout.field_of(name) for name in columns}
    known = {name: field for name, field in known.items() if field != LEFT_OUT}
    _refuse_repeats([*known.values(), *layout.constants])
    missing = [field for field in layout.needed if field not in known.values()]
    if missing:
        raise UnknownColumns(f"missing column {_listed(missing)}; expected {layout.expected}")
    absent = [name for name in layout.columns if name not in columns]
    if absent:
        raise UnknownColumns(f"the mapping names {_listed(absent)}, which the file does not have")
    return known


def refuse_unfit(columns: tuple[str, ...], layout: Layout) -> None:
    """Raises `UnknownColumns` where a layout cannot be that of a file with these columns."""
    _refuse_unknown_fields(layout)
    known_fields(columns, layout)


def _split(line: str, layout: Layout) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which most columns are known, and the columns."""
    candidates = [(delimiter, names_of(line, delimiter)) for delimiter in DELIMITERS]
    return max(candidates, key=lambda found: sum(bool(layout.field_of(c)) for c in found[1]))


def _refuse_repeats(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnknownColumns(f"the column {_listed(twice)} is there more than once")


def _refuse_unknown_fields(layout: Layout) -> None:
    unknown = [name for name in layout.columns.values() if name not in (*layout.fields, LEFT_OUT)]
    if unknown:
        raise UnknownColumns(
            f"there is no field {_listed(unknown)}; the fields are {layout.expected}"
        )


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name[:60]}”" for name in names[:8]]
    return ", ".join(shown) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
