"""The colours, type and manners of every figure, as the style sheet defines them.

A figure carries the light colours, so that it is complete on paper and valid anywhere. It also
carries the table ROLES in `layout.meta`: the drawing module in the browser looks each colour up
there and replaces it by the present value of that token, so one figure serves light and dark.
"""

from types import MappingProxyType
from typing import Any

TOKENS = MappingProxyType(
    {
        "paper": "#f7f6f3",
        "sheet": "#ffffff",
        "sunk": "#f1efeb",
        "rule": "#e5e2dc",
        "edge": "#85827b",
        "ink": "#1b1d21",
        "ink-2": "#5a5e65",
        "faint": "#c9c6bf",
        "accent": "#2b4acb",
        "good": "#17693f",
        "watch": "#7d4f00",
        "act": "#ad2318",
    }
)
ROLES = MappingProxyType({value: name for name, value in TOKENS.items()})

FONT = '"Inter Variable", system-ui, sans-serif'
SMALL = 12
LARGE = 14
# The least width and the height of the two forms of a large figure; words are placed for these,
# and only gain room where the page is wider.
WIDE = (680, 420)
NARROW = (300, 330)


def colour(role: str, opacity: float = 1.0) -> str:
    """The light colour of a token, see-through where an opacity below 1 is given.

    Raises KeyError for a role that is not a token.
    """
    value = TOKENS[role]
    if opacity == 1.0:
        return value
    red, green, blue = (int(value[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def font(role: str = "ink-2", *, size: int = SMALL, weight: int = 400) -> dict[str, Any]:
    """Type of a label."""
    return {"family": FONT, "size": size, "weight": weight, "color": colour(role)}


def layout(**parts: Any) -> dict[str, Any]:
    """The ground of a figure: no legend, no zoom, transparent, exact values on hover."""
    return {
        "template": None,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 30,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font(),
        "hoverlabel": hover_label(),
        "meta": {"roles": dict(ROLES)},
        **parts,
    }


def hover_label() -> dict[str, Any]:
    """The small box that gives the exact value."""
    return {
        "bgcolor": colour("ink"),
        "bordercolor": colour("ink"),
        "align": "left",
        "font": font("paper"),
    }
