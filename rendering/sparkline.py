"""PURE small drawings in a line of text: sparklines, meters and small multiples as SVG values.

Paths and coordinates of multiples leave as texts, so that no locale puts a comma into a drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# A line that moves by less than this share of its highest value is drawn as nearly level.
LEAST_RANGE = 0.30


@dataclass(frozen=True, slots=True)
class Box:
    """The area a line is drawn in, in SVG units; `top` is where the highest value lies."""

    left: float
    right: float
    top: float
    bottom: float

    def across(self, position: int, count: int) -> float:
        """Where the point of that position stands among `count` evenly spaced ones."""
        return self.left + (self.right - self.left) * position / max(1, count - 1)


SPARK_WIDTH = 128.0
SPARK = Box(3, 121, 6, 31)
MULTIPLE = Box(4, 252, 8, 87.6)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of 128 by 36 with its last known point. Without any point the path is empty.

    `gap_width` is how far from the left nothing was known yet; `late_x` and `late_width` are the
    stretch after the last known point. Both are 0 where nothing is missing.
    """

    path: str
    end_x: float
    end_y: float
    mark_x: float | None
    gap_width: float
    late_x: float
    late_width: float


@dataclass(frozen=True, slots=True)
class Multiple:
    """A line of 340 by 112 between its levels; `*_label_y` keeps two labels apart."""

    path: str
    dot_x: str
    dot_y: str
    baseline_y: str | None
    baseline_label_y: str | None
    target_y: str | None
    target_label_y: str | None


@dataclass(frozen=True, slots=True)
class Meter:
    """A track: how far it is filled, and where its milestones cut it. `share` is within 0 to 1."""

    width: str
    fill: str
    gaps: tuple[str, ...]
    target_x: str
    share: float


def sparkline(points: Sequence[float | None], mark: int | None = None) -> Sparkline:
    """The line of evenly spaced points, oldest first; None is a point that is not known.

    `mark` is the position of an event, such as go-live.
    """
    count = len(points)
    known = [(at, value) for at, value in enumerate(points) if value is not None]
    mark_x = None if mark is None else SPARK.across(mark, count)
    if not known:
        return Sparkline("", 0, 0, mark_x, SPARK_WIDTH if points else 0, 0, 0)
    low, high = value_range([value for _at, value in known])
    (first_at, _first), (last_at, last) = known[0], known[-1]
    end_x = SPARK.across(last_at, count)
    is_late = last_at < count - 1
    return Sparkline(
        path=path_of(points, SPARK, low, high),
        end_x=end_x,
        end_y=_height(last, SPARK, low, high),
        mark_x=mark_x,
        gap_width=SPARK.across(first_at, count) - 2 if first_at else 0,
        late_x=end_x + 3 if is_late else 0,
        late_width=SPARK.right - end_x if is_late else 0,
    )


def multiple(
    points: Sequence[float | None], *, baseline: float | None = None, target: float | None = None
) -> Multiple | None:
    """One small multiple: the line between baseline and target, all on one scale.

    Returns None when no point is known.
    """
    known = [(at, value) for at, value in enumerate(points) if value is not None]
    if not known:
        return None
    levels = [level for level in (baseline, target) if level is not None]
    low, high = value_range([value for _at, value in known] + levels)
    heights = [
        None if level is None else _height(level, MULTIPLE, low, high)
        for level in (baseline, target)
    ]
    last_at, last = known[-1]
    return Multiple(
        path=path_of(points, MULTIPLE, low, high),
        dot_x=text(MULTIPLE.across(last_at, len(points))),
        dot_y=text(_height(last, MULTIPLE, low, high)),
        baseline_y=_text_or_none(heights[0]),
        target_y=_text_or_none(heights[1]),
        baseline_label_y=_text_or_none(_label_height(heights[0], heights[1])),
        target_label_y=_text_or_none(_label_height(heights[1], None)),
    )


def meter(share: float, *, gaps: Sequence[float] = (), width: float = 192) -> Meter:
    """A track filled to a share of one; beyond either end it stays full or empty."""
    held = min(1.0, max(0.0, share))
    return Meter(
        width=text(width),
        fill=text(width * held),
        gaps=tuple(text(width * gap) for gap in gaps if 0 < gap < 1),
        target_x=text(width - 1),
        share=held,
    )


def elapsed(start: int, end: int, now: int) -> int:
    """How much of a stretch is over, in steps of 5 from 5 to 95: the classes that fill a line."""
    share = (now - start) / (end - start) if end > start else 1.0
    return min(95, max(5, round(share * 20) * 5))


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest value to draw, widened evenly to 30 % of the highest."""
    low, high = min(values), max(values)
    least = LEAST_RANGE * max(abs(low), abs(high))
    if high - low >= least:
        return low, high
    middle = (low + high) / 2
    return middle - least / 2, middle + least / 2


def path_of(points: Sequence[float | None], box: Box, low: float, high: float) -> str:
    """The `d` of a path through the points, broken where one is not known."""
    parts: list[str] = []
    pen_is_down = False
    for at, value in enumerate(points):
        if value is not None:
            x, y = box.across(at, len(points)), _height(value, box, low, high)
            parts.append(f"{'L' if pen_is_down else 'M'}{text(x)} {text(y)}")
        pen_is_down = value is not None
    return " ".join(parts)


def text(number: float) -> str:
    """A coordinate with at most one decimal, and no minus before a zero."""
    return f"{round(number, 1) + 0:.1f}".removesuffix(".0")


def _height(value: float, box: Box, low: float, high: float) -> float:
    if high == low:
        return box.bottom
    return box.bottom - (box.bottom - box.top) * (value - low) / (high - low)


def _label_height(own: float | None, other: float | None) -> float | None:
    """A label's foot beside its line; it gives way to the other line's label within 14 units."""
    if own is None:
        return None
    gap = 14.0
    if other is None or abs(own - other) >= gap:
        return own + 4
    return other + 4 + (gap if own >= other else -gap)


def _text_or_none(height: float | None) -> str | None:
    return None if height is None else text(height)
