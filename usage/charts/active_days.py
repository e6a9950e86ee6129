"""The active-days distribution: how many people came on how many days of the window."""

from collections.abc import Callable
from dataclasses import dataclass

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.charts.frame import NARROW_SIDES, SIDES, label, number_axis
from usage.numbers.active import ActiveDays

HEADROOM = 1.15
# From every second day on.
OFTEN = 0.5
REACH = 4


@dataclass(frozen=True, slots=True)
class ActiveDaysWords:
    """`often` and `never` stand over their bars; `hover` says one bar: days, people."""

    days: str
    people: str
    often: str
    never: str
    hover: Callable[[int, int], str]


def often_from(value: ActiveDays) -> int:
    """The least days of those who come on half of all days or more."""
    return round(value.window * OFTEN)


def active_days_bars(value: ActiveDays, *, words: ActiveDaysWords) -> Figure:
    """A bar for each number of days; nobody's days are hatched, frequent people in accent."""
    counts = value.counts
    top = max(*counts, 1) * HEADROOM
    return figures.figure(
        [_bars(value, words)],
        labels=_labels(value, words, left=SIDES["l"], narrow=False),
        narrow={
            "margin": NARROW_SIDES,
            "annotations": _labels(value, words, left=NARROW_SIDES["l"], narrow=True),
        },
        margin=SIDES,
        bargap=0.2,
        xaxis=number_axis(-0.7, value.window + 0.7, title=words.days),
        yaxis={**figures.value_axis(0, top, whole=True), "range": [0, top]},
    )


def _bars(value: ActiveDays, words: ActiveDaysWords) -> Part:
    often, numbers = often_from(value), range(value.window + 1)
    colours = [
        theme.colour("accent") if at >= often else theme.colour("ink", 0.5) for at in numbers
    ]
    pattern = {
        "shape": ["/", *("" for _ in numbers[1:])],
        "size": 6,
        "solidity": 0.16,
        "fgcolor": theme.colour("ink-2", 0.55),
    }
    colours[0] = theme.colour("ink", 0.04)
    edges = {"color": theme.colour("edge"), "width": [1, *(0 for _ in numbers[1:])]}
    return {
        "type": "bar",
        "name": "people",
        "x": list(numbers),
        "y": list(value.counts),
        "marker": {"color": colours, "pattern": pattern, "line": edges},
        "hovertext": [words.hover(at, value.counts[at]) for at in numbers],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _labels(value: ActiveDays, words: ActiveDaysWords, *, left: int, narrow: bool) -> list[Part]:
    """Where it is narrow the words reach back over a few bars, so they stand above those too."""
    counts, often = value.counts, often_from(value)
    found = [figures.unit_label(words.people, left=left)]
    if counts[0]:
        found.append(label(words.never, x=0, y=counts[0], xanchor="center", yshift=10))
    if any(counts[often:]):
        height = max(counts[often - (REACH if narrow else 0) :])
        x = value.window if narrow else often - 0.4
        place: Part = {"xanchor": "right" if narrow else "left", "yshift": 14}
        found.append(label(words.often, x=x, y=height, **place, role="accent", weight=600))
    return found
