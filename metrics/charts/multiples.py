"""Small multiples of an overview: each measure in the same small frame, drawn as SVG.

Coordinates leave as text, so that no locale puts a comma into a drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.narrative.story import Report
from metrics.narrative.tables import one_a_week
from metrics.narrative.words import say_amount, say_day_short
from rendering.sentences import sentence
from rendering.sparkline import text, value_range

WIDTH, HEIGHT = 340, 112
LEFT, RIGHT, TOP, BOTTOM = 4.0, 252.0, 12.0, 90.0
FLOOR, PLOT_END, WORDS_AT = 94.0, 260.0, 266.0
# Labels of target and baseline need this much height between them.
APART = 14.0


@dataclass(frozen=True, slots=True)
class Level:
    """A line across at an agreed amount, with the height of its words."""

    y: str
    words: str
    words_y: str


@dataclass(frozen=True, slots=True)
class Multiple:
    """One measure's drawing. The path is empty without readings, and so are the ends.

    `first` and `last` are the days below its ends, `described` lists the values for a reader who
    does not see them.
    """

    width: int
    height: int
    path: str
    end_x: str
    end_y: str
    state: str
    target: Level | None
    baseline: Level | None
    first: str
    last: str
    described: str


def multiple(told: Report) -> Multiple:
    """The readings, one a week where they are many, between baseline and target."""
    measure = told.measure
    shown = one_a_week(measure.readings)
    scale = _Scale(told)
    points = [
        (_across(reading.day, shown[0].day, shown[-1].day), scale.y(reading.amount))
        for reading in shown
    ]
    target, baseline = _levels(told, scale)
    return Multiple(
        width=WIDTH,
        height=HEIGHT,
        path=_path(points),
        end_x=text(points[-1][0]) if points else "",
        end_y=text(points[-1][1]) if points else "",
        state=told.story.state.value,
        target=target,
        baseline=baseline,
        first=say_day_short(shown[0].day, today=measure.as_of) if len(shown) > 1 else "",
        last=say_day_short(shown[-1].day, today=measure.as_of) if shown else "",
        described=_describe(told),
    )


class _Scale:
    """Heights for amounts: everything agreed and read fits, and noise stays quiet."""

    def __init__(self, told: Report) -> None:
        measure = told.measure
        ends = [end.amount for end in (measure.baseline, measure.target) if end is not None]
        amounts = [*ends, *(reading.amount for reading in measure.readings)] or [0.0]
        self.low, self.high = value_range(amounts)

    def y(self, amount: float) -> float:
        if self.high == self.low:
            return BOTTOM
        return BOTTOM - (BOTTOM - TOP) * (amount - self.low) / (self.high - self.low)


def _across(day: date, first: date, last: date) -> float:
    span = (last - first).days
    return RIGHT if not span else LEFT + (RIGHT - LEFT) * (day - first).days / span


def _path(points: Sequence[tuple[float, float]]) -> str:
    steps = (f"{'L' if at else 'M'}{text(x)} {text(y)}" for at, (x, y) in enumerate(points))
    return " ".join(steps)


def _levels(told: Report, scale: _Scale) -> tuple[Level | None, Level | None]:
    """Target and baseline with their words, pushed apart where they lie close."""
    measure = told.measure
    if measure.target is None:
        return None, None
    goal = scale.y(measure.target.amount)
    amount = say_amount(measure.definition, measure.target.amount)
    words = sentence("target %(amount)s", amount=amount)
    if measure.baseline is None:
        return Level(text(goal), words, text(goal + 4)), None
    base = scale.y(measure.baseline.amount)
    middle, down = (goal + base) / 2, 1 if base >= goal else -1
    half = max(abs(base - goal), APART) / 2
    return (
        Level(text(goal), words, text(middle - down * half + 4)),
        Level(text(base), sentence("baseline"), text(middle + down * half + 4)),
    )


def _describe(told: Report) -> str:
    """The same for whoever hears it: status, baseline, target."""
    measure = told.measure
    if measure.target is None or measure.baseline is None:
        return told.story.status
    return sentence(
        "%(status)s; from %(baseline)s to %(target)s",
        status=told.story.status,
        baseline=say_amount(measure.definition, measure.baseline.amount),
        target=say_amount(measure.definition, measure.target.amount),
    )
