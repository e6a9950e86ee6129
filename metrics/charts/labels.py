"""Where the words of a measure's figure stand.

Placement rule: words stand beside their own thing, on the first of four sides where they cover
neither readings nor words placed before; on none of them free, on the side that covers least.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from metrics.charts.frame import NARROW, WIDE, Frame, View
from metrics.definitions import Event, Measure
from metrics.forecasting import MilestoneResult, Outcome
from metrics.narrative.story import Report, say_range
from metrics.narrative.words import say_amount, say_day_short
from rendering import figures, theme
from rendering.figures import Part

LETTER = 7.0
LINE = 15
APART = 2 * LINE + 8
BESIDE = 10
MOST_EVENTS = 4
MOST_OBSTACLES = 120
SIDES = ((1, -1), (-1, 1), (1, 1), (-1, -1))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the plot."""

    left: float
    low: float
    right: float
    high: float

    def covers(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


@dataclass(slots=True)
class Sheet:
    """What is already drawn in one view of a figure."""

    frame: Frame
    view: View
    taken: list[Box] = field(default_factory=list)

    def at(self, day: date, amount: float) -> tuple[float, float]:
        return self.frame.x(day, self.view), self.frame.y(amount, self.view)

    def beside(
        self, text: str, day: date, amount: float, *, sides: Iterable[tuple[int, int]], size: int
    ) -> Part:
        """Anchors and shifts that put the text beside a point; the place is then taken."""
        options = [(side, self._box(text, self.at(day, amount), side, size)) for side in sides]
        (right, above), box = min(options, key=lambda option: self.cost(option[1]))
        self.taken.append(box)
        return {
            "xanchor": "left" if right > 0 else "right",
            "xshift": BESIDE * right,
            "yshift": above * (BESIDE + size // 4),
        }

    def _box(self, text: str, at: tuple[float, float], side: tuple[int, int], size: int) -> Box:
        width = len(text) * LETTER * size / theme.SMALL
        edge, middle = at[0] + BESIDE * side[0], at[1] + (BESIDE + size // 4) * side[1]
        left, right = sorted((edge, edge + width * side[0]))
        return Box(left, middle - size / 2, right, middle + size / 2)

    def left_of(self, text: str, day: date, amount: float, up: int) -> Box:
        """The room of words that end at a day, some pixels above an amount."""
        x, y = self.at(day, amount)
        return Box(x - len(text) * LETTER, y + up - LINE / 2, x, y + up + LINE / 2)

    def cost(self, box: Box) -> int:
        inside = box.left >= 0 and box.right <= self.view.across + BESIDE
        outside = not (inside and box.low >= 0 and box.high <= self.view.up + LINE)
        return 1000 * outside + sum(box.covers(other) for other in self.taken)


def labels(told: Report, frame: Frame, view: View) -> list[Part]:
    """Every word inside the figure at one size."""
    sheet = Sheet(frame, view, _marks(told.measure, frame, view))
    ends = _end_words_narrow if view is NARROW else _end_words_wide
    return [
        figures.unit_label(told.measure.definition.unit, left=view.left),
        *_open_word(told.measure),
        *_baseline_words(told.measure, sheet),
        *ends(told, sheet),
        *_latest_word(told, sheet),
        *_milestone_words(told, sheet),
        *_event_words(told.measure, sheet),
    ]


def _marks(measure: Measure, frame: Frame, view: View) -> list[Box]:
    """Points of the line and diamonds, which words should not cover."""
    stride = max(1, len(measure.readings) // MOST_OBSTACLES)
    points = [(reading.day, reading.amount, 2) for reading in measure.readings[::-stride]]
    points += [(goal.day, goal.amount, 7) for goal in measure.milestones]
    return [
        _around(frame.x(day, view), frame.y(amount, view), reach) for day, amount, reach in points
    ]


def _around(x: float, y: float, reach: float) -> Box:
    return Box(x - reach, y - reach, x + reach, y + reach)


def _open_word(measure: Measure) -> list[Part]:
    place: Part = {"yref": "paper", "xanchor": "center", "yanchor": "bottom", "yshift": 3}
    return [{**figures.label("open day", day=measure.open_date, amount=1), **place}]


def _end_words_wide(told: Report, sheet: Sheet) -> list[Part]:
    """Target and forecast in two lines each, right of the plot and clear of one another."""
    measure, target = told.measure, told.measure.target
    if target is None:
        return []
    day = say_day_short(target.deadline, today=measure.as_of)
    goal = say_amount(measure.definition, target.amount)
    words = [(f"target {goal}", f"by {day}", target.amount, "accent", "accent")]
    if told.outlook is not None:
        amount = told.outlook.end.amount
        when = f"on {day}, as now" if target.deadline.year == measure.as_of.year else f"on {day}"
        words.append((say_range(told), when, amount, "ink", "ink-2"))
    wanted = [sheet.frame.y(amount, WIDE) for _, _, amount, _, _ in words]
    placed = figures.spread(wanted, gap=APART, low=LINE, high=WIDE.up - LINE)
    found: list[Part] = []
    for (first, second, amount, lead, rest), at, to in zip(words, wanted, placed, strict=True):
        place: Part = {"day": target.deadline, "amount": amount, "xshift": 12, "yshift": to - at}
        found += figures.two_lines(first, second, lead=lead, rest=rest, **place)
    return found


def _end_words_narrow(told: Report, sheet: Sheet) -> list[Part]:
    """Target above its line, forecast under its range, both ending at the deadline."""
    measure, target = told.measure, told.measure.target
    if target is None:
        return []
    day = say_day_short(target.deadline, today=measure.as_of)
    text = f"target {say_amount(measure.definition, target.amount)} by {day}"
    above = [(target.amount, 13)]
    found = [_ending(text, target.deadline, above, sheet, role="accent", weight=600)]
    if told.outlook is not None:
        end = told.outlook.end
        outside = [(end.low, -13), (end.high, 13), (end.high, 28), (end.low, -28)]
        found.append(_ending(f"{say_range(told)} on {day}", target.deadline, outside, sheet))
    return found


def _ending(
    text: str,
    day: date,
    places: Sequence[tuple[float, int]],
    sheet: Sheet,
    *,
    role: str = "ink-2",
    weight: int = 400,
) -> Part:
    """Words that end at a day, on the freest of some places: an amount and pixels above it."""
    boxes = [sheet.left_of(text, day, amount, up) for amount, up in places]
    (amount, up), box = min(zip(places, boxes, strict=True), key=lambda pair: sheet.cost(pair[1]))
    sheet.taken.append(box)
    place: Part = {"xanchor": "right", "xshift": 6, "yshift": up}
    return {**figures.label(text, day=day, amount=amount, role=role, weight=weight), **place}


def _baseline_words(measure: Measure, sheet: Sheet) -> list[Part]:
    if measure.baseline is None:
        return []
    day = say_day_short(measure.baseline.day, today=measure.as_of)
    text = f"baseline {say_amount(measure.definition, measure.baseline.amount)}, {day}"
    end = measure.open_date if measure.target is None else measure.target.deadline
    above_or_below = [(measure.baseline.amount, 10), (measure.baseline.amount, -10)]
    return [_ending(text, max(end, measure.open_date), above_or_below, sheet)]


def _latest_word(told: Report, sheet: Sheet) -> list[Part]:
    latest = told.measure.latest
    if latest is None:
        return []
    text = say_amount(told.measure.definition, latest.amount)
    sides = ((-1, -1), (-1, 1), (1, -1), (1, 1), (-1, 2), (-1, 4))
    place = sheet.beside(text, latest.day, latest.amount, sides=sides, size=theme.LARGE)
    word = figures.label(
        text, day=latest.day, amount=latest.amount, role="ink", weight=600, size=theme.LARGE
    )
    return [{**word, **place}]


def _milestone_words(told: Report, sheet: Sheet) -> list[Part]:
    return [_milestone_word(told.measure, item, sheet) for item in told.standing.milestones]


def _milestone_word(measure: Measure, result: MilestoneResult, sheet: Sheet) -> Part:
    goal = result.milestone
    text = say_amount(measure.definition, goal.amount)
    if sheet.view is not NARROW:
        fate = f": {result.outcome}" if result.outcome in (Outcome.LOST, Outcome.MISSED) else ""
        text = f"{_short(goal.name)}, {text}{fate}"
    turned = SIDES if measure.definition.rising else [(right, -up) for right, up in SIDES]
    place = sheet.beside(text, goal.day, goal.amount, sides=turned, size=theme.SMALL)
    shown = figures.plain(text)
    return {**figures.label(shown, day=goal.day, amount=goal.amount, role="accent"), **place}


def _short(name: str, most: int = 28) -> str:
    """A name that fits a label; the hover and the list hold all of it."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def events_shown(measure: Measure, frame: Frame) -> Sequence[Event]:
    """The newest few events inside the figure: more uprights would be a fence."""
    inside = [event for event in measure.events if frame.start <= event.day <= measure.as_of]
    return sorted(inside, key=lambda event: event.day)[-MOST_EVENTS:]


def _event_words(measure: Measure, sheet: Sheet) -> list[Part]:
    events = events_shown(measure, sheet.frame)
    return [part for event in events for part in _event_word(measure, event, sheet)]


def _event_word(measure: Measure, event: Event, sheet: Sheet) -> list[Part]:
    """Date and name beside the upright, as low as they find room; without room the table has them."""
    name, day = _short(event.name, 20), say_day_short(event.day, today=measure.as_of)
    x = sheet.frame.x(event.day, sheet.view)
    width = max(len(name), len(day)) * LETTER
    side = -1 if x + width > sheet.view.across else 1
    left, right = sorted((x, x + side * width))
    heights = [share * sheet.view.up for share in (0.14, 0.28, 0.42, 0.56, 0.7, 0.84)]
    boxes = [Box(left, height - LINE, right, height + LINE) for height in heights]
    box = min(boxes, key=sheet.cost)
    if sheet.cost(box):
        return []
    sheet.taken.append(box)
    return figures.two_lines(
        day,
        figures.plain(name),
        rest="ink",
        day=event.day,
        amount=(box.low + LINE) / sheet.view.up,
        yref="paper",
        xanchor="left" if side > 0 else "right",
        xshift=6 * side,
    )
