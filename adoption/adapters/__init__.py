"""Plan files in every format AdoptIQ reads and writes, as one kind of value."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from adoption.adapters import csv_plan, xlsx_plan
from adoption.adapters.mspdi import read_mspdi, write_mspdi
from adoption.adapters.planfile import PlanFile, PlanRow, StoredResult, UnreadablePlan
from adoption.adapters.table import Names
from adoption.adapters.table_writing import link_text, write_csv, write_xlsx
from adoption.scheduling import STANDARD, Calendar
from rendering.sentences import sentence

__all__ = [
    "PlanFile",
    "PlanRow",
    "StoredResult",
    "UnreadablePlan",
    "first_lines",
    "link_text",
    "read_plan",
    "write_csv",
    "write_mspdi",
    "write_xlsx",
]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_plan(
    source: BinaryIO,
    filename: str,
    calendar: Calendar = STANDARD,
    names: Names | None = None,
    begins: datetime | None = None,
) -> PlanFile:
    """Read Microsoft Project XML, XLSX or CSV from a seekable file; what it holds decides.

    `calendar` gives a table's days their hours; a Project file brings its own. `names` says which
    of our columns a table's are, and a Project file without any date `begins` then. Raises
    UnreadablePlan with one plain line.
    """
    name = PurePath(filename).stem or "Plan"
    kind = _kind(source, filename)
    if kind == "xlsx":
        return xlsx_plan.read_xlsx(source, name, calendar, names)
    if kind == "xml":
        return read_mspdi(source, begins)
    return csv_plan.read_csv(source, name, calendar, names)


def first_lines(source: BinaryIO, filename: str, most: int) -> list[Sequence[object]]:
    """The heading and the first rows of a table; of a Project file none. Raises UnreadablePlan."""
    kind = _kind(source, filename)
    if kind == "xml":
        return []
    if kind == "xlsx":
        return xlsx_plan.first_lines(source, most)
    return csv_plan.first_lines(source, most)


def _kind(source: BinaryIO, filename: str) -> str:
    head = source.read(512)
    source.seek(0)
    if head.startswith(_OLE):
        raise UnreadablePlan(
            sentence("This is an old binary file; save it as XML (or as XLSX) first.")
        )
    if head.startswith(_ZIP):
        return "xlsx"
    return "xml" if _is_xml(head, filename) else "csv"


def _is_xml(head: bytes, filename: str) -> bool:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    begins = head.replace(b"\0", b"").lstrip()
    return begins.startswith(b"<") or filename.lower().endswith(".xml")
