"""A network diagram: a circle a step, an arrow a dependency, time from left to right.

Lines of one kind share one path and carry their arrowheads in another, so that a drawing needs
no ids. Critical steps and lines are red, thick and said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from rendering.diagram.gantt import GanttPath, GanttText
from rendering.diagram.layering import Layout, lay_out
from rendering.diagram.markup import Markup, circles_markup, paths_markup, texts_markup
from rendering.diagram.routes import pixel

State = Literal["todo", "done", "critical", "near"]

COLUMN, ROW, RADIUS = 127, 104, 21
_MARGIN, _TOP = 64, 34
_LETTERS, _LINES = 17, 2
_HEAD_LENGTH, _HEAD_HALF = 8.0, 3.6
_DESCRIBED = 40
_NODE_CSS = {"todo": "n-todo", "done": "n-done", "critical": "n-crit", "near": "n-near"}
_LAYERS = ("l-link", "l-drove", "l-crit", "a-link", "a-drove", "a-crit")


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """A circle with its number inside, name and words about its state below.

    `says` is all of it in one sentence, for who does not see the drawing; `ends` draws a ring.
    """

    key: str
    number: str
    name: str
    words: str
    says: str
    state: State = "todo"
    ends: bool = False
    chosen: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class NetworkEdge:
    """An arrow with words on it. Critical: of the path ahead; past: of the path behind."""

    before: str
    after: str
    words: str = ""
    critical: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A drawn node: the middle of its circle and the lines of text under it."""

    x: str
    y: str
    r: str
    css: str
    number: GanttText
    texts: tuple[GanttText, ...]
    ring: bool
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Network:
    """A finished drawing. `shown_width` and `shown_height` are the sizes at the zoom asked for."""

    name: str
    width: int
    height: int
    shown_width: int
    shown_height: int
    title: str
    description: str
    paths: tuple[GanttPath, ...]
    labels: tuple[GanttText, ...]
    circles: tuple[Circle, ...]

    @property
    def inner(self) -> Markup:
        """The whole drawing as markup, from the back to the front."""
        parts = (
            *paths_markup(self.paths),
            *texts_markup(self.labels, hidden=True),
            *circles_markup(self.circles),
        )
        return Markup("".join(parts))


def network(
    nodes: Sequence[NetworkNode],
    edges: Sequence[NetworkEdge],
    *,
    name: str = "network",
    title: str = "Network diagram",
    lead: str = "",
    zoom: float = 1.0,
) -> Network:
    """Lay out and draw. Edges of nodes that are not shown are left out; order never matters."""
    index = {node.key: at for at, node in enumerate(nodes)}
    shown = [edge for edge in edges if edge.before in index and edge.after in index]
    layout = lay_out(len(nodes), [(index[edge.before], index[edge.after]) for edge in shown])
    canvas = _Canvas(layout)
    for edge in shown:
        canvas.edge(edge, index[edge.before], index[edge.after])
    width = _MARGIN * 2 + COLUMN * max(layout.columns, default=0)
    height = round(_TOP * 2 + ROW * (max(layout.rows, default=0.0) + 0.75))
    return Network(
        name=name,
        width=width,
        height=height,
        shown_width=round(width * zoom),
        shown_height=round(height * zoom),
        title=title,
        description=" ".join(filter(None, (lead, *(node.says for node in nodes[:_DESCRIBED])))),
        paths=canvas.paths(),
        labels=tuple(canvas.labels),
        circles=tuple(canvas.circle(node, at) for at, node in enumerate(nodes)),
    )


