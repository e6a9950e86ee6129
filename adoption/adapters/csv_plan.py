"""A plan as CSV text: comma, semicolon or tab; UTF-8, or UTF-16 with its mark."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from adoption.adapters.planfile import PlanFile, UnreadablePlan
from adoption.adapters.table import Names, TableReader
from adoption.scheduling import STANDARD, Calendar
from rendering.sentences import sentence

MAX_BYTES = 20 * 1024 * 1024


def read_csv(
    source: BinaryIO,
    name: str = "Plan",
    calendar: Calendar = STANDARD,
    names: Names | None = None,
) -> PlanFile:
    """Read the table form (see `table`). Raises UnreadablePlan naming the row or line."""
    rows = _lines(source)
    _, header = next(rows, (1, []))
    return TableReader(header, calendar, names).read(rows, name)


def first_lines(source: BinaryIO, most: int) -> list[Sequence[object]]:
    """The heading and the first rows. Raises UnreadablePlan."""
    return [cells for _number, cells in islice(_lines(source), most)]


def _lines(source: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(_limited(source))
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    return _rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _limited(source: BinaryIO) -> bytes:
    data = source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadablePlan(sentence("The file is larger than %(size)s MB.", size=MAX_BYTES >> 20))
    if not data.strip():
        raise UnreadablePlan(sentence("The file is empty."))
    return data


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None
    try:
        text = data.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadablePlan(
            sentence("Line %(line)s is not UTF-8 text; save the file as CSV UTF-8.", line=line)
        ) from None
    if "\0" in text:
        raise UnreadablePlan(sentence("The file is not text; it contains empty bytes."))
    return text


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadablePlan(
                sentence(
                    "Row %(number)s cannot be read: %(error)s.", number=number, error=str(error)
                )
            ) from None
