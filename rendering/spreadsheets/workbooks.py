"""Excel workbooks, opened with bounds: what looks like a bomb is refused before it is unpacked.

openpyxl reads row by row, yet makes objects of everything else in the archive; hence a bound for
each part. Macros and other binaries are never looked at.
"""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

import openpyxl
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from rendering.sentences import sentence
from rendering.spreadsheets.tables import MOST_COLUMNS, Book, UnreadableTable, table_of

MEGABYTE = 1024 * 1024
MOST_MEMBERS = 500
HIGHEST_RATIO = 100
LARGEST_PART = 2 * MEGABYTE
LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes: of the file itself, of all it unpacks to, of its table of texts."""

    packed: int = 20 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    texts: int = 32 * MEGABYTE


class TooLarge(UnreadableTable):
    """The archive unpacks to more than a table needs."""

    def __init__(self) -> None:
        super().__init__(
            sentence("The workbook unpacks to far more than a table needs; it is refused.")
        )


def open_workbook(source: BinaryIO, bounds: Bounds) -> openpyxl.Workbook:
    """A workbook whose rows can be read one after the other. Raises UnreadableTable."""
    _check_archive(source, bounds)
    try:
        reader = _Reader(source, bounds)
        reader.read()
    except Exception as error:  # openpyxl lets many kinds of errors through for broken files
        if isinstance(error.__cause__, UnreadableTable):
            raise error.__cause__ from None
        raise UnreadableTable(
            sentence("The workbook cannot be read: %(fault)s.", fault=first_line(error))
        ) from None
    if not reader.wb.worksheets:
        raise UnreadableTable(sentence("The workbook has no sheet."))
    return reader.wb


def _check_archive(source: BinaryIO, bounds: Bounds) -> None:
    source.seek(0, 2)
    if source.tell() > bounds.packed:
        raise UnreadableTable(
            sentence("The file is larger than %(most)s MB.", most=bounds.packed // MEGABYTE)
        )
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableTable(sentence("The workbook is damaged or not an Excel file.")) from None
    source.seek(0)
    whole = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or whole > bounds.unpacked or whole > packed * HIGHEST_RATIO:
        raise TooLarge
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableTable(sentence("The workbook is protected with a password."))


class _Archive(zipfile.ZipFile):
    """An archive whose parts, rows and texts apart, are small.

    Sizes that lie do no harm: zipfile never unpacks a member beyond the size it states.
    """

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        self.check(name, LARGEST_PART)
        return super().read(name, pwd)

    def check(self, name: str | zipfile.ZipInfo, limit: int) -> None:
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.file_size > limit:
            raise TooLarge


class _Reader(ExcelReader):
    """openpyxl's own, over an archive with bounds."""

    def __init__(self, source: BinaryIO, bounds: Bounds) -> None:
        super().__init__(source, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(source)
        self.bounds = bounds

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.archive.check(part.PartName[1:], self.bounds.texts)
        super().read_strings()


def rows_of(sheet: Any, *, most_columns: int, last_row: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Numbered rows of values; what openpyxl only finds while reading is refused here."""
    sheet.reset_dimensions()
    values = sheet.iter_rows(values_only=True, max_row=last_row, max_col=most_columns)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(values)
        except StopIteration:
            return
        except Exception as error:  # openpyxl lets many kinds of errors through for broken files
            raise UnreadableTable(
                sentence(
                    "Row %(row)s cannot be read: %(fault)s.", row=number, fault=first_line(error)
                )
            ) from None


def read_sheet(source: BinaryIO, *, sheet: int = 0, bounds: Bounds | None = None) -> Book:
    """One sheet as a table; its first row that says anything is the heading.

    Raises UnreadableTable, naming the row where there is one.
    """
    book = open_workbook(source, bounds or Bounds())
    try:
        names = tuple(page.title for page in book.worksheets)
        if not 0 <= sheet < len(names):
            raise UnreadableTable(sentence("The workbook has no such sheet."))
        lines = _lines(book.worksheets[sheet])
        _number, heading = next(lines, (0, []))
        return Book(names, sheet, table_of(heading, lines))
    finally:
        book.close()


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows that say anything, as texts, without the empty cells at their end."""
    # A column more than may be: enough to be refused.
    for number, values in rows_of(sheet, most_columns=MOST_COLUMNS + 1, last_row=LAST_ROW):
        if values.count(None) == len(values):
            # Quickly on: a sheet may have a million rows of nothing.
            continue
        cells = [text_of(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def text_of(value: Any) -> str:
    """A cell as one would have typed it: 12.0 is 12, a day 2026-11-30, true and false yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\0", "")


def _moment(value: datetime) -> str:
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="minutes")


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120] or type(error).__name__
