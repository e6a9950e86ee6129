"""Plan files in every format AdoptIQ reads, as one kind of value."""

from __future__ import annotations

import codecs
from pathlib import PurePath
from typing import BinaryIO

from adoption.adapters.csv_plan import read_csv
from adoption.adapters.mspdi import read_mspdi
from adoption.adapters.planfile import PlanFile, PlanRow, StoredResult, UnreadablePlan
from adoption.adapters.xlsx_plan import read_xlsx
from adoption.scheduling import STANDARD, Calendar

__all__ = ["PlanFile", "PlanRow", "StoredResult", "UnreadablePlan", "read_plan"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_plan(source: BinaryIO, filename: str, calendar: Calendar = STANDARD) -> PlanFile:
    """Read Microsoft Project XML, XLSX or CSV from a seekable file; what it holds decides.

    `calendar` gives a table's days their hours; a Project file brings its own. Raises
    UnreadablePlan with one plain line.
    """
    head = source.read(512)
    source.seek(0)
    name = PurePath(filename).stem or "Plan"
    if head.startswith(_OLE):
        raise UnreadablePlan("This is an old binary file; save it as XML (or as XLSX) first.")
    if head.startswith(_ZIP):
        return read_xlsx(source, name, calendar)
    if _is_xml(head, filename):
        return read_mspdi(source)
    return read_csv(source, name, calendar)


def _is_xml(head: bytes, filename: str) -> bool:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    begins = head.replace(b"\0", b"").lstrip()
    return begins.startswith(b"<") or filename.lower().endswith(".xml")
