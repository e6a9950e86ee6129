"""Planned against done as a figure, and the finishes of a simulation as another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adoption.queries.curves import CurvePoint, CurveView
from adoption.simulation import Simulation
from rendering import figures, theme
from rendering.figures import Figure, Part

_RIGHT_WIDE, _LEFT = 132, 48
_FEW_TICKS = 5


@dataclass(frozen=True, slots=True)
class CurveWords:
    """Labels on the lines, already in the reader's language; each of two lines."""

    planned: tuple[str, str]
    done: tuple[str, str]
    forecast: tuple[str, str]
    percent: str


def curve(shown: CurveView, *, words: CurveWords) -> Figure:
    """Planned in accent, done in ink up to today, the forecast dotted in its fading range."""
    start = min(shown.planned[0].day, shown.done[0].day)
    end = max(
        shown.planned[-1].day, shown.done[-1].day, *(point.day for point in shown.ahead[-1:])
    ) + timedelta(days=2)
    traces = [_planned(shown.planned)]
    if shown.ahead:
        days = [point.day for point in shown.ahead]
        hover = [f"{point.percent:.0f} %<br>{point.day.isoformat()}" for point in shown.ahead]
        low, high = [point.low for point in shown.ahead], [point.high for point in shown.ahead]
        traces.append(figures.band(days, low, high))
        percents = [point.percent for point in shown.ahead]
        traces.append(figures.forecast(days, percents, hover=hover))
    traces += _done(shown)
    axis = {**figures.value_axis(0, 100, whole=True), "range": [0, 106]}
    return figures.figure(
        traces,
        labels=_labels(shown, words, left=_LEFT),
        narrow={
            "margin": {"l": 36, "r": 16, "t": 36, "b": 28},
            "annotations": _labels(shown, words, left=36, narrow=True),
            "xaxis": figures.time_axis(start, end, today=shown.as_of, most=_FEW_TICKS),
        },
        margin={"l": _LEFT, "r": _RIGHT_WIDE, "t": 36, "b": 28},
        shapes=[figures.upright(shown.as_of)],
        xaxis=figures.time_axis(start, end, today=shown.as_of),
        yaxis=axis,
    )


def _planned(points: Sequence[CurvePoint]) -> Part:
    return {
        "type": "scatter",
        "name": "planned",
        "mode": "lines",
        "x": [point.day.isoformat() for point in points],
        "y": [round(point.percent, 2) for point in points],
        "line": {"color": theme.colour("accent"), "width": 2},
        "hovertemplate": "%{y:.0f} %<br>%{x|%-d %b %Y}<extra></extra>",
    }


def _done(shown: CurveView) -> list[Part]:
    hover = "%{y:.0f} %<br>%{x|%-d %b %Y}<extra></extra>"
    days = [point.day for point in shown.done]
    percents = [round(point.percent, 2) for point in shown.done]
    role = "act" if (shown.behind_days or 0) >= 1 and not shown.is_done else "ink"
    return [
        figures.actual(days, percents, hover=hover),
        figures.point(days[-1], percents[-1], role=role, name="now", hover=hover),
    ]


def _labels(shown: CurveView, words: CurveWords, *, left: int, narrow: bool = False) -> list[Part]:
    """Beside the ends of the lines; where another line goes on there, on the free side of it."""
    end, now = shown.planned[-1], shown.done[-1]
    beside: dict[str, Any] = {"xanchor": "left", "xshift": 10}
    before: dict[str, Any] = {"xanchor": "right", "xshift": -10}
    labels = [figures.unit_label(words.percent, left=left)]
    is_last = not shown.ahead or end.day >= shown.ahead[-1].day
    over = beside if is_last and not narrow else {**before, "yshift": 18 if is_last else 22}
    labels += figures.two_lines(*words.planned, lead="accent", day=end.day, amount=100, **over)
    if shown.ahead:
        last = shown.ahead[-1]
        clear = {**before, "yshift": -100 if narrow else -44} if narrow or is_last else beside
        labels += figures.two_lines(*words.forecast, day=last.day, amount=last.percent, **clear)
    lags = now.percent <= shown.planned_now
    under = {**beside, "yshift": -22} if lags else {**before, "yshift": 20}
    return labels + figures.two_lines(*words.done, day=now.day, amount=now.percent, **under)


def finishes(found: Simulation, *, today: date, words: tuple[str, str, str]) -> Figure:
    """A histogram of the days the runs finish on; `words` name P50, P80 and the plan's finish."""
    bins = found.histogram()
    days = [part.end.date() for part in bins]
    shares = [round(part.share * 100, 2) for part in bins]
    marks = [found.p50.date(), found.p80.date(), found.planned.date()]
    start = min(bins[0].start.date(), found.planned.date()) - timedelta(days=2)
    end = max(days[-1], found.planned.date()) + timedelta(days=3)
    top = max(shares)
    colours = [theme.colour("accent", 0.85 if day <= marks[1] else 0.3) for day in days]
    bars: Part = {
        "type": "bar",
        "name": "finishes",
        "x": [day.isoformat() for day in days],
        "y": shares,
        "marker": {"color": colours},
        "hovertemplate": "%{y:.1f} %<br>%{x|%-d %b %Y}<extra></extra>",
    }
    lifts = (1.3, 1.18, 1.06)
    return figures.figure(
        [bars],
        labels=[
            figures.label(said, day=day, amount=top * lift, role="ink", xshift=4)
            for said, day, lift in zip(words, marks, lifts, strict=True)
        ],
        narrow={"xaxis": figures.time_axis(start, end, today=today, most=_FEW_TICKS)},
        margin={"l": _LEFT, "r": 24, "t": 20, "b": 28},
        shapes=[figures.upright(day) for day in marks],
        bargap=0.1,
        xaxis=figures.time_axis(start, end, today=today),
        yaxis={**figures.value_axis(0, top * 1.4, whole=False), "range": [0, top * 1.4]},
    )
