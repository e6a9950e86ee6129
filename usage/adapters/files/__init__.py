"""Usage logs as files of any usual kind: CSV, Excel, Parquet and JSON lines.

PURE but for reading the file: no database, no clock.
"""

from pathlib import Path

from usage.adapters.files.events import Block, read_blocks
from usage.adapters.files.faults import RowError
from usage.adapters.files.headers import UnknownColumns, read_header
from usage.adapters.files.layouts import Layout
from usage.adapters.inflating import BoundedReader, UnreadableFile

__all__ = [
    "Block",
    "Layout",
    "RowError",
    "UnknownColumns",
    "UnreadableFile",
    "check_header",
    "read_blocks",
]


def check_header(path: Path, layout: Layout) -> None:
    """Raise `UnreadableFile` unless the columns of a CSV file are known."""
    with BoundedReader(path) as reader:
        read_header(reader, layout)
