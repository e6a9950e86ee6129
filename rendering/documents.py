"""Words and tables as a PDF. Beside the drawings the one place that knows which library makes it.

The letters are those of the pages. What they lack is left out.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).parent / "diagram" / "fonts"
_REGULAR, _BOLD = "Inter", "Inter-SemiBold"
_INK, _QUIET, _RULE = "#1c2430", "#5b6472", "#d5dae1"
# Points.
_MARGIN, _TEXT, _SMALL, _HEADING, _TITLE = 54, 10, 8.5, 12, 18
# What a frame keeps free inside of its edge.
_PADDING = 6


class NoDocument(RuntimeError):
    """Nothing here can make a PDF."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; its lines stay lines. `under` stands below it, smaller."""

    text: str
    under: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head; the head is repeated where it goes on to the next page."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Heading | Words | Grid


def can_write() -> bool:
    return find_spec("reportlab") is not None


def write_document(
    *, title: str, subtitle: str, parts: Iterable[Part], page_words: str, foot: str
) -> bytes:
    """A document on A4. `page_words` is what stands beside the number of a page: "Page %(n)s".

    The same words make the same bytes. Raises NoDocument.
    """
    if not can_write():
        raise NoDocument
    _register()
    platypus: Any = import_module("reportlab.platypus")
    styles = _styles()
    story = [
        platypus.Paragraph(_said(title), styles["title"]),
        platypus.Paragraph(_said(subtitle), styles["small"]),
    ]
    for part in parts:
        story += _flowables(part, styles, platypus)
    whole, furnish = io.BytesIO(), _furnishing(foot, page_words)
    _page(whole, title, platypus).build(story, onFirstPage=furnish, onLaterPages=furnish)
    return whole.getvalue()


def _page(whole: io.BytesIO, title: str, platypus: Any) -> Any:
    return platypus.SimpleDocTemplate(
        whole,
        pagesize=import_module("reportlab.lib.pagesizes").A4,
        title=title,
        author="AdoptIQ",
        invariant=1,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        leftMargin=_MARGIN - _PADDING,
        rightMargin=_MARGIN - _PADDING,
    )


def _furnishing(foot: str, page_words: str) -> Callable[[Any, Any], None]:
    """What stands at the foot of every page."""

    def furnish(canvas: Any, page: Any) -> None:
        canvas.setFont(_REGULAR, _SMALL)
        canvas.setFillColor(_QUIET)
        canvas.drawString(_MARGIN, _MARGIN / 2, foot)
        number = page_words % {"n": page.page}
        canvas.drawRightString(page.pagesize[0] - _MARGIN, _MARGIN / 2, number)

    return furnish


@cache
def _register() -> None:
    metrics: Any = import_module("reportlab.pdfbase.pdfmetrics")
    fonts: Any = import_module("reportlab.pdfbase.ttfonts")
    for name, file in ((_REGULAR, "Inter-Regular.ttf"), (_BOLD, "Inter-SemiBold.ttf")):
        metrics.registerFont(fonts.TTFont(name, str(_FONTS / file)))


@cache
def _styles() -> dict[str, Any]:
    style: Any = import_module("reportlab.lib.styles").ParagraphStyle
    text = style("text", fontName=_REGULAR, fontSize=_TEXT, leading=14, textColor=_INK)
    return {
        "text": text,
        "strong": style("strong", text, fontName=_BOLD, spaceBefore=6, keepWithNext=1),
        "small": style("small", text, fontSize=_SMALL, leading=12, textColor=_QUIET, spaceAfter=4),
        "heading": style(
            "heading",
            text,
            fontName=_BOLD,
            fontSize=_HEADING,
            spaceBefore=14,
            spaceAfter=6,
            keepWithNext=1,
        ),
        "title": style("title", text, fontName=_BOLD, fontSize=_TITLE, leading=23, spaceAfter=4),
        "cell": style("cell", text, fontSize=9, leading=12),
        "head": style("head", text, fontSize=_SMALL, leading=11, textColor=_QUIET),
    }


def _said(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _flowables(part: Part, styles: dict[str, Any], platypus: Any) -> list[Any]:
    if isinstance(part, Heading):
        return [platypus.Paragraph(_said(part.text), styles["heading"])]
    if isinstance(part, Grid):
        return [_table(part, styles, platypus), platypus.Spacer(1, 6)]
    kind = "strong" if part.strong else "text"
    found = [platypus.Paragraph(_said(part.text), styles[kind])]
    if part.under:
        found.append(platypus.Paragraph(_said(part.under), styles["small"]))
    return [platypus.KeepTogether(found)] if part.under else found


def _table(part: Grid, styles: dict[str, Any], platypus: Any) -> Any:
    head = [platypus.Paragraph(_said(cell), styles["head"]) for cell in part.head]
    rows = [[platypus.Paragraph(_said(cell), styles["cell"]) for cell in row] for row in part.rows]
    table = platypus.Table([head, *rows], repeatRows=1, hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ]
    )
    return table
