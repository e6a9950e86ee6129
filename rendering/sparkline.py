"""PURE small lines beside words, as SVG values.

A path leaves as text, so that no locale puts a comma into a drawing.
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


SPARK = Box(3, 121, 6, 31)
TREND = Box(4, 326, 16, 84)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line with its last known point, in a box. Without any point the path is empty.

    `late_x` and `late_width` are the stretch after the last known point, 0 where none is missing.
    """

    path: str
    end_x: float
    end_y: float
    mark_x: float | None
    late_x: float
    late_width: float
    highest: float


def sparkline(
    points: Sequence[float | None], mark: int | None = None, *, box: Box = SPARK
) -> Sparkline:
    """The line of evenly spaced points, oldest first; None is a point that is not known.

    `mark` is the position of an event, such as go-live.
    """
    count = len(points)
    known = [(at, value) for at, value in enumerate(points) if value is not None]
    mark_x = None if mark is None else box.across(mark, count)
    if not known:
        return Sparkline("", 0, 0, mark_x, 0, 0, 0)
    low, high = value_range([value for _at, value in known])
    last_at, last = known[-1]
    end_x = box.across(last_at, count)
    is_late = last_at < count - 1
    return Sparkline(
        path=path_of(points, box, low, high),
        end_x=end_x,
        end_y=_height(last, box, low, high),
        mark_x=mark_x,
        late_x=end_x + 3 if is_late else 0,
        late_width=box.right - end_x if is_late else 0,
        highest=max(value for _at, value in known),
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
