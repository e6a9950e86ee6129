"""The lines and marks of a measure: grounds, references, forecast, readings, milestones."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from metrics.charts.frame import Frame
from metrics.definitions import Measure
from metrics.forecasting import MilestoneResult, Outcome, Step
from metrics.narrative.clauses import say_between
from metrics.narrative.story import Report, State
from metrics.narrative.words import Say, say_full_day, say_quantity
from rendering import figures
from rendering.figures import Part
from rendering.sentences import sentence

ROLES = {State.GOOD: "good", State.WATCH: "watch", State.ACT: "act", State.QUIET: "ink"}


def grounds(measure: Measure, frame: Frame) -> list[Part]:
    """Hatched: the open day and every stretch without a valid reading."""
    spans = [(measure.open_date, measure.open_date + timedelta(days=1)), *_gaps(measure)]
    return [figures.hatch(left, right, frame.low, frame.high) for left, right in spans]


def _gaps(measure: Measure) -> list[tuple[date, date]]:
    valid = measure.definition.valid_days
    days = [reading.day for reading in measure.readings]
    return [(left, right) for left, right in pairwise(days) if (right - left).days > valid]


def references(told: Report, frame: Frame, say: Say) -> list[Part]:
    measure, parts = told.measure, []
    start, end = _reach(measure, frame)
    if measure.baseline is not None:
        where = _hover(measure, measure.baseline.amount, measure.baseline.day, say)
        hover = f"{say(sentence('baseline'))} {where}"
        parts.append(figures.baseline(start, end, measure.baseline.amount, hover=hover))
    if measure.target is not None:
        goal, deadline = measure.target.amount, measure.target.deadline
        hover = f"{say(sentence('target'))} {_hover(measure, goal, deadline, say)}"
        parts.append(figures.target(start, deadline, goal, hover=hover))
        parts.append(figures.ring(deadline, goal, name="deadline", hover=hover))
    return parts


def _reach(measure: Measure, frame: Frame) -> tuple[date, date]:
    """From where to where reference lines run."""
    start = frame.start if measure.baseline is None else measure.baseline.day
    end = measure.open_date if measure.target is None else measure.target.deadline
    return start, max(end, measure.open_date)


def _hover(measure: Measure, amount: float, day: date, say: Say) -> str:
    quantity = figures.plain(say(say_quantity(measure.definition, amount)))
    return f"{quantity}<br>{say_full_day(day)}<extra></extra>"


def course(told: Report, say: Say) -> list[Part]:
    parts = [*_forecast(told, say), *_actual(told.measure, say), *_milestones(told, say)]
    latest = told.measure.latest
    if latest is not None:
        hover = _hover(told.measure, latest.amount, latest.day, say)
        role = ROLES[told.story.state]
        parts.append(figures.point(latest.day, latest.amount, role=role, name="now", hover=hover))
    return parts


def _forecast(told: Report, say: Say) -> list[Part]:
    if told.outlook is None:
        return []
    steps = told.outlook.steps
    days = [step.day for step in steps]
    hover = [_step_hover(told.measure, step, say) for step in steps]
    return [
        figures.band(days, [step.low for step in steps], [step.high for step in steps]),
        figures.forecast(days, [step.amount for step in steps], hover=hover),
    ]


def _step_hover(measure: Measure, step: Step, say: Say) -> str:
    when = sentence("%(day)s, as now", day=say_full_day(step.day))
    return f"{say(say_between(measure, step))}<br>{say(when)}"


def _actual(measure: Measure, say: Say) -> list[Part]:
    """The readings as one line, broken where too long nothing was read."""
    decimals, unit = measure.definition.decimals, figures.plain(say(measure.definition.unit))
    hover = f"%{{y:,.{decimals}f}} {unit}<br>%{{x|%-d %b %Y}}<extra></extra>"
    if not measure.readings:
        return []
    points = [*_broken(measure)]
    return [figures.actual([day for day, _ in points], [y for _, y in points], hover=hover)]


def _broken(measure: Measure) -> Iterable[tuple[date, float | None]]:
    breaks = {right: left for left, right in _gaps(measure)}
    for reading in measure.readings:
        if reading.day in breaks:
            yield breaks[reading.day] + timedelta(days=1), None
        yield reading.day, reading.amount


def _milestones(told: Report, say: Say) -> list[Part]:
    results = told.standing.milestones
    if not results:
        return []
    return [
        figures.diamonds(
            [result.milestone.day for result in results],
            [result.milestone.amount for result in results],
            filled=[result.outcome is Outcome.KEPT for result in results],
            hover=[_milestone_hover(told.measure, result, say) for result in results],
        )
    ]


OUTCOMES = {
    Outcome.KEPT: sentence("kept"),
    Outcome.LOST: sentence("lost"),
    Outcome.MISSED: sentence("missed"),
    Outcome.OPEN: sentence("open"),
}


def _milestone_hover(measure: Measure, result: MilestoneResult, say: Say) -> str:
    goal = result.milestone
    quantity = figures.plain(say(say_quantity(measure.definition, goal.amount)))
    name = figures.plain(goal.name)
    fate = sentence(
        "due %(day)s, %(outcome)s", day=say_full_day(goal.day), outcome=OUTCOMES[result.outcome]
    )
    return f"{name}: {quantity}<br>{say(fate)}"
