"""A drawing as a file of its own: SVG that needs no style sheet, light, on white.

Every shape carries its own colours, so that any program that reads SVG shows what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rendering.diagram.gantt import HEAD, ROW, Gantt, GanttPath, GanttText
from rendering.diagram.network import Circle, Network
from rendering.theme import TOKENS

MARGIN = 24
HEADING = 44
FONT = "Inter, 'Inter Variable', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif"
# Soft grounds stand in no figure, hence not among the figures' colours.
_SOFT = {"act-soft": "#fbe7e4", "watch-soft": "#f9eed6"}
_LETTER = 6.6
_NUMBER, _INDENT, _LONGEST = 52, 12, 60

# Class -> (fill, stroke, width, dashes).
_SHAPES: dict[str, tuple[str, str, float, str]] = {
    "grid": ("", "rule", 1, ""),
    "l-dep": ("", "faint", 1, ""),
    "l-crit": ("", "act", 2.5, ""),
    "l-link": ("", "edge", 1, ""),
    "l-drove": ("", "ink-2", 2.5, ""),
    "l-float": ("", "ink-2", 1.25, "2 3"),
    "l-mark": ("", "ink-2", 1, ""),
    "l-target": ("", "accent", 2, ""),
    "f-plan": ("accent", "", 0, ""),
    "f-ink": ("ink", "", 0, ""),
    "f-done": ("ink-2", "", 0, ""),
    "b-todo": ("sheet", "ink-2", 1.5, ""),
    "b-crit": ("act", "", 0, ""),
    "b-crit-todo": ("act-soft", "act", 2.5, ""),
    "d-open": ("sheet", "accent", 1.75, ""),
    "a-link": ("edge", "", 0, ""),
    "a-drove": ("ink-2", "", 0, ""),
    "a-crit": ("act", "", 0, ""),
    "n-done": ("sunk", "ink-2", 1.5, ""),
    "n-todo": ("sheet", "ink-2", 1.5, ""),
    "n-crit": ("act-soft", "act", 3, ""),
    "n-near": ("watch-soft", "watch", 2, ""),
    "n-ring": ("", "act", 1.5, ""),
}
_THINNER = {"thinner": 1.5, "thin": 1.25}
_FAINT = {"f-plan": 0.55}
_WORDS = {"ink": "ink", "t-accent": "accent", "t-act": "act", "t-good": "good", "t-watch": "watch"}
_ANCHORS = {"end": "end", "mid": "middle"}


@dataclass(frozen=True, slots=True)
class RowName:
    """What stands beside a row: its outline number, its name and how deep it lies, from 1."""

    number: str
    name: str
    level: int = 1
    is_summary: bool = False


def gantt_svg(drawing: Gantt, names: Sequence[RowName], *, heading: str, note: str) -> str:
    """The time line with the rows' names beside it; `note` says what it is of and when."""
    texts = [text for text in drawing.texts if "g-name" not in text.css.split()]
    column = max((_name_width(name) for name in names), default=0)
    # Words behind the last bar go on right of the time line.
    right = max((float(text.x) + _reach(text) for text in texts if not _is_end(text)), default=0.0)
    left = -MARGIN - column
    inner = [f'<path d="{_rules(drawing, left)}" {_look("grid")}/>']
    inner += [_name(name, HEAD + ROW * at, left) for at, name in enumerate(names)]
    inner += [*map(_path, drawing.paths), *_texts(texts)]
    return _document(
        inner,
        width=MARGIN - left + max(drawing.width, round(right)) + MARGIN,
        drawn=drawing.height,
        shift=MARGIN - left,
        heading=heading,
        note=note,
        says=drawing.description,
    )


def _name_width(name: RowName) -> int:
    return round(_NUMBER + _INDENT * (name.level - 1) + len(_short(name.name)) * _LETTER)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _name(name: RowName, top: int, left: int) -> str:
    weight = ' font-weight="600"' if name.is_summary else ""
    across = left + _NUMBER + _INDENT * (name.level - 1)
    return (
        f'<text x="{left}" y="{top + 23}" fill="{TOKENS["ink-2"]}">{_said(name.number)}</text>'
        f'<text x="{across}" y="{top + 23}" fill="{TOKENS["ink"]}"{weight}>'
        f"{_said(_short(name.name))}</text>"
    )


