"""The parts every chart is made of, as plain plotly dicts: one part, one look, everywhere.

Values go in, a dict comes out; `go.Figure(figure)` accepts each of them. Building dicts costs a
fraction of building validated objects, so pages build dicts and tests validate. Texts may break
lines but hold no other markup; words that people typed go through `plain`.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from rendering import theme
from rendering.formats import current

Part = dict[str, Any]
Figure = dict[str, Any]

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
MOST_TICKS = 7
# Of the larger bound: what the last bits of a sum may be off.
NOISE = 1e-13
DAYS_IN_MONTH = 30.4
DIAMOND = 11


def plain(words: str) -> str:
    """Words as they are, where plotly would read markup."""
    return escape(words, quote=False)


def figure(
    traces: Sequence[Part], *, labels: Sequence[Part], narrow: Part | None = None, **parts: Any
) -> Figure:
    """A figure of traces and labels. `narrow` changes the layout where the page is narrow."""
    layout = theme.layout(annotations=list(labels), **parts)
    if narrow is not None:
        layout["meta"]["narrow"] = narrow
    return {"data": list(traces), "layout": layout}


def actual(days: Sequence[date], amounts: Sequence[float | None], *, hover: str) -> Part:
    """What was measured: a solid line of ink, broken where an amount is None."""
    return {
        "type": "scatter",
        "name": "actual",
        "mode": "lines",
        "x": [day.isoformat() for day in days],
        "y": list(amounts),
        "line": {"color": theme.colour("ink"), "width": 2, "shape": "linear"},
        "hovertemplate": hover,
    }


def point(day: date, amount: float, *, role: str, name: str, hover: str) -> Part:
    """A dot in the colour of a state, on the last closed point."""
    marker = {"size": 9, "color": theme.colour(role), "opacity": 1}
    return _marks([day], [amount], name=name, marker=marker, hover=hover)


def ring(day: date, amount: float, *, name: str, hover: str) -> Part:
    """The open ring at the end of the target line."""
    edge = {"color": theme.colour("accent"), "width": 2}
    marker = {"size": 10, "color": theme.colour("sheet"), "line": edge, "opacity": 1}
    return _marks([day], [amount], name=name, marker=marker, hover=hover)


def diamonds(
    days: Sequence[date], amounts: Sequence[float], *, filled: Sequence[bool], hover: Sequence[str]
) -> Part:
    """Milestones: filled when reached and kept, hollow when open or lost."""
    colours = [theme.colour("accent" if full else "sheet") for full in filled]
    edge = {"color": theme.colour("accent"), "width": 1.75}
    marker = {"symbol": "diamond", "size": DIAMOND, "color": colours, "line": edge, "opacity": 1}
    part = _marks(days, amounts, name="milestones", marker=marker, hover="%{text}<extra></extra>")
    return {**part, "text": list(hover)}


def _marks(
    days: Sequence[date], amounts: Sequence[float], *, name: str, marker: Part, hover: str
) -> Part:
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [day.isoformat() for day in days],
        "y": list(amounts),
        "marker": marker,
        "hovertemplate": hover,
        "cliponaxis": False,
    }


def target(start: date, end: date, amount: float, *, hover: str) -> Part:
    """An agreed value: solid accent."""
    return _level(
        "target", start, end, amount, {"color": theme.colour("accent"), "width": 2}, hover
    )


def baseline(start: date, end: date, amount: float, *, hover: str) -> Part:
    """Where things stood: dashed grey."""
    line = {"color": theme.colour("edge"), "width": 1.25, "dash": "4px,4px"}
    return _level("baseline", start, end, amount, line, hover)


def _level(name: str, start: date, end: date, amount: float, line: Part, hover: str) -> Part:
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": [start.isoformat(), end.isoformat()],
        "y": [amount, amount],
        "line": line,
        "hovertemplate": hover,
    }


def forecast(days: Sequence[date], amounts: Sequence[float], *, hover: Sequence[str]) -> Part:
    """Where it is going: dotted ink."""
    return {
        "type": "scatter",
        "name": "forecast",
        "mode": "lines",
        "x": [day.isoformat() for day in days],
        "y": list(amounts),
        "line": {"color": theme.colour("ink"), "width": 1.5, "dash": "2px,4px"},
        "text": list(hover),
        "hovertemplate": "%{text}<extra></extra>",
    }


def band(days: Sequence[date], low: Sequence[float], high: Sequence[float]) -> Part:
    """The range around a forecast, fading with distance."""
    ends = [day.isoformat() for day in days]
    shades = [[0, theme.colour("ink", 0.22)], [1, theme.colour("ink", 0.04)]]
    return {
        "type": "scatter",
        "name": "range",
        "mode": "lines",
        "x": [*ends, *reversed(ends)],
        "y": [*high, *reversed(low)],
        "line": {"width": 0, "color": theme.colour("ink", 0)},
        "fill": "toself",
        "fillgradient": {"type": "horizontal", "colorscale": shades},
        "hoverinfo": "skip",
    }


def hatch(start: date, end: date, low: float, high: float) -> Part:
    """A period that is still running or has no data."""
    left, right = start.isoformat(), end.isoformat()
    pattern = {
        "shape": "/",
        "size": 6,
        "solidity": 0.16,
        "fgcolor": theme.colour("ink-2", 0.55),
        "bgcolor": "rgba(0,0,0,0)",
    }
    return {
        "type": "scatter",
        "name": "open",
        "mode": "lines",
        "x": [left, right, right, left],
        "y": [low, low, high, high],
        "line": {"width": 0, "color": theme.colour("ink-2", 0)},
        "fill": "toself",
        "fillpattern": pattern,
        "hoverinfo": "skip",
    }


def upright(day: date, *, top: float = 1.0) -> Part:
    """A shape: the thin dotted upright of an event, `top` in shares of the plot's height."""
    line = {"color": theme.colour("ink-2"), "width": 1.25, "dash": "2px,3px"}
    at = day.isoformat()
    place = {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": top}
    return {**place, "line": line, "layer": "below"}


def label(
    text: str,
    *,
    day: date,
    amount: float,
    role: str = "ink-2",
    weight: int = 400,
    size: int = theme.SMALL,
    **place: Any,
) -> Part:
    """Words on the thing itself, on a ground that keeps lines from running through them.

    `place` takes plotly's own words: xanchor, yanchor, xshift, yshift, xref, yref.
    """
    return {
        "text": text,
        "x": day.isoformat(),
        "y": amount,
        "showarrow": False,
        "align": "right" if place.get("xanchor") == "right" else "left",
        "font": theme.font(role, size=size, weight=weight),
        "bgcolor": theme.colour("sheet", 0.82),
        "borderpad": 0,
        "xanchor": "left",
        "yanchor": "middle",
        **place,
    }


def two_lines(
    first: str, second: str, *, lead: str = "ink", rest: str = "ink-2", **place: Any
) -> list[Part]:
    """A label of two lines, the first in weight; `place` as for `label`.

    Two labels, because plotly sets markup inside one as a style attribute, which pages refuse.
    """
    middle = place.pop("yshift", 0)
    half = theme.SMALL * 1.4 / 2
    return [
        label(first, role=lead, weight=600, yshift=middle + half, **place),
        label(second, role=rest, yshift=middle - half, **place),
    ]


def value_axis(low: float, high: float, *, whole: bool) -> Part:
    """A vertical axis that starts at a round number; `whole` keeps its ticks on whole numbers."""
    ticks = round_ticks(low, high, whole=whole)
    return {
        "range": [ticks[0], max(high, ticks[-1])],
        "tickvals": ticks,
        "ticktext": [_tick_text(tick) for tick in ticks],
        "ticklabelstandoff": 8,
        "gridcolor": theme.colour("rule"),
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "tickfont": theme.font(),
        "ticks": "",
    }


def unit_label(unit: str, *, left: int) -> Part:
    """The unit of the vertical axis above its ticks; `left` is the margin it may use."""
    anchor = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    place = {"x": 0, "y": 1, "xshift": 2 - left, "yshift": 8, "showarrow": False}
    return {"text": plain(unit), "font": theme.font(), **anchor, **place}


def round_ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Four to seven round numbers from at or below `low` up to `high`; fewer for small counts."""
    high = max(high, low + (1 if whole else 1e-9))
    steps = [step for step in _steps(high - low) if not whole or step == int(step)]
    step = next(step for step in steps if len(_multiples(low, high, step)) <= MOST_TICKS)
    return _multiples(low, high, step)


def _steps(span: float) -> list[float]:
    """Round steps from too fine to too coarse for a span."""
    power = math.floor(math.log10(span)) - 1
    return [_shift(factor, power) for factor in (1, 2, 2.5, 5, 10, 20, 25, 50, 100, 1000)]


def _shift(factor: float, power: int) -> float:
    """factor * 10**power, exact for negative powers too."""
    return factor * float(10**power) if power >= 0 else factor / float(10**-power)


def _multiples(low: float, high: float, step: float) -> list[float]:
    """From the one at or below `low` to the one at or below `high`."""
    noise = NOISE * max(abs(low), abs(high))
    first, last = (_place_below(bound, step, noise) for bound in (low, high))
    return [round(index * step, 12) for index in range(first, last + 1)]


def _place_below(bound: float, step: float, noise: float) -> int:
    """Which multiple lies at or below a bound; one above it by no more than noise lies at it."""
    nearest = round(bound / step)
    return nearest if abs(bound - nearest * step) <= noise else math.floor(bound / step)


def _tick_text(number: float) -> str:
    _whole, _point, decimals = f"{number:.10f}".rstrip("0").partition(".")
    return current().number(number, len(decimals))


def time_axis(start: date, end: date, *, today: date, most: int = MOST_TICKS) -> Part:
    """A horizontal axis of days with four to seven ticks where the span allows."""
    ticks = day_ticks(start, end, most=most)
    return {
        "type": "date",
        "range": [start.isoformat(), end.isoformat()],
        "tickvals": [tick.isoformat() for tick in ticks],
        "ticktext": tick_texts(ticks, today=today),
        "tickangle": 0,
        "showgrid": False,
        "showline": True,
        "linecolor": theme.colour("edge"),
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": theme.colour("edge"),
        "tickfont": theme.font(),
        "fixedrange": True,
        "zeroline": False,
    }


def day_ticks(start: date, end: date, *, most: int = MOST_TICKS) -> list[date]:
    """First days of months, or Mondays where fewer than three months begin in the span."""
    for step in MONTH_STEPS:
        months = _month_starts(start, end, step)
        if step == 1 and len(months) < 3:
            return _week_starts(start, end, most)
        if len(months) <= most:
            return months
    return months[:: math.ceil(len(months) / most)]


def _month_starts(start: date, end: date, step: int) -> list[date]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    counted = range(-(-first // step) * step, last + 1, step)
    days = [date(index // 12, index % 12 + 1, 1) for index in counted]
    return [day for day in days if start <= day <= end]


def _week_starts(start: date, end: date, most: int) -> list[date]:
    monday = start + timedelta(days=-start.weekday() % 7)
    weeks = [monday + timedelta(weeks=at) for at in range((end - monday).days // 7 + 1)]
    return weeks[:: max(1, math.ceil(len(weeks) / most))] or [start]


def tick_texts(ticks: Sequence[date], *, today: date) -> list[str]:
    """Month names, or days where ticks are Mondays; the year where it is not this one or turns."""
    months = all(tick.day == 1 for tick in ticks)
    texts = []
    for at, tick in enumerate(ticks):
        turned = tick.year != (ticks[at - 1].year if at else today.year)
        if months:
            name = current().month(tick.month)
            texts.append(f"{name} {tick.year}" if turned else name)
        else:
            texts.append(current().day_and_year(tick) if turned else current().day(tick))
    return texts


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Moves labels apart that stand closer than `gap`; they keep their order and stay in bounds.

    Takes and gives heights in pixels.
    """
    placed = list(wanted)
    upwards = sorted(range(len(wanted)), key=lambda at: wanted[at])
    floor, ceiling = low, high
    for at in upwards:
        placed[at] = max(placed[at], floor)
        floor = placed[at] + gap
    for at in reversed(upwards):
        placed[at] = min(placed[at], ceiling)
        ceiling = placed[at] - gap
    return placed
