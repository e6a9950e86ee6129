"""Active users over 28, 7 and 1 days, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rendering import figures, theme
from rendering.figures import Figure, Part
from rendering.formats import current
from usage.queries import UsagePoint, UsageSeries

HEADROOM = 1.08
SIDES = {"l": 44, "r": 124, "t": 30, "b": 28}
NARROW_SIDES = {"l": 36, "r": 16, "t": 30, "b": 28}
Line = tuple[str, str, float]
LINES: tuple[Line, ...] = (("mau", "ink", 2.0), ("wau", "edge", 1.75), ("dau", "faint", 1.25))


@dataclass(frozen=True, slots=True)
class TrendWords:
    """The unit, and what stands after the figure at the end of each line."""

    people: str = "active users"
    mau: str = "in 28 days"
    wau: str = "in 7 days"
    dau: str = "that day"

    def of(self, line: Line) -> str:
        return str(getattr(self, line[0]))


def trend(series: UsageSeries, *, today: date, words: TrendWords = TrendWords()) -> Figure:
    """Active users of closed days; days that are not over yet are hatched, never drawn as a fall.

    Labels stand on the lines and hover gives exact values.
    """
    closed = [point for point in series.points if point.is_closed]
    top = max([point.mau or 0 for point in closed], default=0) * HEADROOM or 1.0
    first, last = _ends(series)
    axis = figures.value_axis(0, top, whole=True)
    return figures.figure(
        [
            *_open_days(series, axis["range"][1]),
            *(_line(closed, line, words) for line in reversed(LINES)),
        ],
        labels=_labels(closed, top, words),
        narrow={"margin": NARROW_SIDES, "annotations": _narrow_labels(closed, words)},
        margin=SIDES,
        xaxis=figures.time_axis(first, last, today=today),
        yaxis=axis,
    )


def _ends(series: UsageSeries) -> tuple[date, date]:
    first, last = series.points[0].day, series.points[-1].day
    return first, max(last, first + timedelta(days=1))


def _line(closed: list[UsagePoint], line: Line, words: TrendWords) -> Part:
    field, role, width = line
    amounts = [getattr(point, field) for point in closed]
    hover = f"%{{y}} {figures.plain(words.of(line))}<br>%{{x|%-d %b %Y}}<extra></extra>"
    part = figures.actual([point.day for point in closed], amounts, hover=hover)
    return {
        **part,
        "name": field,
        "line": {**part["line"], "color": theme.colour(role), "width": width},
    }


def _open_days(series: UsageSeries, top: float) -> list[Part]:
    days = [point.day for point in series.points if not point.is_closed]
    if not days or series.closed_day is None:
        return []
    return [figures.hatch(days[0], days[-1] + timedelta(days=1), 0, top)]


def _labels(closed: list[UsagePoint], top: float, words: TrendWords) -> list[Part]:
    """Each line's name at its last value, pushed apart where values lie close."""
    if not closed:
        return [_unit(SIDES["l"], words)]
    day, heights = closed[-1].day, _apart(closed[-1], top * 0.06)
    labels = [
        figures.label(
            _said(closed[-1], line, words), day=day, amount=height, xshift=8, **_dressed(line)
        )
        for line, height in zip(LINES, heights, strict=True)
    ]
    return [_unit(SIDES["l"], words), *labels]


def _narrow_labels(closed: list[UsagePoint], words: TrendWords) -> list[Part]:
    """Where room is short, the line that matters alone; the tiles name the others."""
    if not closed:
        return [_unit(NARROW_SIDES["l"], words)]
    line, amount = LINES[0], float(closed[-1].mau or 0)
    label = figures.label(
        _said(closed[-1], line, words),
        day=closed[-1].day,
        amount=amount,
        xanchor="right",
        yanchor="bottom",
        yshift=4,
        **_dressed(line),
    )
    return [_unit(NARROW_SIDES["l"], words), label]


def _apart(point: UsagePoint, gap: float) -> list[float]:
    """Heights for the labels from the highest line down: a gap between them, none below zero."""
    heights: list[float] = []
    for field, *_rest in LINES:
        ceiling = heights[-1] - gap if heights else float("inf")
        heights.append(min(float(getattr(point, field)), ceiling))
    floors = [gap * place for place in reversed(range(len(heights)))]
    return [max(height, floor) for height, floor in zip(heights, floors, strict=True)]


def _said(point: UsagePoint, line: Line, words: TrendWords) -> str:
    return f"{current().number(getattr(point, line[0]))} {words.of(line)}"


def _dressed(line: Line) -> dict[str, Any]:
    is_main = line[1] == "ink"
    return {"role": "ink" if is_main else "ink-2", "weight": 600 if is_main else 400}


def _unit(left: int, words: TrendWords) -> Part:
    return figures.unit_label(words.people, left=left)
