"""The words inside a measure's figure, at its two sizes."""

from collections.abc import Sequence
from datetime import date

from metrics.charts.frame import NARROW, WIDE, Frame, View
from metrics.charts.placing import LETTER, LINE, Box, Sheet, Spot, around, sheet_for
from metrics.definitions import Event, Measure
from metrics.forecasting import MilestoneResult, Outcome
from metrics.narrative.clauses import say_between
from metrics.narrative.story import Report
from metrics.narrative.words import Say, say_amount, say_day_short
from rendering import figures, theme
from rendering.figures import Part
from rendering.sentences import Sentence, sentence

APART = 2 * LINE + 8
MOST_EVENTS = 4
BELOW_RIGHT, ABOVE_LEFT, ABOVE_RIGHT, BELOW_LEFT = (1, -1), (-1, 1), (1, 1), (-1, -1)


def labels(told: Report, frame: Frame, view: View, say: Say) -> list[Part]:
    """Every word inside the figure at one size, what matters most placed first."""
    sheet = sheet_for(told.measure, frame, view, say)
    ends = _ends_outside if view is WIDE else _ends_inside
    return [
        figures.unit_label(say(told.measure.definition.unit), left=view.left),
        *_open_word(told.measure, sheet),
        *_latest_word(told, sheet),
        *ends(told, sheet),
        *_baseline_words(told.measure, sheet),
        *_milestone_words(told, sheet),
        *_event_words(told.measure, sheet),
    ]


def _open_word(measure: Measure, sheet: Sheet) -> list[Part]:
    """Over the hatched day, or ending at it near the right edge."""
    near_edge = sheet.frame.x(measure.open_date, sheet.view) > sheet.view.across - 2 * LINE
    anchor = "right" if near_edge else "center"
    place: Part = {"yref": "paper", "xanchor": anchor, "yanchor": "bottom", "yshift": 3}
    words = sheet.say(sentence("open day"))
    return [{**figures.label(words, day=measure.open_date, amount=1), **place}]


def _ends_outside(told: Report, sheet: Sheet) -> list[Part]:
    """Target and forecast in two lines each, right of the plot and clear of one another."""
    measure, target = told.measure, told.measure.target
    if target is None:
        return []
    day = say_day_short(target.deadline, today=measure.as_of)
    goal = say_amount(measure.definition, target.amount)
    say = sheet.say
    lead, rest = sentence("target %(goal)s", goal=goal), sentence("by %(day)s", day=day)
    words = [(say(lead), say(rest), target.amount, "accent", "accent")]
    if told.outlook is not None:
        end = told.outlook.end
        when = sentence("on %(day)s", day=day)
        if target.deadline.year == measure.as_of.year:
            when = sentence("on %(day)s, as now", day=day)
        words.append((say(say_between(measure, end)), say(when), end.amount, "ink", "ink-2"))
    wanted = [sheet.frame.y(amount, WIDE) for _, _, amount, _, _ in words]
    placed = figures.spread(wanted, gap=APART, low=LINE, high=WIDE.up - LINE)
    found: list[Part] = []
    for (first, second, amount, bold, plain), at, to in zip(words, wanted, placed, strict=True):
        place: Part = {"day": target.deadline, "amount": amount, "xshift": 12, "yshift": to - at}
        found += figures.two_lines(first, second, lead=bold, rest=plain, **place)
    return found


def _ends_inside(told: Report, sheet: Sheet) -> list[Part]:
    """Target above its line, forecast beside its range, both ending at the deadline."""
    measure, target = told.measure, told.measure.target
    if target is None:
        return []
    day = say_day_short(target.deadline, today=measure.as_of)
    amount = say_amount(measure.definition, target.amount)
    text = sentence("target %(goal)s by %(day)s", goal=amount, day=day)
    goal = _ending(
        sheet.say(text), target.deadline, [(target.amount, up) for up in (13, -13, 28, -28)]
    )
    found = [sheet.settle(goal).label(role="accent", weight=600)]
    if told.outlook is not None:
        end = told.outlook.end
        outside = [(end.low, -13), (end.high, 13), (end.high, 28), (end.low, -28)]
        likely = sentence("%(range)s on %(day)s", range=say_between(measure, end), day=day)
        spots = _ending(sheet.say(likely), target.deadline, outside)
        found += [spot.label() for spot in sheet.settle_free(spots)]
    return found


