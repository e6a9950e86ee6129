"""Where words of a figure find room.

Placement rule: words stand beside their own thing, on the first place offered where they cover
neither readings nor words placed before; where none is free, on the one that covers least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from metrics.charts.frame import Frame, View
from metrics.definitions import Measure, Reading
from metrics.narrative.words import Say
from rendering import figures, theme
from rendering.figures import Part

LETTER = 7.0
LINE = 15
BESIDE = 10
MOST_OBSTACLES = 60
OUTSIDE = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the plot."""

    left: float
    low: float
    right: float
    high: float

    def covers(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """Words at a day and amount, some pixels aside (left where negative) and up."""

    text: str
    day: date
    amount: float
    aside: int = BESIDE
    up: int = 0
    size: int = theme.SMALL

    def label(self, *, role: str = "ink-2", weight: int = 400) -> Part:
        words = figures.plain(self.text)
        place: Part = {
            "xanchor": "left" if self.aside > 0 else "right",
            "xshift": self.aside,
            "yshift": self.up,
        }
        part = figures.label(
            words, day=self.day, amount=self.amount, role=role, weight=weight, size=self.size
        )
        return {**part, **place}


def around(spot: Spot, steps: Sequence[tuple[int, int]]) -> list[Spot]:
    """The same words on several sides: steps to the right or left, and up or down."""
    rise = BESIDE + spot.size // 4
    return [replace(spot, aside=BESIDE * right, up=rise * above) for right, above in steps]


@dataclass(slots=True)
class Sheet:
    """What is already drawn in one view of a figure."""

    frame: Frame
    view: View
    taken: list[Box] = field(default_factory=list)
    say: Say = str

    def settle(self, spots: Sequence[Spot]) -> Spot:
        """The first free spot, or the one that covers least; its room is then taken."""
        found = self.settle_free(spots)
        if found:
            return found[0]
        spot = min(spots, key=lambda spot: self.cost(self.room(spot)))
        self.taken.append(self.room(spot))
        return spot

    def settle_free(self, spots: Sequence[Spot]) -> list[Spot]:
        """The first free spot alone, its room then taken; nothing when none is free."""
        free = next((spot for spot in spots if not self.cost(self.room(spot))), None)
        if free is None:
            return []
        self.taken.append(self.room(free))
        return [free]

    def room(self, spot: Spot) -> Box:
        """The room the words need, a little generous."""
        width = len(spot.text) * LETTER * spot.size / theme.SMALL
        edge = self.frame.x(spot.day, self.view) + spot.aside
        left, right = (edge, edge + width) if spot.aside > 0 else (edge - width, edge)
        middle = self.frame.y(spot.amount, self.view) + spot.up
        return Box(left, middle - spot.size / 2, right, middle + spot.size / 2)

    def cost(self, box: Box) -> int:
        inside = box.left >= 0 and box.right <= self.view.across + BESIDE
        outside = not (inside and box.low >= 0 and box.high <= self.view.up + LINE)
        return OUTSIDE * outside + sum([box.covers(other) for other in self.taken])


def sheet_for(measure: Measure, frame: Frame, view: View, say: Say) -> Sheet:
    """A sheet with the readings, the agreed levels and the diamonds already drawn."""
    stride = max(1, len(measure.readings) // MOST_OBSTACLES)
    sampled = measure.readings[::-stride]
    line = [_between(frame, view, left, right) for right, left in pairwise(sampled)]
    ends = [end.amount for end in (measure.baseline, measure.target) if end is not None]
    levels = [Box(0, y - 1, view.across, y + 1) for y in (frame.y(end, view) for end in ends)]
    diamonds = [
        _around(frame.x(goal.day, view), frame.y(goal.amount, view)) for goal in measure.milestones
    ]
    return Sheet(frame, view, [*line, *levels, *diamonds], say)


def _between(frame: Frame, view: View, left: Reading, right: Reading) -> Box:
    low, high = sorted((frame.y(left.amount, view), frame.y(right.amount, view)))
    return Box(frame.x(left.day, view), low - 2, frame.x(right.day, view), high + 2)


def _around(x: float, y: float, reach: float = 7) -> Box:
    return Box(x - reach, y - reach, x + reach, y + reach)
