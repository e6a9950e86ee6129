"""CSV files as people's spreadsheets write them."""

import codecs
import csv
import io

from rendering.sentences import sentence
from rendering.spreadsheets.tables import LARGEST_TABLE_BYTES, Table, UnreadableTable, table_of

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_table(data: bytes) -> Table:
    """Read a CSV file with a heading row, separated by commas, semicolons or tabs, in UTF-8; or in
    UTF-16 with its mark, which is what Excel calls Unicode text.

    Raises UnreadableTable, naming the row where there is one.
    """
    if len(data) > LARGEST_TABLE_BYTES:
        raise UnreadableTable(sentence("The file is larger than 20 MB."))
    text = _text(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        heading = next(lines, None) or []
        return table_of(heading, ((lines.line_num, cells) for cells in lines))
    except csv.Error as error:
        raise UnreadableTable(
            sentence("Row %(row)s: %(fault)s.", row=lines.line_num, fault=str(error))
        ) from error


def _text(data: bytes) -> str:
    text = _utf_16(data) if data.startswith(_UTF_16) else _utf_8(data)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableTable(
            sentence("Row %(row)s holds binary data, so this is no CSV file.", row=row)
        )
    return text


def _utf_8(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UnreadableTable(
            sentence(
                "Row %(row)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.", row=row
            )
        ) from error


def _utf_16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableTable(
            sentence(
                "The file breaks off inside a character. Save it as “CSV UTF-8” and try again."
            )
        ) from error


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)
