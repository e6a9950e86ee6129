"""How long until first value: the share that reached it, day by day, with those who still wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.charts.frame import NARROW_SIDES, SIDES, label, number_axis, percent_axis
from usage.numbers.activation import TimeToValue
from usage.numbers.survival import Survival

HALF = 50.0
RIGHT = 132
MOST_STROKES = 50


@dataclass(frozen=True, slots=True)
class FirstValueWords:
    """Words on the curve; `half` says when half had reached it, or that they have not."""

    days: str
    percent: str
    half: str
    now: tuple[str, str]
    hover: Callable[[int, float], str]


def first_value_curve(value: TimeToValue, *, words: FirstValueWords) -> Figure:
    """One minus Kaplan and Meier's curve in steps, its 95 % range, and the median's two lines."""
    last = max(max(value.days, default=1), 1)
    steps = _steps(value.curve, last)
    return figures.figure(
        [_range(value.curve, last), *_half(value, last), _line(steps, words), *_waiting(value)],
        labels=_labels(value, steps, words, left=SIDES["l"], narrow=False),
        narrow={
            "margin": NARROW_SIDES,
            "annotations": _labels(value, steps, words, left=NARROW_SIDES["l"], narrow=True),
        },
        margin={**SIDES, "r": RIGHT},
        xaxis=number_axis(0, last, title=words.days),
        yaxis=percent_axis(),
    )


def _steps(curve: Survival, last: int) -> list[tuple[int, float]]:
    """(day, percent reached) at each step, from the start to the last day seen."""
    pairs = zip(curve.times.tolist(), curve.surviving.tolist(), strict=True)
    reached = [(time, 100 * (1 - left)) for time, left in pairs]
    start = [] if reached and reached[0][0] == 0 else [(0, 0.0)]
    return [*start, *reached, (last, reached[-1][1] if reached else 0.0)]


def _line(steps: Sequence[tuple[int, float]], words: FirstValueWords) -> Part:
    return {
        "type": "scatter",
        "name": "reached",
        "mode": "lines",
        "x": [day for day, _ in steps],
        "y": [round(percent, 2) for _, percent in steps],
        "line": {"color": theme.colour("ink"), "width": 2, "shape": "hv"},
        "text": [words.hover(day, percent) for day, percent in steps],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _range(curve: Survival, last: int) -> Part:
    times = [*curve.times.tolist(), last]
    low = [100 * (1 - share) for share in curve.high.tolist()]
    high = [100 * (1 - share) for share in curve.low.tolist()]
    there = _stairs(times, high)
    back = _stairs(times, low)
    return {
        "type": "scatter",
        "name": "range",
        "mode": "lines",
        "x": [x for x, _ in there] + [x for x, _ in reversed(back)],
        "y": [y for _, y in there] + [y for _, y in reversed(back)],
        "line": {"width": 0, "color": theme.colour("ink", 0)},
        "fill": "toself",
        "fillcolor": theme.colour("ink", 0.1),
        "hoverinfo": "skip",
    }


def _stairs(times: Sequence[int], heights: Sequence[float]) -> list[tuple[int, float]]:
    """Both ends of each level stretch."""
    return [
        (times[place + end], round(height, 2))
        for place, height in enumerate(heights)
        for end in (0, 1)
    ]


def _half(value: TimeToValue, last: int) -> list[Part]:
    """The line at half, and down from where the curve meets it."""
    middle = value.median
    down = [] if middle is None else [(middle, 0.0)]
    path = [(0, HALF), (last if middle is None else middle, HALF), *down]
    return [
        {
            "type": "scatter",
            "name": "half",
            "mode": "lines",
            "x": [x for x, _ in path],
            "y": [y for _, y in path],
            "line": {"color": theme.colour("ink-2"), "width": 1.25, "dash": "2px,3px"},
            "hoverinfo": "skip",
        }
    ]


def _waiting(value: TimeToValue) -> list[Part]:
    """A short stroke where somebody's waiting is cut off; where many are, one for all."""
    pairs = zip(value.days, value.reached, strict=True)
    cut_off = sorted({day for day, reached in pairs if not reached})
    if not cut_off:
        return []
    days = list({day * MOST_STROKES // max(cut_off[-1], 1): day for day in cut_off}.values())
    marker = {"symbol": "line-ns-open", "size": 6, "color": theme.colour("ink"), "opacity": 1}
    return [
        {
            "type": "scatter",
            "name": "waiting",
            "mode": "markers",
            "x": days,
            "y": [round(100 * (1 - value.curve.at(day)), 2) for day in days],
            "marker": {**marker, "line": {"width": 1.25, "color": theme.colour("ink")}},
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    ]


def _labels(
    value: TimeToValue,
    steps: Sequence[tuple[int, float]],
    words: FirstValueWords,
    *,
    left: int,
    narrow: bool,
) -> list[Part]:
    last, percent = steps[-1]
    middle = value.median
    at = last if middle is None else middle
    near_end = at > last * (0.4 if narrow else 0.7)
    side = {"xanchor": "right", "xshift": -6} if near_end else {"xanchor": "left", "xshift": 6}
    level = {"yshift": 12} if middle is None or near_end else {"yshift": -12}
    found = [figures.unit_label(words.percent, left=left)]
    found.append(label(words.half, x=at, y=HALF, role="ink", **side, **level))
    if narrow:
        return [
            *found,
            label(words.now[0], x=last, y=percent, role="ink", weight=600, **_ending(percent)),
        ]
    first, second = words.now
    beside = {"xanchor": "left", "xshift": 8}
    return [
        *found,
        label(first, x=last, y=percent, role="ink", weight=600, yshift=8, **beside),
        label(second, x=last, y=percent, yshift=-8, **beside),
    ]


def _ending(percent: float) -> Part:
    """Above a curve that ends low, below one that ends high."""
    return {"xanchor": "right", "xshift": 0, "yshift": -28 if percent > 93 else 16}
