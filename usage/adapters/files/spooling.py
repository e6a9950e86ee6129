"""Files that are not plain text: written out as CSV by a process of its own, then read as such.

That process may use so much memory, time and disk, and knows no secrets: it is given the file and
none of our environment. So no file can take a worker along.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from usage.adapters.files.kinds import TEXT, kind_of
from usage.adapters.files.layouts import UTF_8, Layout
from usage.adapters.inflating import UnreadableFile

LONGEST_SECONDS = 480
MOST_MEMORY = 1024**3
LARGEST_ANSWER = 8 * 1024**3
_PROJECT = Path(__file__).parents[3]
_TOO_MUCH = (
    "this file takes more time or memory than a log of its size should: save it as CSV, or split it"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A log as CSV, plain or gzip, and the number its first row below the header goes by."""

    path: Path
    first_row: int = 2
    sheets: tuple[str, ...] = ()
    # Columns whose cells hold more than one value, which no field can be.
    nested: tuple[str, ...] = ()


@contextmanager
def as_csv(
    path: Path, layout: Layout, *, rows: int = 0, seconds: int = LONGEST_SECONDS
) -> Iterator[Sheet]:
    """The file itself when it is CSV in UTF-8, else its content as such; `rows` at most, if given.

    Raises `UnreadableFile`.
    """
    kind = kind_of(path)
    if kind == TEXT and layout.encoding == UTF_8:
        yield Sheet(path)
        return
    with tempfile.TemporaryDirectory(prefix="usage-") as folder:
        copy = Path(folder) / "rows.csv"
        asked = {
            "kind": kind,
            "sheet": layout.sheet,
            "encoding": layout.encoding,
            "rows": rows,
            "columns": dict(layout.columns),
            "fields": list(layout.fields),
        }
        answer = _run(path, copy, asked, seconds=seconds)
        yield Sheet(
            copy, answer["first_row"], tuple(answer["sheets"]), nested=tuple(answer["nested"])
        )


def _run(path: Path, copy: Path, asked: dict[str, Any], *, seconds: int) -> dict[str, Any]:
    said = orjson.dumps(asked).decode()
    # What a library warns of would stand in the answer.
    command = [sys.executable, "-W", "ignore", "-m", "usage.adapters.files.child", said]
    with path.open("rb") as source, copy.open("wb") as rows, tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(
                command,
                stdin=source,
                stdout=rows,
                stderr=answer,
                cwd=_PROJECT,
                env={
                    "PATH": os.defpath,
                    "OPENBLAS_NUM_THREADS": "1",
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                timeout=seconds,
                check=True,
            )
            answer.seek(0)
            found: dict[str, Any] = orjson.loads(answer.read())
        except (subprocess.SubprocessError, orjson.JSONDecodeError):
            raise UnreadableFile(_TOO_MUCH) from None
    if "refused" in found:
        raise UnreadableFile(found["refused"])
    return found