def _ending(text: str, day: date, places: Sequence[tuple[float, int]]) -> list[Spot]:
    """Words that end at a day, at some amounts and pixels above them."""
    return [Spot(text, day, amount, aside=-1, up=up) for amount, up in places]


def _baseline_words(measure: Measure, sheet: Sheet) -> list[Part]:
    """Above or below the line, at its end or at its start."""
    baseline = measure.baseline
    if baseline is None:
        return []
    day = say_day_short(baseline.day, today=measure.as_of)
    amount = say_amount(measure.definition, baseline.amount)
    text = sheet.say(sentence("baseline %(amount)s, %(day)s", amount=amount, day=day))
    last = measure.open_date if measure.target is None else measure.target.deadline
    end = max(last, measure.open_date)
    spots = _ending(text, end, [(baseline.amount, 10), (baseline.amount, -10)])
    spots += [Spot(text, baseline.day, baseline.amount, aside=1, up=up) for up in (10, -10)]
    return [sheet.settle(spots).label()]


def _latest_word(told: Report, sheet: Sheet) -> list[Part]:
    latest = told.measure.latest
    if latest is None:
        return []
    text = say_amount(told.measure.definition, latest.amount)
    spot = Spot(text, latest.day, latest.amount, size=theme.LARGE)
    sides = (BELOW_LEFT, ABOVE_LEFT, BELOW_RIGHT, ABOVE_RIGHT)
    return [sheet.settle(around(spot, sides)).label(role="ink", weight=600)]


def _milestone_words(told: Report, sheet: Sheet) -> list[Part]:
    return [_milestone_word(told.measure, item, sheet) for item in told.standing.milestones]


def _milestone_word(measure: Measure, result: MilestoneResult, sheet: Sheet) -> Part:
    """Name and amount, or the amount alone where the whole name finds no room."""
    goal = result.milestone
    amount = say_amount(measure.definition, goal.amount)
    texts = [sheet.say(_milestone_text(result, amount)), amount]
    sides = [BELOW_RIGHT, ABOVE_LEFT, ABOVE_RIGHT, BELOW_LEFT]
    if not measure.definition.rising:
        sides = [(right, -above) for right, above in sides]
    spots = [
        spot
        for text in texts[sheet.view is NARROW :]
        for spot in around(Spot(text, goal.day, goal.amount), sides)
    ]
    return sheet.settle(spots).label(role="accent")


def _milestone_text(result: MilestoneResult, amount: str) -> Sentence:
    facts = {"name": _short(result.milestone.name), "amount": amount}
    if result.outcome is Outcome.LOST:
        return sentence("%(name)s, %(amount)s: lost", **facts)
    if result.outcome is Outcome.MISSED:
        return sentence("%(name)s, %(amount)s: missed", **facts)
    return sentence("%(name)s, %(amount)s", **facts)


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
    name, day = _short(sheet.say(event.name), 20), say_day_short(event.day, today=measure.as_of)
    x = sheet.frame.x(event.day, sheet.view)
    width = max(len(name), len(day)) * LETTER
    side = -1 if x + width > sheet.view.across else 1
    left, right = sorted((x, x + side * width))
    heights = [share * sheet.view.up for share in (0.14, 0.28, 0.42, 0.56, 0.7, 0.84)]
    boxes = [Box(left, height - LINE, right, height + LINE) for height in heights]
    box = next((box for box in boxes if not sheet.cost(box)), None)
    if box is None:
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
