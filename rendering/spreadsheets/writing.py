"""Tables on their way out."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from rendering.spreadsheets.tables import FORMULA_STARTS

_LONGEST_TITLE = 31


def guarded(value: Any) -> Any:
    """The value as it may stand in a CSV file: never a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file in UTF-8 with a byte-order mark, which spreadsheets need to see accents."""
    return b"".join(stream_table(columns, [rows]))


def stream_table(
    columns: Sequence[str], portions: Iterable[Iterable[Sequence[Any]]]
) -> Iterator[bytes]:
    """The same file piece by piece: its heading, then a piece for each portion of rows."""
    yield b"\xef\xbb\xbf" + _written([columns])
    for rows in portions:
        yield _written([guarded(value) for value in row] for row in rows)


def _written(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def write_workbook(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    """An Excel workbook of one sheet: texts as texts, days as days, numbers as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:_LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    sheet.append([sheet_cell(sheet, name) for name in columns])
    for row in rows:
        sheet.append([sheet_cell(sheet, value) for value in row])
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def sheet_cell(sheet: Any, value: Any) -> Any:
    """A value as a sheet that is only written takes it: a text stays a text, whatever it says."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    # openpyxl takes what begins with an equals sign for a formula.
    cell.data_type = "s"
    if value.startswith(FORMULA_STARTS):
        # Excel keeps it text also when somebody edits the cell.
        cell.quotePrefix = True
    return cell


# The first day that an archive can name; what openpyxl says of the moment of writing.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_WRITTEN_AT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def without_dates(book: bytes) -> bytes:
    """A workbook that does not say when it was written: the same cells are the same bytes."""
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN_AT.sub(b"", content)
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return whole.getvalue()
