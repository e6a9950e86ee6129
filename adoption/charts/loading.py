"""What is asked of a resource, part by part, and which days of a year are worked: as drawings."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from adoption.scheduling import Calendar

_HEIGHT, _WIDTH = 32.0, 260.0
_CELL, _GAP, _LEFT, _TOP = 15.0, 2.0, 34.0, 16.0


@dataclass(frozen=True, slots=True)
class LoadBars:
    """Bars against the line of what there is; `title` says it in words. `inside` is the path of
    what there is enough for, `over` of what is asked beyond it, both empty where there is none."""

    title: str
    width: float
    height: float
    line: str
    inside: str
    over: str


def load_bars(peaks: Sequence[float], capacity: float, *, title: str) -> LoadBars:
    """`peaks` are units in each part, `capacity` the units there are. Bars reach as high as the
    most that is asked, at least half above what there is, so that rows compare at a glance."""
    top = max([capacity * 1.5, *peaks]) or 1.0
    line = _HEIGHT * (1 - capacity / top)
    width = _WIDTH / max(len(peaks), 1)
    broad = width - min(1.0, width / 4)
    inside, over = [], []
    for i, peak in enumerate(peaks):
        height = _HEIGHT * min(peak, capacity) / top
        above = _HEIGHT * max(0.0, peak - capacity) / top
        inside.append(_bar(i * width, broad, _HEIGHT, height))
        over.append(_bar(i * width, broad, _HEIGHT - height, above))
    return LoadBars(title, _WIDTH, _HEIGHT, f"{line:.2f}", "".join(inside), "".join(over))


def _bar(x: float, width: float, foot: float, height: float) -> str:
    """A bar that stands on its foot, as part of a path; nothing without height."""
    if not round(height, 2):
        return ""
    return f"M{x:.2f} {foot:.2f}h{width:.2f}v{-height:.2f}h{-width:.2f}z"


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the year. `state` is work, free, holiday, off or extra."""

    x: float
    y: float
    day: date
    state: str
    title: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class YearStrip:
    """A year as twelve rows of days; `months` are their names with where they stand."""

    title: str
    width: float
    height: float
    size: float
    cells: tuple[DayCell, ...]
    months: tuple[tuple[float, str], ...]
    numbers: tuple[tuple[float, str], ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class YearWords:
    title: str
    months: Sequence[str]
    states: Mapping[str, str]


def year_strip(
    calendar: Calendar,
    *,
    year: int,
    today: date,
    reasons: Mapping[date, tuple[str, str]],
    words: YearWords,
) -> YearStrip:
    """`reasons` says of days that differ which state they are in and what for."""
    cells, counts = [], dict.fromkeys(words.states, 0)
    for month in range(1, 13):
        for number in range(1, monthrange(year, month)[1] + 1):
            day = date(year, month, number)
            state, reason = reasons.get(day, ("work" if calendar.on(day) else "free", ""))
            counts[state] += 1
            said = reason or words.states[state]
            x, y = _LEFT + (number - 1) * _CELL, _TOP + (month - 1) * _CELL
            cells.append(DayCell(x, y, day, state, f"{day.isoformat()}: {said}", day == today))
    return YearStrip(
        title=words.title,
        width=_LEFT + 31 * _CELL,
        height=_TOP + 12 * _CELL,
        size=_CELL - _GAP,
        cells=tuple(cells),
        months=tuple((_TOP + n * _CELL + _CELL * 0.7, name) for n, name in enumerate(words.months)),
        numbers=tuple((_LEFT + (n - 1) * _CELL, str(n)) for n in (1, 5, 10, 15, 20, 25, 30)),
        counts=counts,
    )
