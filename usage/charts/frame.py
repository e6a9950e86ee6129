"""What figures of counted things share: labels and axes along plain numbers instead of days."""

from datetime import date
from typing import Any

from rendering import figures, theme
from rendering.figures import Part

SIDES = {"l": 44, "r": 24, "t": 36, "b": 44}
NARROW_SIDES = {"l": 36, "r": 16, "t": 36, "b": 44}
SOMETIME = date(1970, 1, 1)


def label(text: str, *, x: float, y: float, **place: Any) -> Part:
    """Words at a place of an axis of numbers; otherwise as `figures.label`."""
    return {**figures.label(figures.plain(text), day=SOMETIME, amount=y, **place), "x": x}


def number_axis(low: float, high: float, *, title: str) -> Part:
    """A horizontal axis of whole numbers, with what they are below its end."""
    ticks = figures.round_ticks(0, high, whole=True)
    return {
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": [f"{int(tick)}" for tick in ticks],
        "title": {"text": figures.plain(title), "font": theme.font(), "standoff": 6},
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


def percent_axis(top: float = 100) -> Part:
    """A vertical axis from 0 to 100, with a little room above."""
    axis = figures.value_axis(0, top, whole=True)
    return {**axis, "range": [0, top * 1.06]}
