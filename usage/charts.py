"""The figure of use: active users over 28, 7 and 1 days, as plotly dicts."""

from __future__ import annotations

from datetime import date, timedelta

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.queries import UsagePoint, UsageSeries

HEADROOM = 1.08
SIDES = {"l": 44, "r": 124, "t": 30, "b": 28}
NARROW_SIDES = {"l": 36, "r": 16, "t": 30, "b": 28}
LINES = (
    ("mau", "28 days", "ink", 2.0),
    ("wau", "7 days", "edge", 1.75),
    ("dau", "each day", "faint", 1.25),
)


def trend(series: UsageSeries, *, today: date) -> Figure:
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
            *(_line(closed, *line) for line in reversed(LINES)),
        ],
        labels=_labels(closed, top),
        narrow={"margin": NARROW_SIDES, "annotations": [_unit(NARROW_SIDES["l"])]},
        margin=SIDES,
        xaxis=figures.time_axis(first, last, today=today),
        yaxis=axis,
    )


def _ends(series: UsageSeries) -> tuple[date, date]:
    first, last = series.points[0].day, series.points[-1].day
    return first, max(last, first + timedelta(days=1))


def _line(closed: list[UsagePoint], field: str, words: str, role: str, width: float) -> Part:
    amounts = [getattr(point, field) for point in closed]
    hover = f"%{{y}} active, {words}<br>%{{x|%-d %b %Y}}<extra></extra>"
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


def _labels(closed: list[UsagePoint], top: float) -> list[Part]:
    """Each line's name at its last value, pushed apart where values lie close."""
    if not closed:
        return [_unit(SIDES["l"])]
    heights: list[float] = []
    labels = [_unit(SIDES["l"])]
    for field, words, role, _width in LINES:
        amount = float(getattr(closed[-1], field))
        height = min([amount, *(other - top * 0.06 for other in heights)])
        heights.append(height)
        labels.append(
            figures.label(
                f"{amount:,.0f} in {words}" if field != "dau" else f"{amount:,.0f} that day",
                day=closed[-1].day,
                amount=height,
                role="ink" if role == "ink" else "ink-2",
                weight=600 if role == "ink" else 400,
                xshift=8,
            )
        )
    return labels


def _unit(left: int) -> Part:
    return figures.unit_label("active users", left=left)
