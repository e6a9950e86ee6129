"""The first row of a usage log: which column holds what, and what separates them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from usage.adapters.inflating import BoundedReader, UnreadableFile
from usage.adapters.records import MAX_RECORD_BYTES, read_rows

FIELDS = ("message_id", "timestamp", "customer_id", "user_id", "event", "feature")
OPTIONAL = frozenset({"feature"})
LEFT_OUT = "-"
MOST_COLUMNS = 1_000
DELIMITERS = ",;\t|"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EXPECTED = ", ".join(FIELDS[:-1]) + f" and, if wanted, {FIELDS[-1]}"


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

    columns: Sequence[str]
    fields: Mapping[str, str]
    delimiter: str
    rows: int
    stream: PutBack

    def rows_of(self, text: bytes) -> Sequence[list[str] | str]:
        """Whole records, one by one."""
        return read_rows(text, self.delimiter)


def read_header(reader: BoundedReader, mapping: Mapping[str, str]) -> Header:
    """Read the first row. Raises `UnreadableFile` naming what is wrong and what was expected."""
    line, rest = _first_line(reader)
    _refuse_unknown_fields(mapping)
    text = _decoded(line)
    if max(map(text.count, DELIMITERS)) >= MOST_COLUMNS:
        raise UnreadableFile(f"the first row names more than {MOST_COLUMNS:,} columns")
    delimiter, columns = _split(text, mapping)
    _refuse_repeats(columns)
    known = _known(columns, mapping)
    return Header(columns, known, delimiter, 1, PutBack(rest, reader))


def _first_line(reader: BoundedReader) -> tuple[bytes, bytes]:
    head = b""
    while b"\n" not in head and len(head) <= MAX_RECORD_BYTES:
        chunk = reader.read()
        if not chunk:
            break
        head += chunk
    line, _, rest = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    if not line.strip():
        raise UnreadableFile(f"the file has no header row; expected the columns {EXPECTED}")
    if len(line) > MAX_RECORD_BYTES:
        raise UnreadableFile("the first row is longer than 1 MB: this is no usage log")
    return line, rest


def _decoded(line: bytes) -> str:
    if b"\0" in line:
        raise UnreadableFile("the file is not text: the first row contains NUL characters")
    try:
        return line.decode().strip()
    except UnicodeDecodeError:
        raise UnreadableFile("the file is not UTF-8 text: save it as “CSV UTF-8”") from None


def _split(line: str, fields: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter under which most columns are known, and the columns."""
    candidates = [(delimiter, _names(line, delimiter)) for delimiter in DELIMITERS]
    return max(candidates, key=lambda found: len(_known_names(found[1], fields)))


def _names(line: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]


def _known_names(columns: Sequence[str], fields: Mapping[str, str]) -> list[str]:
    return [name for name in columns if name in fields or name.lower() in FIELDS]


def _known(columns: Sequence[str], fields: Mapping[str, str]) -> dict[str, str]:
    unknown = [name for name in columns if name not in _known_names(columns, fields)]
    if unknown:
        raise UnreadableFile(
            f"unknown column {_listed(unknown)}; expected {EXPECTED}. "
            f"Name its field with a mapping such as account=customer_id, or leave it out with "
            f"{unknown[0] or 'name'}={LEFT_OUT}"
        )
    meant = {name: fields.get(name, name.lower()) for name in columns}
    known = {name: field for name, field in meant.items() if field != LEFT_OUT}
    _refuse_repeats(list(known.values()))
    missing = [field for field in FIELDS if field not in known.values() and field not in OPTIONAL]
    if missing:
        raise UnreadableFile(f"missing column {_listed(missing)}; expected {EXPECTED}")
    absent = [name for name in fields if name not in columns]
    if absent:
        raise UnreadableFile(f"the mapping names {_listed(absent)}, which the file does not have")
    return known


def _refuse_repeats(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableFile(f"the column {_listed(twice)} is there more than once")


def _refuse_unknown_fields(fields: Mapping[str, str]) -> None:
    unknown = [field for field in fields.values() if field not in (*FIELDS, LEFT_OUT)]
    if unknown:
        raise UnreadableFile(f"there is no field {_listed(unknown)}; the fields are {EXPECTED}")


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name[:60]}”" for name in names[:8]]
    return ", ".join(shown) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
