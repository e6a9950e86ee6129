"""What a source sent, as stacked bars: one an hour or a day, in plain geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# From the ground up, by the name of the class that draws them.
PARTS = ("accepted", "repeated", "other", "aside")
WIDTH, HEIGHT, GAP = 960.0, 160.0, 2.0
LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Amounts:
    """One bar: its parts from the ground up, whether any request was refused, and its words."""

    parts: tuple[int, int, int, int]
    has_refused: bool
    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle; `kind` is one of PARTS, or "refused" for the mark above a bar."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    pieces: tuple[Piece, ...]
    words: str


@dataclass(frozen=True, slots=True)
class VolumeBars:
    """`top` is the amount at the upper edge."""

    bars: tuple[Bar, ...]
    top: int
    width: float = WIDTH
    height: float = HEIGHT


def volume_bars(amounts: Sequence[Amounts]) -> VolumeBars:
    """Bars of equal width over the whole drawing, the tallest as high as it."""
    top = max((sum(one.parts) for one in amounts), default=0)
    step = WIDTH / max(len(amounts), 1)
    bars = [
        Bar(_pieces(one, place * step + GAP / 2, step - GAP, top), one.words)
        for place, one in enumerate(amounts)
    ]
    return VolumeBars(tuple(bars), top)


def _pieces(one: Amounts, x: float, width: float, top: int) -> tuple[Piece, ...]:
    ground, pieces = HEIGHT, []
    for kind, amount in zip(PARTS, one.parts, strict=True):
        if amount:
            # However little there is of something, it can be seen.
            height = max(amount / top * (HEIGHT - 2 * LEAST), LEAST)
            ground = max(ground - height, 0.0)
            pieces.append(Piece(x, ground, width, height, kind))
    if one.has_refused:
        pieces.append(Piece(x, max(ground - 2 * LEAST, 0.0), width, LEAST, "refused"))
    return tuple(pieces)
