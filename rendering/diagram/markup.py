"""SVG written in one go: a network of two thousand steps has fifty thousand values, and a template
takes a third of a second to put them in place one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from rendering.diagram.gantt import GanttPath, GanttText

if TYPE_CHECKING:
    from rendering.diagram.network import Circle


class Markup(str):
    """Markup whose every text has been escaped, as a template recognises it."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def paths_markup(paths: Iterable[GanttPath]) -> Iterator[str]:
    for path in paths:
        yield f'<path class="{path.css}" d="{path.d}" />'


def texts_markup(texts: Iterable[GanttText], *, hidden: bool = False) -> Iterator[str]:
    aside = ' aria-hidden="true"' if hidden else ""
    for text in texts:
        yield (
            f'<text x="{text.x}" y="{text.y}" class="{text.css}"{aside}>{escape(text.words)}</text>'
        )


def circles_markup(circles: Iterable[Circle]) -> Iterator[str]:
    """Each a link that says its step in one sentence."""
    for one in circles:
        place = f'cx="{one.x}" cy="{one.y}"'
        yield f'<a class="node" href="{escape(one.href)}" aria-label="{escape(one.says)}">'
        yield f'<circle {place} r="{one.r}" class="{one.css}" />'
        if one.ring:
            yield f'<circle {place} r="16" class="n-ring" />'
        yield from texts_markup((one.number, *one.texts))
        yield "</a>"