def _rules(drawing: Gantt, left: int) -> str:
    """The lines between the rows, on below their names."""
    return "".join(f"M{left} {y - 0.5}H0" for y in range(HEAD, drawing.height + 1, ROW))


def network_svg(drawing: Network, *, heading: str, note: str) -> str:
    """The network at its own size; `note` says what it is of and when."""
    inner = [*map(_path, drawing.paths), *_texts(drawing.labels)]
    for circle in drawing.circles:
        inner += _circle(circle)
    return _document(
        inner,
        width=drawing.width + 2 * MARGIN,
        drawn=drawing.height,
        shift=MARGIN,
        heading=heading,
        note=note,
        says=drawing.description,
    )


def _document(
    inner: Iterable[str],
    *,
    width: int,
    drawn: int,
    shift: int,
    heading: str,
    note: str,
    says: str,
) -> str:
    width = max(width, round(len(heading) * _LETTER * 1.4) + 2 * MARGIN)
    height = drawn + HEADING + 2 * MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" font-family="{escape(FONT)}" '
            f'font-size="12">',
            f"<title>{_said(heading)}</title>",
            f"<desc>{_said(says)}</desc>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            f'<text x="{MARGIN}" y="{MARGIN + 10}" font-size="16" font-weight="600" '
            f'fill="{TOKENS["ink"]}">{_said(heading)}</text>',
            f'<text x="{MARGIN}" y="{MARGIN + 29}" fill="{TOKENS["ink-2"]}">{_said(note)}</text>',
            f'<g transform="translate({shift} {MARGIN + HEADING})">',
            *inner,
            "</g>",
            "</svg>\n",
        ]
    )


def _path(path: GanttPath) -> str:
    return f'<path d="{path.d}" {_look(path.css)}/>'


def _look(css: str) -> str:
    """Attributes of a shape, by the classes that the page's style sheet knows it by."""
    names = css.split()
    fill, stroke, width, dashes = next(_SHAPES[name] for name in names if name in _SHAPES)
    width = next((_THINNER[name] for name in names if name in _THINNER), width)
    parts = [f'fill="{_colour(fill)}"']
    if stroke:
        parts.append(f'stroke="{_colour(stroke)}" stroke-width="{width:g}"')
    if dashes:
        parts.append(f'stroke-dasharray="{dashes}"')
    parts += [f'opacity="{_FAINT[name]}"' for name in names if name in _FAINT]
    return " ".join(parts)


def _colour(role: str) -> str:
    return {**TOKENS, **_SOFT}[role] if role else "none"


def _circle(circle: Circle) -> Iterator[str]:
    place = f'cx="{circle.x}" cy="{circle.y}"'
    yield f'<circle {place} r="{circle.r}" {_look(circle.css)}/>'
    if circle.ring:
        yield f'<circle {place} r="16" {_look("n-ring")}/>'
    yield from _texts([circle.number, *circle.texts])


def _texts(texts: Iterable[GanttText]) -> Iterator[str]:
    for text in texts:
        names = text.css.split()
        look = [f'x="{text.x}" y="{text.y}"']
        look += [f'text-anchor="{_ANCHORS[name]}"' for name in names if name in _ANCHORS]
        if "b" in names or "big" in names:
            look.append('font-weight="600"')
        if "big" in names:
            look.append('font-size="14"')
        place, said = " ".join(look), _said(text.words)
        if "halo" in names:
            # A white text behind it: not every program draws the outline below the letters.
            yield (
                f'<text {place} fill="#ffffff" stroke="#ffffff" '
                f'stroke-width="{8 if "edge" in names else 4}" '
                f'stroke-linejoin="round" aria-hidden="true">{said}</text>'
            )
        role = next((_WORDS[name] for name in names if name in _WORDS), "ink-2")
        role = "ink" if "big" in names and role == "ink-2" else role
        yield f'<text {place} fill="{TOKENS[role]}">{said}</text>'


def _said(words: str) -> str:
    return escape("".join(letter for letter in words if letter.isprintable()))


def _is_end(text: GanttText) -> bool:
    return "end" in text.css.split()


def _reach(text: GanttText) -> float:
    """About how wide a text is, from the point that anchors it."""
    if "mid" in text.css.split():
        return len(text.words) * _LETTER / 2
    return len(text.words) * _LETTER
