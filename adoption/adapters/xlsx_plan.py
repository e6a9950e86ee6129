"""A plan as an Excel workbook: the table form on its first sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import openpyxl
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from adoption.adapters.limits import MAX_ROWS
from adoption.adapters.planfile import PlanFile, UnreadablePlan
from adoption.adapters.table import TableReader
from adoption.scheduling import STANDARD, Calendar

MAX_BYTES = 20 * 1024 * 1024
_MAX_UNPACKED = 64 * 1024 * 1024
# openpyxl makes objects of everything but the rows, which takes a minute for 20 MB.
_MAX_STRINGS = 10 * 1024 * 1024
_MAX_PART = 2 * 1024 * 1024
_MAX_RATIO = 100
_MAX_MEMBERS = 500
_MAX_COLUMNS = 200


def read_xlsx(source: BinaryIO, name: str = "Plan", calendar: Calendar = STANDARD) -> PlanFile:
    """Read the table form (see `table`) from the first sheet of a seekable file.

    Raises UnreadablePlan, before unpacking anything when the archive looks like a bomb.
    """
    _check_archive(source)
    try:
        book = _opened(source)
    except Exception as error:  # openpyxl lets many kinds of errors through for broken files
        if isinstance(error.__cause__, UnreadablePlan):
            raise error.__cause__ from None
        raise UnreadablePlan(f"The workbook cannot be read: {_first_line(error)}.") from None
    try:
        rows = _rows(book)
        _, header = next(rows, (1, ()))
        return TableReader(header, calendar).read(rows, name)
    finally:
        book.close()


class _Archive(zipfile.ZipFile):
    """An archive whose parts, rows and texts apart, are small."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        self.check(name, _MAX_PART)
        return super().read(name, pwd)

    def check(self, name: str | zipfile.ZipInfo, limit: int) -> None:
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.file_size > limit:
            raise UnreadablePlan(
                "The workbook unpacks to far more than a plan needs; it is refused."
            )


class _Reader(ExcelReader):
    """openpyxl's own, over an archive with bounds."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__(source, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(source)

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.archive.check(part.PartName[1:], _MAX_STRINGS)
        super().read_strings()


def _opened(source: BinaryIO) -> openpyxl.Workbook:
    reader = _Reader(source)
    reader.read()
    return reader.wb


def _check_archive(source: BinaryIO) -> None:
    source.seek(0, 2)
    if source.tell() > MAX_BYTES:
        raise UnreadablePlan(f"The file is larger than {MAX_BYTES >> 20} MB.")
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadablePlan("The workbook is damaged or not an Excel file.") from None
    source.seek(0)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED or unpacked > packed * _MAX_RATIO:
        raise UnreadablePlan("The workbook unpacks to far more than a plan needs; it is refused.")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadablePlan("The workbook is protected with a password.")


def _rows(book: openpyxl.Workbook) -> Iterator[tuple[int, Sequence[object]]]:
    """Cells row by row; what openpyxl only finds while reading is refused here."""
    if not book.worksheets:
        raise UnreadablePlan("The workbook has no sheet.")
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    values = sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 1, max_col=_MAX_COLUMNS)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(values)
        except StopIteration:
            return
        except Exception as error:  # openpyxl lets many kinds of errors through for broken files
            raise UnreadablePlan(f"Row {number} cannot be read: {_first_line(error)}.") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120] or type(error).__name__
