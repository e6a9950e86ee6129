"""What figures with a row for each group or measure share: names at the left, numbers across."""

from datetime import date
from typing import Any

from rendering import figures, theme
from rendering.figures import Part

SOMETIME = date(1970, 1, 1)
LETTER = 6.8
LONGEST, LONGEST_NARROW = 26, 15
# Rows below which bars would grow into blocks: fewer leave room below.
FEWEST = 5


def short(name: str, most: int) -> str:
    """A name that fits; the table holds all of it."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def words(text: str, *, x: float, y: float, **place: Any) -> Part:
    """Words at a place of two axes of numbers; otherwise as `figures.label`."""
    return {**figures.label(figures.plain(text), day=SOMETIME, amount=y, **place), "x": x}


def name_of_row(name: str, row: int, *, role: str = "ink", weight: int = 400) -> Part:
    """A row's name, ending left of the plot."""
    place: Part = {"xanchor": "right", "xshift": -10, "role": role, "weight": weight}
    return {**words(name, x=0, y=row, **place), "bgcolor": theme.colour("sheet", 0)}


def left_of(names: list[str], *, most: int) -> int:
    """The margin that holds the longest name."""
    widest = max((len(short(name, most)) for name in names), default=0)
    return 18 + round(widest * LETTER)


def rows_axis(count: int) -> Part:
    """Rows from the top down, without ticks: their names are labels."""
    return {
        "range": [max(count, FEWEST) - 0.5, -0.5],
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def across_axis(high: float, ticks: list[float]) -> Part:
    """Numbers from 0 across, with hairlines at the ticks."""
    return {
        "range": [0, high],
        "tickvals": ticks,
        "ticktext": [f"{tick:g}" for tick in ticks],
        "tickfont": theme.font(),
        "ticks": "",
        "gridcolor": theme.colour("rule"),
        "gridwidth": 1,
        "zeroline": False,
        "fixedrange": True,
    }


def bar(
    name: str, lengths: list[float], colours: list[str], *, offset: float, width: float, **more: Any
) -> Part:
    """Horizontal bars, one a row, from `offset` below the middle of the row and `width` thick."""
    return {
        "type": "bar",
        "name": name,
        "orientation": "h",
        "x": lengths,
        "y": list(range(len(lengths))),
        "offset": offset,
        "width": width,
        "marker": {"color": colours, "line": {"width": 0}, "opacity": 1},
        "hoverinfo": "skip",
        **more,
    }
