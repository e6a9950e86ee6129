"""Where the resources went: a ring of at most six parts, each named at its part."""

from collections.abc import Sequence

from metrics.charts.rows import short
from metrics.narrative.resources import Slice, largest
from metrics.narrative.words import Say, say_share
from rendering import figures, theme
from rendering.figures import Figure, Part

# Shades of ink for whatever is not in focus, the largest part first.
SHADES = (0.62, 0.48, 0.36, 0.26, 0.17, 0.1)
HOLE = 0.61
MOST_NAME = 16
INVISIBLE = "\N{ZERO WIDTH SPACE}"
MARGIN = {"l": 24, "r": 24, "t": 44, "b": 44}
NARROW = {"l": 8, "r": 8, "t": 36, "b": 36}


def resources_pie(
    slices: Sequence[Slice],
    *,
    focus: str = "",
    total: str = "",
    unit: str = "",
    say: Say = str,
) -> Figure:
    """Parts of a whole in shades of ink, the one in focus in accent; `total` stands in the middle."""
    shown = largest(slices, focus=focus)
    return figures.figure(
        [_ring(shown, focus, say)],
        labels=_middle(total, unit),
        narrow={"margin": NARROW},
        margin=MARGIN,
    )


def _ring(shown: Sequence[Slice], focus: str, say: Say) -> Part:
    names = [say(one.name) for one in shown]
    shares = [say_share(one.share) for one in shown]
    full = [f"{name}: {share}" for name, share in zip(names, shares, strict=True)]
    chosen = [one.key == focus for one in shown]
    return {
        "type": "pie",
        "name": "resources",
        "labels": _apart([figures.plain(short(name, MOST_NAME)) for name in names]),
        "values": [one.amount for one in shown],
        "text": shares,
        "textinfo": "label+text",
        "textposition": "outside",
        "outsidetextfont": {
            **theme.font(),
            "color": [theme.colour("accent" if one else "ink-2") for one in chosen],
            "weight": [600 if one else 400 for one in chosen],
        },
        "sort": False,
        "direction": "clockwise",
        "rotation": 0,
        "hole": HOLE,
        "marker": {
            "colors": _colours(chosen),
            "line": {"color": theme.colour("sheet"), "width": 2},
        },
        "hovertext": [figures.plain(text) for text in full],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "automargin": True,
    }


def _apart(names: Sequence[str]) -> list[str]:
    """Names that differ at least in what nobody sees: parts of one name would be drawn as one."""
    return [name + INVISIBLE * names[:at].count(name) for at, name in enumerate(names)]


def _colours(chosen: Sequence[bool]) -> list[str]:
    shades = iter(SHADES)
    return [theme.colour("accent") if one else theme.colour("ink", next(shades)) for one in chosen]


def _middle(total: str, unit: str) -> list[Part]:
    middle: Part = {
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "yanchor": "middle",
        "showarrow": False,
    }
    lines = [(total, theme.LARGE, 600, "ink", 9), (unit, theme.SMALL, 400, "ink-2", -9)]
    return [
        {
            **middle,
            "text": figures.plain(text),
            "font": theme.font(role, size=size, weight=weight),
            "yshift": shift if total and unit else 0,
        }
        for text, size, weight, role, shift in lines
        if text
    ]
