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
class Bar:
    """One part of the time: up to what there is in `y` and `height`, what is over it on top."""

    x: float
    width: float
    y: float
    height: float
    over_y: float
    over_height: float


@dataclass(frozen=True, slots=True)
class LoadBars:
    """Bars against the line of what there is; `title` says it in words."""

    title: str
    width: float
    height: float
    line: float
    bars: tuple[Bar, ...]


def load_bars(peaks: Sequence[float], capacity: float, *, title: str) -> LoadBars:
    """`peaks` are units in each part, `capacity` the units there are. Bars reach as high as the
    most that is asked, at least half above what there is, so that rows compare at a glance."""
    top = max([capacity * 1.5, *peaks]) or 1.0
    line = _HEIGHT * (1 - capacity / top)
    width = _WIDTH / max(len(peaks), 1)
    gap = min(1.0, width / 4)
    bars = []
    for i, peak in enumerate(peaks):
        inside, over = min(peak, capacity), max(0.0, peak - capacity)
        height, above = _HEIGHT * inside / top, _HEIGHT * over / top
        x, broad = round(i * width, 2), round(width - gap, 2)
        y = _HEIGHT - height
        bars.append(
            Bar(x, broad, round(y, 2), round(height, 2), round(y - above, 2), round(above, 2))
        )
    return LoadBars(title, _WIDTH, _HEIGHT, round(line, 2), tuple(bars))


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