class _Canvas:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.labels: list[GanttText] = []
        self._layers: dict[str, list[str]] = {css: [] for css in _LAYERS}

    def paths(self) -> tuple[GanttPath, ...]:
        return tuple(GanttPath(css, "".join(parts)) for css, parts in self._layers.items() if parts)

    def _middle(self, at: int) -> tuple[float, float]:
        return _place(self.layout.columns[at], self.layout.rows[at])

    def edge(self, edge: NetworkEdge, before: int, after: int) -> None:
        kind = "crit" if edge.critical else "drove" if edge.past else "link"
        bends = self.layout.bends.get((before, after), ())
        start, end = self._middle(before), self._middle(after)
        line = [start, _place(*bends[0]), _place(*bends[-1]), end] if bends else [start, end]
        line[0] = _towards(line[0], line[1], RADIUS)
        line[-1] = _towards(line[-1], line[-2], RADIUS + 2)
        tip, foot = line[-1], _towards(line[-1], line[-2], _HEAD_LENGTH)
        self._layers[f"l-{kind}"].append(
            f"M{_pair(line[0])}{''.join(map(_bend, bends))}L{_pair(foot)}"
        )
        self._layers[f"a-{kind}"].append(_arrowhead(tip, foot))
        if edge.words:
            self._label(edge, line[0], line[1])

    def _label(
        self, edge: NetworkEdge, start: tuple[float, float], end: tuple[float, float]
    ) -> None:
        x, y = start[0] * 0.5 + end[0] * 0.5, start[1] * 0.5 + end[1] * 0.5
        lift = 7 if abs(end[1] - start[1]) < 3 else -4
        css = "halo edge mid t-act b" if edge.critical else "halo edge mid ink"
        self.labels.append(GanttText(pixel(x), pixel(y - lift), css, edge.words))

    def circle(self, node: NetworkNode, at: int) -> Circle:
        x, y = self._middle(at)
        red = node.state == "critical"
        lines = _wrapped(node.name)
        texts = [
            GanttText(pixel(x), pixel(y + 37 + 14 * i), f"halo mid ink{' b' if red else ''}", words)
            for i, words in enumerate(lines)
        ]
        below = pixel(y + 37 + 14 * len(lines))
        texts.append(GanttText(pixel(x), below, f"halo mid{' t-act b' if red else ''}", node.words))
        inside = f"mid b {'t-act' if red else 'ink'}{' tiny' if len(node.number) > 5 else ''}"
        return Circle(
            x=pixel(x),
            y=pixel(y),
            r=str(RADIUS),
            css=f"{_NODE_CSS[node.state]}{' is-chosen' if node.chosen else ''}",
            number=GanttText(pixel(x), pixel(y + 4), inside, node.number),
            texts=tuple(texts),
            ring=node.ends,
            says=node.says,
            href=node.href,
        )


def _place(column: float, row: float) -> tuple[float, float]:
    return _MARGIN + COLUMN * column, _TOP + ROW * row


def _bend(place: tuple[int, float]) -> str:
    """There are ten times as many as nodes in a large network, so they stand on whole pixels."""
    return f"L{_MARGIN + COLUMN * place[0]} {_TOP + ROW * place[1]:.0f}"


def _towards(
    start: tuple[float, float], end: tuple[float, float], by: float
) -> tuple[float, float]:
    """The point this far from the start on the way to the end."""
    across, down = end[0] - start[0], end[1] - start[1]
    share = by / max(hypot(across, down), 1e-9)
    return start[0] + across * share, start[1] + down * share


def _pair(place: tuple[float, float]) -> str:
    return f"{pixel(place[0])} {pixel(place[1])}"


def _arrowhead(tip: tuple[float, float], foot: tuple[float, float]) -> str:
    across, down = tip[0] - foot[0], tip[1] - foot[1]
    length = max(hypot(across, down), 1e-9)
    aside = (-down / length * _HEAD_HALF, across / length * _HEAD_HALF)
    left = (foot[0] + aside[0], foot[1] + aside[1])
    right = (foot[0] - aside[0], foot[1] - aside[1])
    return f"M{_pair(tip)}L{_pair(left)}L{_pair(right)}Z"


def _wrapped(name: str) -> list[str]:
    """A name on at most two lines; what does not fit ends in an ellipsis."""
    lines: list[str] = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LETTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"{lines[_LINES - 1]} {lines[_LINES]}"]
    return [line if len(line) <= _LETTERS + 1 else f"{line[:_LETTERS].rstrip()}…" for line in lines]
