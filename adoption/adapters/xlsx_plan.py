"""A plan as an Excel workbook: the table form on its first sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import openpyxl

from adoption.adapters.limits import MAX_ROWS
from adoption.adapters.planfile import PlanFile, UnreadablePlan
from adoption.adapters.table import TableReader
from adoption.scheduling import STANDARD, Calendar

MAX_BYTES = 20 * 1024 * 1024
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_RATIO = 200
_MAX_MEMBERS = 1000
_MAX_COLUMNS = 200


def read_xlsx(source: BinaryIO, name: str = "Plan", calendar: Calendar = STANDARD) -> PlanFile:
    """Read the table form (see `table`) from the first sheet of a seekable file.

    Raises UnreadablePlan, before unpacking anything when the archive looks like a bomb.
    """
    _check_archive(source)
    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets many kinds of errors through for broken files
        raise UnreadablePlan(f"The workbook cannot be read: {_first_line(error)}.") from None
    try:
        rows = _rows(book)
        _, header = next(rows, (1, ()))
        return TableReader(header, calendar).read(rows, name)
    finally:
        book.close()


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
