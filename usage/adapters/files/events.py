"""Logs in which a row is one thing one person did: blocks of checked columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from usage.adapters.canonical import (
    MAX_CUSTOMER_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_USER_ID_LENGTH,
)
from usage.adapters.files.columns import Cells, read_cells
from usage.adapters.files.faults import Problem, RowError, text_problems
from usage.adapters.files.layouts import Layout
from usage.adapters.files.moments import Ints, instants_of
from usage.adapters.files.spooling import Sheet

LIMITS = {
    "message_id": MAX_ID_LENGTH,
    "customer_id": MAX_CUSTOMER_ID_LENGTH,
    "user_id": MAX_USER_ID_LENGTH,
    "event": MAX_NAME_LENGTH,
    "feature": MAX_NAME_LENGTH,
}
# What stands for a message id where a file has none. No sender writes such a text.
_DERIVED = "\x1falike"
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of a file: the good ones as columns of equal length, the others as errors.

    `occurred_at` is in microseconds since 1970-01-01 UTC; the rest are Arrow string arrays.
    """

    message_ids: Any
    occurred_at: Ints
    customer_ids: Any
    user_ids: Any
    names: Any
    features: Any
    errors: Sequence[RowError]
    rows: int
    percent: int
    # Whether each row has a message id; without, rows alike in all else share one.
    is_exact: bool = True


def read_blocks(
    path: Path,
    *,
    mapping: Mapping[str, str],
    received_at: datetime,
    layout: Layout | None = None,
) -> Iterator[Block]:
    """A CSV file block by block. `mapping` names the field of a column that is called otherwise.

    Raises `UnreadableFile` for a file that can not be read as a whole.
    """
    return read_events(Sheet(path), layout or Layout(columns=mapping), received_at=received_at)


def read_events(
    sheet: Sheet, layout: Layout, *, received_at: datetime, after: int = 0
) -> Iterator[Block]:
    """As `read_blocks`, for rows behind the first `after` ones."""
    for cells in read_cells(sheet, layout, after=after):
        yield checked(cells, layout, received_at)


def checked(cells: Cells, layout: Layout, received_at: datetime) -> Block:
    """The rows that can be stored, and what is wrong with the others."""
    texts = dict(cells.texts)
    instants, problems = instants_of(texts.pop("timestamp"), layout, received_at)
    problems += text_problems(texts, LIMITS)
    good = flags_of(problems, len(cells.numbers))
    kept = texts if good.all() else {f: c.filter(pa.array(good)) for f, c in texts.items()}
    occurred_at = instants[good]
    kept.setdefault("feature", pa.repeat(pa.scalar("", pa.string()), len(occurred_at)))
    is_exact = "message_id" in kept
    if not is_exact:
        kept["message_id"] = _alike(kept, occurred_at)
    return Block(
        message_ids=kept["message_id"],
        occurred_at=occurred_at,
        customer_ids=kept["customer_id"],
        user_ids=kept["user_id"],
        names=kept["event"],
        features=kept["feature"],
        errors=in_order(cells, problems),
        rows=cells.rows,
        percent=cells.percent,
        is_exact=is_exact,
    )


def flags_of(problems: Sequence[Problem], rows: int) -> npt.NDArray[np.bool_]:
    """Which rows have nothing wrong with them."""
    good = np.ones(rows, dtype=bool)
    good[[index for index, _field, _reason in problems]] = False
    return good


def in_order(cells: Cells, problems: Sequence[Problem]) -> list[RowError]:
    """Every error of a block, in the order of its rows."""
    found = [
        RowError(int(cells.numbers[index]), field, reason) for index, field, reason in problems
    ]
    return sorted([*cells.errors, *found], key=lambda error: error.row)


def _alike(kept: Mapping[str, Any], occurred_at: Ints) -> Any:
    """One text for rows alike in customer, user, time, event and feature: the same event."""
    rows = len(occurred_at)
    parts = [
        pa.repeat(pa.scalar(_DERIVED, pa.string()), rows),
        *(kept[name] for name in ("customer_id", "user_id")),
        pa.array(occurred_at).cast(pa.string()),
        *(kept[name] for name in ("event", "feature")),
    ]
    return pc.binary_join_element_wise(*parts, _BETWEEN)
