"""Reading a workbook in a process of its own, so that no file can take the web server along.

The process may use so much memory and so much of a processor, and knows no secrets: it is given
the file, and none of our environment.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from rendering.sentences import sentence, sentence_from_json
from rendering.spreadsheets.tables import (
    LARGEST_TABLE_BYTES,
    Book,
    Row,
    Table,
    UnreadableTable,
)

# Less than the half minute for which a transaction may wait for us.
LONGEST_SECONDS = 25
MOST_MEMORY = 1024**3
# Of what comes back: all cells a table may have, and then some.
LARGEST_ANSWER = 256 * 1024 * 1024
_PROJECT = Path(__file__).parents[2]
_TOO_MUCH = sentence(
    "This workbook takes more time or memory than a table of this size should."
    " Save the sheet you need as “CSV UTF-8” and try that."
)


def read_workbook(data: bytes, *, sheet: int = 0) -> Book:
    """One sheet of an XLSX file as a table. Raises UnreadableTable, within a minute and a gigabyte."""
    if len(data) > LARGEST_TABLE_BYTES:
        raise UnreadableTable(sentence("The file is larger than 20 MB."))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(data)
        source.seek(0)
        _run(source, answer, sheet)
        answer.seek(0)
        return _book(orjson.loads(answer.read()))


def _run(source: BinaryIO, answer: BinaryIO, sheet: int) -> None:
    command = [sys.executable, "-m", "rendering.spreadsheets.child", str(sheet)]
    try:
        done = subprocess.run(
            command,
            stdin=source,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=_PROJECT,
            env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableTable(_TOO_MUCH) from None
    if done.returncode:
        raise UnreadableTable(_TOO_MUCH)


def _book(answer: dict[str, Any]) -> Book:
    if "refused" in answer:
        raise UnreadableTable(sentence_from_json(answer["refused"]))
    columns = tuple(answer["columns"])
    rows = (Row(row[0], dict(zip(columns, row[1:], strict=False))) for row in answer["rows"])
    table = Table(columns, tuple(rows), tuple(answer["headings"]))
    return Book(tuple(answer["sheets"]), answer["sheet"], table)
