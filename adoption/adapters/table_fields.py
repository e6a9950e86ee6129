"""The columns of a table beyond its schedule: whose a row is, how far it is, what it is for.

`owner` (names apart by `;`), `needs` (see `resources`), `deadline`, `percent_complete`, `actual_start`, `actual_finish`
(ISO), `remaining` and `effort` (durations), `priority` (0 to 1000), `manual` (yes), `notes`, and
the fields of `own_fields`. All may be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from adoption.adapters.own_fields import BY_NAME
from adoption.adapters.planfile import PlanRow, UnreadablePlan
from adoption.adapters.resources import Need, read_needs
from rendering.sentences import sentence
from rendering.spreadsheets.tables import FORMULA_STARTS

# What only AdoptIQ says; it comes out of the schedule and never goes into it.
COMPUTED = ("start", "finish", "latest_finish", "total_float_days", "free_float_days", "critical")
MORE = (
    *(
        "owner",
        "needs",
        "deadline",
        "percent_complete",
        "actual_start",
        "actual_finish",
        "remaining",
    ),
    *("effort", "priority", "manual", "notes", *BY_NAME),
)
_MOST_NOTES = 20_000
# Days as a workbook counts them, where a cell was not said to hold a day.
_EPOCH, _LAST_NUMBER = datetime(1899, 12, 30), 2_958_466  # noqa: DTZ001

Cell = object
# (text, where) -> minutes and whether they are of the clock.
Duration = Callable[[str, str], tuple[int, bool]]


def text_of(cell: Cell) -> str:
    """A cell as the text one would have typed: 12.0 is 12, an empty cell nothing.

    The apostrophe that keeps a text from being a formula is not part of it.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def moment_of(cell: Cell, is_finish: bool, where: str) -> datetime:
    """A bare date means its beginning for a start and its end for a finish.

    So does a cell of a workbook that holds a day: it has no hour, and is read as midnight.
    """
    if isinstance(cell, int | float) and 0 < cell < _LAST_NUMBER:
        cell = _EPOCH + timedelta(seconds=round(cell * 86_400))
    moment = cell if isinstance(cell, date) else _parsed(text_of(cell), where)
    if isinstance(moment, datetime) and (isinstance(cell, str) or moment.time() != time()):
        return moment.replace(tzinfo=None)
    midnight = datetime.combine(moment, time())
    return midnight + timedelta(days=1) if is_finish and midnight.date() < date.max else midnight


def cell_of(moment: datetime | None, *, is_finish: bool) -> date | None:
    """A moment as a cell of a workbook that `moment_of` reads as the same."""
    if moment is None or not is_finish or moment.time() != time():
        return moment
    return moment.date() - timedelta(days=1)


def _parsed(text: str, where: str) -> date:
    try:
        if len(text) <= len("2026-01-01"):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        raise UnreadablePlan(
            sentence(
                "%(where)s: “%(text)s” is not a date like 2026-03-31 or 2026-03-31T17:00.",
                where=where,
                text=text[:40],
            )
        ) from None


def more_of(row: PlanRow, cells: dict[str, Cell], where: str, duration: Duration) -> dict[str, Any]:
    """Fields of the row by the columns that say something. Raises UnreadablePlan by field."""
    found: dict[str, Any] = {}
    for name, cell in cells.items():
        text = text_of(cell)
        if not text:
            continue
        if name in BY_NAME:
            found[name] = BY_NAME[name].read(text, where)
        elif name in ("remaining", "effort"):
            found[name] = _minutes(row, name, duration(text, where), where)
        else:
            field, read = _READ[name]
            found[field] = read(cell, sentence("%(where)s: %(name)s", where=where, name=name))
    return found


def _minutes(row: PlanRow, name: str, read: tuple[int, bool], where: str) -> int:
    minutes, by_clock = read
    if by_clock != (row.elapsed and name == "remaining"):
        raise UnreadablePlan(
            sentence(
                "%(where)s: %(name)s and duration count different time.", where=where, name=name
            )
        )
    return minutes


def _owners(cell: Cell, where: str) -> tuple[str, ...]:
    names = (" ".join(name.split())[:200] for name in text_of(cell).split(";"))
    return tuple(name for name in names if name)


def _needs(cell: Cell, where: str) -> tuple[Need, ...]:
    return read_needs(text_of(cell), where)


def _percent(cell: Cell, where: str) -> float:
    text = text_of(cell).removesuffix("%").strip()
    try:
        percent = float(text.replace(",", "."))
    except ValueError:
        percent = -1
    if not 0 <= percent <= 100:
        raise UnreadablePlan(
            sentence("%(where)s “%(text)s” is not between 0 and 100.", where=where, text=text[:40])
        )
    return percent


def _priority(cell: Cell, where: str) -> int:
    text = text_of(cell)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= 1000):
        raise UnreadablePlan(
            sentence("%(where)s “%(text)s” is not between 0 and 1000.", where=where, text=text[:40])
        )
    return int(text)


def _manual(cell: Cell, where: str) -> bool:
    return text_of(cell).lower() in ("yes", "true", "1", "x")


def _notes(cell: Cell, where: str) -> str:
    text = text_of(cell)
    if len(text) > _MOST_NOTES:
        raise UnreadablePlan(
            sentence(
                "%(where)s is longer than %(most)s letters.",
                where=where,
                most=f"{_MOST_NOTES:,}",
            )
        )
    return text


def _start(cell: Cell, where: str) -> datetime:
    return moment_of(cell, False, where)


def _end(cell: Cell, where: str) -> datetime:
    return moment_of(cell, True, where)


_READ: dict[str, tuple[str, Callable[[Cell, str], Any]]] = {
    "owner": ("resources", _owners),
    "needs": ("needs", _needs),
    "deadline": ("deadline_at", _end),
    "percent_complete": ("percent", _percent),
    "actual_start": ("actual_start", _start),
    "actual_finish": ("actual_finish", _end),
    "priority": ("priority", _priority),
    "manual": ("manual", _manual),
    "notes": ("notes", _notes),
}
