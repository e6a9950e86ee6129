"""What is wrong with a row of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was left out. `field` is empty when the row as a whole can not be read; `column`
    is how the file calls it."""

    row: int
    field: str
    reason: str
    column: str = ""


# Position within a block, field, reason.
Problem = tuple[int, str, str]


def text_problems(texts: dict[str, Any], limits: dict[str, int]) -> Iterator[Problem]:
    """Cells that are empty or too long. Only a feature may be empty."""
    for field, column in texts.items():
        limit = limits[field]
        if field != "feature":
            for index in where(pc.equal(column, "")):
                yield index, field, f"“{field}” is empty"
        for index in where(pc.greater(pc.utf8_length(column), limit)):
            yield index, field, f"“{field}” is longer than {limit} characters"


def where(flags: Any) -> list[int]:
    """The positions at which a column of flags is set."""
    found: list[int] = np.flatnonzero(flags.to_numpy(zero_copy_only=False)).tolist()
    return found
