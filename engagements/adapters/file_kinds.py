"""PURE what a file is, found out from its bytes. What it is called or said to be does not count.

Nothing is unpacked: of an archive only the directory is read, and that is measured first.
"""

import re
import struct
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from engagements.adapters.file_names import ending_of

HEAD_BYTES = 4096
PIECE_BYTES = 256 * 1024
MOST_PARTS = 10_000
LARGEST_DIRECTORY_BYTES = 2 * 1024 * 1024
# Of the record an archive ends with: its mark, parts in all, size and place of the directory.
END_MARK, END_BYTES, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_536
# In front of it stands what lets a directory be larger than any of ours.
LARGE_MARK, LARGE_BYTES = b"PK\x06\x07", 20


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    MARKUP = "markup"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    MACROS = "macros"
    OLD_OFFICE = "old_office"
    PROGRAM = "program"
    UNKNOWN = "unknown"


class Unwelcome(ValueError):
    """The file is of no kind that is kept; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is: its kind, its media type and the endings its name may have."""

    kind: str
    content_type: str
    endings: tuple[str, ...]


OPEN_XML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
PDF = FileKind("pdf", "application/pdf", ("pdf",))
TEXT = FileKind("text", "text/plain", ("txt", "md", "log", "json", "ics"))
TABLE = FileKind("table", "text/csv", ("csv", "tsv"))
PICTURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), FileKind("picture", "image/png", ("png",))),
    (re.compile(rb"\xff\xd8\xff"), FileKind("picture", "image/jpeg", ("jpg", "jpeg"))),
    (re.compile(rb"GIF8[79]a"), FileKind("picture", "image/gif", ("gif",))),
    (re.compile(rb"RIFF....WEBP", re.S), FileKind("picture", "image/webp", ("webp",))),
)
# The part that makes an archive of parts a document of that kind.
OFFICE = {
    "word/document.xml": FileKind(
        "document", f"{OPEN_XML}.wordprocessingml.document", ("docx", "dotx")
    ),
    "xl/workbook.xml": FileKind("spreadsheet", f"{OPEN_XML}.spreadsheetml.sheet", ("xlsx", "xltx")),
    "ppt/presentation.xml": FileKind(
        "slides", f"{OPEN_XML}.presentationml.presentation", ("pptx", "ppsx", "potx")
    ),
}
OPEN_DOCUMENTS = {
    f"{OPEN_DOCUMENT}.text": FileKind("document", f"{OPEN_DOCUMENT}.text", ("odt",)),
    f"{OPEN_DOCUMENT}.spreadsheet": FileKind(
        "spreadsheet", f"{OPEN_DOCUMENT}.spreadsheet", ("ods",)
    ),
    f"{OPEN_DOCUMENT}.presentation": FileKind("slides", f"{OPEN_DOCUMENT}.presentation", ("odp",)),
}
MACROS = re.compile(r"vbaproject\.bin$|^basic/|^scripts/", re.IGNORECASE)
# What begins so is none of the kinds, whatever else it may look like.
REFUSED = (
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Reason.OLD_OFFICE),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|PK\x05\x06|PK\x07\x08"), Reason.ARCHIVE),
    (re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|#!|%!"), Reason.PROGRAM),
    (re.compile(rb"\{\\rtf"), Reason.OLD_OFFICE),
)
# What a browser might take for a page, a drawing or a program.
MARKUP = re.compile(
    r"\A\s*<[!?a-z]|<(?:!doctype|html|head|body|script|svg|iframe|object|embed|math|xml|style)\b",
    re.IGNORECASE,
)
# No text holds these; tab, line feed, form feed, carriage return and escape may stand in one.
CONTROLS = bytes(sorted(set(range(32)) - {9, 10, 12, 13, 27}))


def kind_of(source: BinaryIO, size: int, name: str) -> FileKind:
    """The kind of a file of that many bytes. The name only tells a table from other text.

    Leaves the source at its beginning. Raises Unwelcome.
    """
    if not size:
        raise Unwelcome(Reason.EMPTY)
    source.seek(0)
    head = source.read(HEAD_BYTES)
    try:
        return _by_beginning(source, head, size) or _text_kind(source, head, name)
    finally:
        source.seek(0)


def _by_beginning(source: BinaryIO, head: bytes, size: int) -> FileKind | None:
    if head.startswith(b"%PDF-"):
        return PDF
    for mark, picture in PICTURES:
        if mark.match(head):
            return picture
    if head.startswith(b"PK\x03\x04"):
        return _packed_kind(source, head, size)
    for mark, reason in REFUSED:
        if mark.match(head):
            raise Unwelcome(reason)
    return None


def _packed_kind(source: BinaryIO, head: bytes, size: int) -> FileKind:
    names = _part_names(source, size)
    found = _open_document(head) or next(
        (kind for part, kind in OFFICE.items() if part in names and "[Content_Types].xml" in names),
        None,
    )
    if found is None:
        raise Unwelcome(Reason.ARCHIVE)
    if any(MACROS.search(name) for name in names):
        raise Unwelcome(Reason.MACROS)
    return found


def _open_document(head: bytes) -> FileKind | None:
    """By the part that such a file begins with, stored as it is."""
    how, packed, full, named, extra = struct.unpack_from("<H8xIIHH", head.ljust(30, b"\0"), 8)
    begin = 30 + named + extra
    if head[30 : 30 + named] != b"mimetype" or how or packed != full:
        return None
    return OPEN_DOCUMENTS.get(head[begin : begin + full].decode("ascii", "replace"))


def _part_names(source: BinaryIO, size: int) -> set[str]:
    """Raises Unwelcome for a directory that is damaged, or larger than any document's."""
    source.seek(max(size - END_BYTES - LONGEST_COMMENT, 0))
    tail = source.read()
    place = tail.rfind(END_MARK)
    if place < 0 or len(tail) - place < END_BYTES:
        raise Unwelcome(Reason.DAMAGED)
    parts, directory = struct.unpack_from("<HI", tail, place + 10)
    is_large = tail[max(place - LARGE_BYTES, 0) : place].startswith(LARGE_MARK)
    if is_large or parts > MOST_PARTS or directory > LARGEST_DIRECTORY_BYTES:
        raise Unwelcome(Reason.ARCHIVE)
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unwelcome(Reason.DAMAGED) from error


def _text_kind(source: BinaryIO, head: bytes, name: str) -> FileKind:
    if head.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        beginning = head.decode("utf-16", "replace")
        if "\0" in beginning:
            raise Unwelcome(Reason.UNKNOWN)
    else:
        _refuse_controls(source)
        beginning = head.removeprefix(BOM_UTF8).decode("utf-8", "replace")
    if MARKUP.search(beginning):
        raise Unwelcome(Reason.MARKUP)
    return TABLE if ending_of(name) in TABLE.endings else TEXT


def _refuse_controls(source: BinaryIO) -> None:
    for piece in pieces_of(source):
        if len(piece.translate(None, CONTROLS)) != len(piece):
            raise Unwelcome(Reason.UNKNOWN)


def pieces_of(source: BinaryIO) -> Iterator[bytes]:
    """The whole file from its beginning, a piece at a time."""
    source.seek(0)
    while piece := source.read(PIECE_BYTES):
        yield piece
