"""A stream of bytes cut into whole CSV records, with bounded memory.

Most blocks hold plain lines or properly quoted fields and are cut by counting quotes; anything
odd is read record by record, so that one bad row costs only itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

MAX_RECORD_BYTES = 1024 * 1024
MAX_RECORD_LINES = 1000
NEWLINE, RETURN, QUOTE = 10, 13, 34
TOO_LONG = (
    f"the row is longer than {MAX_RECORD_BYTES // 1024**2} MB or its quotes never close; "
    "it was left out"
)

# A line of ours in the place of a row that can not be written as one; the reason follows.
REASON_MARK = b"\0!"


class Stream(Protocol):
    """What is read: bytes in pieces, empty at the end."""

    def read(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive records. `text` is set when each is one well-formed record with a final line
    break; otherwise `rows` holds them one by one, a row that can not be read as its reason."""

    text: bytes = b""
    count: int = 0
    is_quoted: bool = False
    rows: tuple[list[str] | str, ...] = ()

    @property
    def length(self) -> int:
        return self.count or len(self.rows)


def cut_records(stream: Stream, delimiter: str) -> Iterator[Piece]:
    """The stream as pieces, in order. Blank lines count as rows without fields."""
    rest = b""
    for lines in whole_lines(stream):
        if lines is None:
            yield Piece(rows=(*read_rows(rest, delimiter), TOO_LONG))
            rest = b""
            continue
        piece, rest = _cut(rest + lines, delimiter)
        yield piece
    if rest:
        yield Piece(rows=read_rows(rest, delimiter))


def read_rows(text: bytes, delimiter: str) -> tuple[list[str] | str, ...]:
    """The records of a whole text, each as its fields or as the reason it can not be read."""
    return _rows(text, delimiter, at_end=True)[0]


def whole_lines(stream: Stream) -> Iterator[bytes | None]:
    """Bytes that end with a line break; None stands for one line too long to keep."""
    rest = b""
    while chunk := stream.read():
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk
        if len(rest) > MAX_RECORD_BYTES:
            rest = _skip_line(stream)
            yield None
    if rest:
        yield rest + b"\n"


def _skip_line(stream: Stream) -> bytes:
    """Drop bytes up to the next line break and return what was read after it."""
    while chunk := stream.read():
        end = chunk.find(b"\n") + 1
        if end:
            return chunk[end:]
    return b""


def _cut(lines: bytes, delimiter: str) -> tuple[Piece, bytes]:
    """The whole records at the front, and the start of one that goes on."""
    is_quoted = b'"' in lines
    if is_quoted:
        quoted = _cut_quoted(lines, delimiter)
        if quoted is None:
            rows, rest = _rows(lines, delimiter, at_end=False)
            return Piece(rows=rows), rest
        count, end = quoted
    else:
        count, end = lines.count(b"\n"), len(lines)
    if _has_long_or_odd_line(lines):
        rows, rest = _rows(lines, delimiter, at_end=False)
        return Piece(rows=rows), rest
    return Piece(text=lines[:end], count=count, is_quoted=is_quoted), lines[end:]


def _cut_quoted(lines: bytes, delimiter: str) -> tuple[int, int] | None:
    """Records and bytes up to the last line break outside quotes; None if quotes stand oddly.

    Every opening quote must follow a delimiter, a line break or a closing quote (a doubled
    quote), and every closing quote must precede one of them: then counting quotes is exact.
    """
    data = np.frombuffer(lines, dtype=np.uint8)
    quotes = np.flatnonzero(data == QUOTE)
    breaks = np.flatnonzero(data == NEWLINE)
    outside = np.searchsorted(quotes, breaks) % 2 == 0
    ends = breaks[outside]
    end = int(ends[-1]) + 1 if len(ends) else 0
    if len(lines) - end > MAX_RECORD_BYTES:
        return None
    if not _stand_at_edges(data, quotes[quotes < end], ord(delimiter)):
        return None
    return len(ends), end


def _stand_at_edges(
    data: np.ndarray[tuple[int], np.dtype[np.uint8]],
    quotes: np.ndarray[tuple[int], np.dtype[np.intp]],
    delimiter: int,
) -> bool:
    opening, closing = quotes[::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    before[opening == 0] = NEWLINE
    after = data[np.minimum(closing + 1, len(data) - 1)]
    return bool(
        np.isin(before, (delimiter, NEWLINE, QUOTE)).all()
        and np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE)).all()
    )


def _has_long_or_odd_line(lines: bytes) -> bool:
    """Blank lines, NUL characters and lines past the limit are told row by row."""
    if b"\0" in lines or lines.startswith((b"\n", b"\r")):
        return True
    if b"\n\n" in lines or b"\n\r" in lines:
        return True
    breaks = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == NEWLINE)
    longest = np.diff(breaks, prepend=-1).max() if len(breaks) else 0
    return bool(longest > MAX_RECORD_BYTES)


def _rows(
    lines: bytes, delimiter: str, *, at_end: bool
) -> tuple[tuple[list[str] | str, ...], bytes]:
    """Each record by itself, and the start of the last one when it goes on."""
    rows: list[list[str] | str] = []
    pending: list[bytes] = []
    queue = [line + b"\n" for line in lines.removesuffix(b"\n").split(b"\n")] if lines else []
    queue.reverse()
    while queue:
        pending.append(queue.pop())
        row = _row(b"".join(pending), delimiter)
        if row is None and (_is_over(pending) or (at_end and not queue)):
            queue.extend(reversed(pending[1:]))
            row = TOO_LONG
        if row is not None:
            rows.append(row)
            pending = []
    return tuple(rows), b"".join(pending)


def _is_over(pending: list[bytes]) -> bool:
    return len(pending) > MAX_RECORD_LINES or sum(map(len, pending)) > MAX_RECORD_BYTES


def _row(record: bytes, delimiter: str) -> list[str] | str | None:
    """The fields, a reason, or None when a quoted field is still open."""
    if len(record) > MAX_RECORD_BYTES:
        return TOO_LONG
    try:
        text = record.decode()
    except UnicodeDecodeError:
        return "the row is not UTF-8 text: save the file as “CSV UTF-8”"
    if record.startswith(REASON_MARK):
        return text[len(REASON_MARK) :].strip()
    if "\0" in text:
        return "the row contains a NUL character"
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as problem:
        if "unexpected end" in str(problem):
            return None
        if "new-line" in str(problem):
            return "a line break stands in the row outside quotes"
        return "the quotes in this row do not match"
