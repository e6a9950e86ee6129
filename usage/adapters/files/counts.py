"""Files that count: a row says how much one customer used the product on one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from usage.adapters.canonical import MAX_CUSTOMER_ID_LENGTH, MAX_NAME_LENGTH, UnreadableItem
from usage.adapters.files.columns import Cells, read_cells
from usage.adapters.files.events import flags_of, in_order
from usage.adapters.files.faults import RowError, text_problems
from usage.adapters.files.layouts import DAILY_FIELDS, Layout
from usage.adapters.files.moments import day_of, in_iso_order
from usage.adapters.files.spooling import Sheet

LIMITS = {
    "customer_id": MAX_CUSTOMER_ID_LENGTH,
    "feature": MAX_NAME_LENGTH,
    "events": 40,
    "day": 64,
}
MOST = 10**15
# A day can begin this much earlier somewhere than where the clock is read.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Count:
    """What a row says: so many events, by so many people where it says that, on a customer's own
    calendar day. An empty feature stands for the product as a whole."""

    row: int
    customer: str
    day: date
    feature: str
    active_users: int | None
    events: int


@dataclass(frozen=True, slots=True)
class CountBlock:
    """Consecutive rows of a file: the good ones as counts, the others as errors."""

    counts: Sequence[Count]
    errors: Sequence[RowError]
    rows: int
    percent: int


def read_counts(
    sheet: Sheet, layout: Layout, *, received_at: datetime, after: int = 0
) -> Iterator[CountBlock]:
    """The file block by block, for rows behind the first `after` ones. Raises `UnreadableFile`."""
    for cells in read_cells(sheet, layout, after=after):
        yield checked(cells, layout, received_at)


def checked(cells: Cells, layout: Layout, received_at: datetime) -> CountBlock:
    """The rows that can be stored, and what is wrong with the others."""
    texts = dict(cells.texts)
    texts["day"] = in_iso_order(texts["day"], layout.time_format)
    problems = list(text_problems({k: c for k, c in texts.items() if k in LIMITS}, LIMITS))
    rows = len(cells.numbers)
    good = flags_of(problems, rows).tolist()
    lines = zip(*(_texts(texts, name, rows) for name in DAILY_FIELDS), strict=True)
    latest = (received_at + _AHEAD).date()
    counts: list[Count] = []
    for index, line in enumerate(lines):
        if not good[index]:
            continue
        found = _count(int(cells.numbers[index]), line, layout.time_format, latest)
        if isinstance(found, Count):
            counts.append(found)
        else:
            problems.append((index, *found))
    return CountBlock(counts, in_order(cells, problems), cells.rows, cells.percent)


def _texts(texts: dict[str, Any], name: str, rows: int) -> list[str]:
    if name not in texts:
        return [""] * rows
    found: list[str] = texts[name].to_pylist()
    return found


def _count(
    row: int, line: tuple[str, ...], time_format: str, latest: date
) -> Count | tuple[str, str]:
    day, customer, feature, active_users, events = line
    try:
        when = day_of(day, time_format, latest=latest)
    except UnreadableItem as problem:
        return "day", str(problem)
    people = _number(active_users) if active_users else None
    if active_users and people is None:
        return "active_users", _no_number(active_users)
    number = _number(events)
    if number is None:
        return "events", _no_number(events)
    return Count(row, customer, when, feature, people, number)


def _number(text: str) -> int | None:
    """A count: digits alone, or with nothing but zeros behind a point."""
    whole, _point, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or rest.strip("0") or len(whole) > 16:
        return None
    return number if (number := int(whole)) <= MOST else None


def _no_number(text: str) -> str:
    return f"“{text[:40]}” is not a number of things counted, such as 1250"
