"""Shares in rows and columns, darker the larger: drawn as bars end to end, so that hover, colours
and print behave as in every other figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rendering import figures, theme
from rendering.figures import Figure, Part
from usage.charts.frame import label

# Ink on the darkest cell still has a contrast of 4.5 in both themes.
FAINTEST, DARKEST = 0.04, 0.36
# Fewer rows leave room below rather than grow into blocks.
FEWEST_ROWS = 6
# Degrees by which names of columns rise where the page is narrow.
TURNED = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One share: `text` stands in it, `hover` says it in full. An open one is hatched: it is still
    running. `value` is 0 to 1, None for a cell that is only outlined; `narrow` stands in for the
    text where the page is narrow."""

    value: float | None
    text: str
    hover: str
    is_open: bool = False
    narrow: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Names and cells by row; None leaves a place empty. `least` columns fit a narrow page."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Cell | None]]
    left: int
    narrow_left: int
    unit: str = ""
    narrow_unit: str = ""
    top: int = 36
    narrow_top: int = 36
    narrow_right: int = 8
    least: int = 99
    is_turned: bool = False


def grid(drawn: Grid) -> Figure:
    """One trace a column, cells from the top down."""
    names = list(drawn.columns)
    few = min(len(names), drawn.least)
    angle = -TURNED if drawn.is_turned else 0
    return figures.figure(
        [_column(drawn, at) for at in range(len(names))],
        labels=[*_unit(drawn.unit, drawn.left), *_texts(drawn, len(names))],
        narrow={
            "margin": {
                "l": drawn.narrow_left,
                "r": drawn.narrow_right,
                "t": drawn.narrow_top,
                "b": 8,
            },
            "annotations": [
                *_unit(drawn.narrow_unit or drawn.unit, drawn.narrow_left),
                *_texts(drawn, few, narrow=True),
            ],
            "xaxis": {**_across(names), "range": [0, few], "tickangle": angle},
        },
        margin={"l": drawn.left, "r": 8, "t": drawn.top, "b": 8},
        barmode="stack",
        bargap=0,
        xaxis=_across(names),
        yaxis=_down(drawn.rows),
    )


def _unit(unit: str, left: int) -> list[Part]:
    """What stands in the cells, above the names of the columns."""
    return [{**figures.unit_label(unit, left=left), "yshift": 20}] if unit else []


def _column(drawn: Grid, at: int) -> Part:
    cells = [row[at] if at < len(row) else None for row in drawn.cells]
    outlined = [cell is not None and cell.value is None for cell in cells]
    edges = [theme.colour("rule" if only else "sheet") for only in outlined]
    widths = [1 if only else 2 for only in outlined]
    marker = {
        "color": [_shade(cell) for cell in cells],
        "line": {"color": edges, "width": widths},
        "pattern": {
            "shape": ["/" if cell is not None and cell.is_open else "" for cell in cells],
            "size": 6,
            "solidity": 0.16,
            "fgcolor": theme.colour("ink-2", 0.55),
        },
    }
    return {
        "type": "bar",
        "name": drawn.columns[at],
        "orientation": "h",
        "x": [1] * len(cells),
        "y": list(range(len(cells))),
        "width": 1,
        "marker": marker,
        "hovertext": ["" if cell is None else cell.hover for cell in cells],
        "hovertemplate": ["" if cell is None else "%{hovertext}<extra></extra>" for cell in cells],
        "hoverinfo": ["skip" if cell is None else "text" for cell in cells],
    }


def _shade(cell: Cell | None) -> str:
    if cell is None:
        return theme.colour("ink", 0)
    if cell.value is None:
        return theme.colour("ink", FAINTEST / 2)
    clamped = min(max(cell.value, 0.0), 1.0)
    return theme.colour("ink", round(FAINTEST + (DARKEST - FAINTEST) * clamped, 3))


def _texts(drawn: Grid, columns: int, *, narrow: bool = False) -> list[Part]:
    """The figures in the cells; those of open ones are grey."""
    return [
        {
            **label(
                cell.narrow if narrow and cell.narrow else cell.text,
                x=at + 0.5,
                y=row,
                role="ink-2" if cell.is_open else "ink",
            ),
            "xanchor": "center",
            "bgcolor": theme.colour("sheet", 0),
        }
        for row, cells in enumerate(drawn.cells)
        for at, cell in enumerate(cells[:columns])
        if cell is not None and cell.text
    ]


def _across(names: Sequence[str]) -> Part:
    return {
        "range": [0, len(names)],
        "side": "top",
        "tickvals": [at + 0.5 for at in range(len(names))],
        "ticktext": [figures.plain(name) for name in names],
        "tickangle": 0,
        "tickfont": theme.font(),
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _down(names: Sequence[str]) -> Part:
    return {
        "range": [max(len(names), FEWEST_ROWS) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": [figures.plain(name) for name in names],
        "tickfont": theme.font("ink"),
        "ticks": "",
        "ticklabelstandoff": 8,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
