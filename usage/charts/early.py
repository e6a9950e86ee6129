"""The first weeks after go-live: who came each day, and how many of those expected have come."""

from collections.abc import Callable
from dataclasses import dataclass

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.charts.frame import NARROW_SIDES, SIDES, label, number_axis
from usage.numbers.early import EarlyDay, EarlyUse

HEADROOM = 1.12
RIGHT = 132
# Heights of the plot in pixels, to keep labels a line apart.
UP, LINE = 340, 16


@dataclass(frozen=True, slots=True)
class EarlyWords:
    """`expected`, `reached` and `active` stand at the end of their lines; `hover` says a day."""

    days: str
    people: str
    expected: str
    reached: str
    active: str
    hover: Callable[[EarlyDay], str]


def early_curve(value: EarlyUse, *, words: EarlyWords) -> Figure:
    """People with access in accent, those who have come in ink, each day's people as bars."""
    days = value.days
    last = max(len(days) - 1, 1)
    highest = max((max(day.reached.size, len(day.active)) for day in days), default=1)
    top = max(highest, 1) * HEADROOM
    return figures.figure(
        [
            _bars(days, words),
            _line("expected", days, [day.reached.size for day in days], "accent", 2),
            _line("reached", days, [day.reached.count for day in days], "ink", 2),
        ],
        labels=_labels(days, words, top),
        narrow={"margin": NARROW_SIDES, "annotations": _narrow_labels(days, words)},
        margin={**SIDES, "r": RIGHT},
        bargap=0.3,
        xaxis=number_axis(-0.6, last + 0.6, title=words.days),
        yaxis={**figures.value_axis(0, top, whole=True), "range": [0, top]},
    )


def _bars(days: tuple[EarlyDay, ...], words: EarlyWords) -> Part:
    return {
        "type": "bar",
        "name": "active",
        "x": [day.number for day in days],
        "y": [len(day.active) for day in days],
        "marker": {"color": theme.colour("ink", 0.22)},
        "hovertext": [words.hover(day) for day in days],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _line(
    name: str, days: tuple[EarlyDay, ...], heights: list[int], role: str, width: float
) -> Part:
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": [day.number for day in days],
        "y": heights,
        "line": {"color": theme.colour(role), "width": width, "shape": "linear"},
        "hoverinfo": "skip",
    }


def _labels(days: tuple[EarlyDay, ...], words: EarlyWords, top: float) -> list[Part]:
    """At the ends, pushed apart where they end close."""
    unit = figures.unit_label(words.people, left=SIDES["l"])
    if not days:
        return [unit]
    day = days[-1]
    ends = [day.reached.size, day.reached.count, len(day.active)]
    heights = [end / top * UP for end in ends]
    placed = figures.spread(heights, gap=LINE, low=0, high=UP)
    said = [
        (words.expected, "accent", 600),
        (words.reached, "ink", 600),
        (words.active, "ink-2", 400),
    ]
    return [
        unit,
        *(
            label(
                text, x=day.number + 0.6, y=end, role=role, weight=weight, xshift=8, yshift=to - at
            )
            for (text, role, weight), end, at, to in zip(said, ends, heights, placed, strict=True)
        ),
    ]


def _narrow_labels(days: tuple[EarlyDay, ...], words: EarlyWords) -> list[Part]:
    unit = figures.unit_label(words.people, left=NARROW_SIDES["l"])
    if not days:
        return [unit]
    day = days[-1]
    above: Part = {"x": day.number, "xanchor": "right"}
    lines = [
        label(words.expected, y=day.reached.size, role="accent", yshift=10, **above),
        label(words.reached, y=day.reached.count, role="ink", yshift=-12, **above),
    ]
    return [unit, *lines]
