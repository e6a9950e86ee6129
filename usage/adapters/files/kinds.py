"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from pathlib import Path

from usage.adapters.inflating import (
    GZIP_MAGIC,
    UTF16_MARKS,
    ZIP_MAGIC,
    BoundedReader,
    UnreadableFile,
)

TEXT, WIDE_TEXT, WORKBOOK, PARQUET, JSON_LINES = "text", "wide text", "workbook", "parquet", "json"
_PARQUET_MAGIC = b"PAR1"
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "this is an Excel file of the old kind (.xls): save it as .xlsx or CSV",
    b"%PDF": "this is a PDF: export the rows as CSV or Excel",
    b"\x89PNG": "this is a picture: export the rows as CSV or Excel",
    b"\xff\xd8\xff": "this is a picture: export the rows as CSV or Excel",
    b"\x28\xb5\x2f\xfd": "this is packed with zstd: pack it with gzip, or send it plain",
    b"BZh": "this is packed with bzip2: pack it with gzip, or send it plain",
    b"\xfd7zXZ": "this is packed with xz: pack it with gzip, or send it plain",
    b"7z\xbc\xaf": "this is a 7z archive: take the file out of it first",
    b"SQLite format 3": "this is a database file: export the table as CSV",
}
_PACKED_TWICE = "the gzip file holds another packed file: unpack it once and send that"


def kind_of(path: Path) -> str:
    """TEXT, WIDE_TEXT (UTF-16), WORKBOOK, PARQUET or JSON_LINES. Raises `UnreadableFile`."""
    with path.open("rb") as file:
        head = file.read(16)
    _refuse_others(head)
    if head.startswith(ZIP_MAGIC):
        return WORKBOOK
    if head.startswith(_PARQUET_MAGIC):
        return PARQUET
    if head.startswith(UTF16_MARKS):
        return WIDE_TEXT
    return _kind_of_text(path, is_packed=head.startswith(GZIP_MAGIC))


def _kind_of_text(path: Path, *, is_packed: bool) -> str:
    with BoundedReader(path) as reader:
        start = reader.read(4096)
    if is_packed:
        if start.startswith((GZIP_MAGIC, ZIP_MAGIC, _PARQUET_MAGIC)):
            raise UnreadableFile(_PACKED_TWICE)
        if start.startswith(UTF16_MARKS):
            return WIDE_TEXT
    shown = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if shown.startswith(b"["):
        raise UnreadableFile("this is one JSON list: write one object a line (JSON lines)")
    return JSON_LINES if shown.startswith(b"{") else TEXT


def _refuse_others(head: bytes) -> None:
    for mark, words in _OTHERS.items():
        if head.startswith(mark):
            raise UnreadableFile(words)
