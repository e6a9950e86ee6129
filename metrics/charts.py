"""Figures of a measure: a Report in, a plotly figure as plain dicts out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise

from metrics.definitions import Measure, Reading
from metrics.forecasting import MilestoneResult, Outcome
from metrics.narrative.story import Report, State
from metrics.narrative.words import (
    say_amount,
    say_day_short,
    say_full_day,
    say_quantity,
    say_rounded,
)
from rendering import figures, theme
from rendering.figures import Figure, Part

ROLES = {State.GOOD: "good", State.WATCH: "watch", State.ACT: "act", State.QUIET: "ink"}
MARGIN = {"l": 48, "r": 124, "t": 36, "b": 28}
NARROW_MARGIN = {"l": 36, "r": 16, "t": 36, "b": 28}
LINE = 15
HEADROOM = 1.08
MOST_EVENTS = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """The ground a measure is drawn on: days across, amounts up."""

    start: date
    end: date
    low: float
    high: float

    def late(self, day: date) -> bool:
        """True in the right part, where words must run to the left."""
        return (day - self.start).days > 0.72 * (self.end - self.start).days

    def pixels(self, amount: float, height: float) -> float:
        return (amount - self.low) / (self.high - self.low) * height


def measure_line(told: Report) -> Figure:
    """Readings against baseline, target and milestones with the forecast in its fading range.

    The order of traces is the order of painting; every trace has the name of what it shows.
    """
    frame = _frame(told)
    value_axis, unit = figures.value_axis(
        frame.low, frame.high, unit=told.measure.definition.unit, whole=_counts(told.measure)
    )
    return figures.figure(
        [*_grounds(told.measure, frame), *_references(told, frame), *_course(told)],
        labels=[unit, *_labels(told, frame)],
        narrow={"margin": NARROW_MARGIN},
        margin=MARGIN,
        shapes=[figures.upright(event.day) for event in _events(told, frame)],
        xaxis=figures.time_axis(frame.start, frame.end, today=told.measure.as_of),
        yaxis={**value_axis, "range": [frame.low, frame.high]},
    )


def _counts(measure: Measure) -> bool:
    return measure.definition.decimals == 0 and measure.definition.unit != "%"


def _frame(told: Report) -> Frame:
    measure = told.measure
    days = [*_days(measure), measure.open_date + timedelta(days=1)]
    start, end = min(days), max(days)
    pad = timedelta(days=max(1, (end - start).days // 40))
    amounts = [*_amounts(told)] or [0.0, 1.0]
    low, high = min(amounts), max(amounts)
    if measure.definition.lowest is not None:
        low = measure.definition.lowest
    high = low + max(high - low, 1.0) * HEADROOM
    floor = figures.round_ticks(low, high, whole=_counts(measure))[0]
    return Frame(start, end + pad, floor, high)


def _days(measure: Measure) -> Iterable[date]:
    if measure.baseline is not None:
        yield measure.baseline.day
    if measure.target is not None:
        yield measure.target.deadline
    if measure.readings:
        yield measure.readings[0].day
    yield from (milestone.day for milestone in measure.milestones)


def _amounts(told: Report) -> Iterable[float]:
    measure = told.measure
    yield from (reading.amount for reading in measure.readings)
    yield from (milestone.amount for milestone in measure.milestones)
    if measure.baseline is not None:
        yield measure.baseline.amount
    if measure.target is not None:
        yield measure.target.amount
    if told.outlook is not None:
        yield from (told.outlook.end.low, told.outlook.end.high)


def _grounds(measure: Measure, frame: Frame) -> list[Part]:
    """Hatched: the open day and every stretch without a valid reading."""
    spans = [(measure.open_date, measure.open_date + timedelta(days=1)), *_gaps(measure)]
    return [figures.hatch(left, right, frame.low, frame.high) for left, right in spans]


def _gaps(measure: Measure) -> list[tuple[date, date]]:
    valid = measure.definition.valid_days
    days = [reading.day for reading in measure.readings]
    return [(left, right) for left, right in pairwise(days) if (right - left).days > valid]


def _references(told: Report, frame: Frame) -> list[Part]:
    measure, parts = told.measure, []
    start, end = _reach(measure, frame)
    if measure.baseline is not None:
        hover = f"baseline {_hover(measure, measure.baseline.amount, measure.baseline.day)}"
        parts.append(figures.baseline(start, end, measure.baseline.amount, hover=hover))
    if measure.target is not None:
        goal, deadline = measure.target.amount, measure.target.deadline
        hover = f"target {_hover(measure, goal, deadline)}"
        parts.append(figures.target(start, deadline, goal, hover=hover))
        parts.append(figures.ring(deadline, goal, name="deadline", hover=hover))
    return parts


def _reach(measure: Measure, frame: Frame) -> tuple[date, date]:
    """From where to where reference lines run."""
    start = frame.start if measure.baseline is None else measure.baseline.day
    end = measure.open_date if measure.target is None else measure.target.deadline
    return start, max(end, measure.open_date)


def _hover(measure: Measure, amount: float, day: date) -> str:
    quantity = escape(say_quantity(measure.definition, amount), quote=False)
    return f"<b>{quantity}</b><br>{say_full_day(day)}<extra></extra>"


def _course(told: Report) -> list[Part]:
    parts = [*_forecast(told), *_actual(told.measure), *_milestones(told)]
    latest = told.measure.latest
    if latest is not None:
        hover = _hover(told.measure, latest.amount, latest.day)
        role = ROLES[told.story.state]
        parts.append(figures.point(latest.day, latest.amount, role=role, name="now", hover=hover))
    return parts


def _forecast(told: Report) -> list[Part]:
    if told.outlook is None:
        return []
    steps = told.outlook.steps
    days = [step.day for step in steps]
    hover = [
        f"{_range(told, step.low, step.high)}<br>{say_full_day(step.day)}, as now" for step in steps
    ]
    return [
        figures.band(days, [step.low for step in steps], [step.high for step in steps]),
        figures.forecast(days, [step.amount for step in steps], hover=hover),
    ]


def _range(told: Report, low: float, high: float) -> str:
    definition = told.measure.definition
    return f"<b>{say_rounded(definition, low)} to {say_rounded(definition, high)}</b>"


def _actual(measure: Measure) -> list[Part]:
    """The readings as one line, broken where too long nothing was read."""
    decimals, unit = measure.definition.decimals, escape(measure.definition.unit, quote=False)
    hover = f"<b>%{{y:,.{decimals}f}} {unit}</b><br>%{{x|%-d %b %Y}}<extra></extra>"
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


def _milestones(told: Report) -> list[Part]:
    results = told.standing.milestones
    if not results:
        return []
    return [
        figures.diamonds(
            [result.milestone.day for result in results],
            [result.milestone.amount for result in results],
            filled=[result.outcome is Outcome.KEPT for result in results],
            hover=[_milestone_hover(told.measure, result) for result in results],
        )
    ]


def _milestone_hover(measure: Measure, result: MilestoneResult) -> str:
    goal = result.milestone
    quantity = escape(say_quantity(measure.definition, goal.amount), quote=False)
    name = escape(goal.name, quote=False)
    return f"{name}: <b>{quantity}</b><br>due {say_full_day(goal.day)}, {result.outcome}"


def _labels(told: Report, frame: Frame) -> list[Part]:
    return [
        *_open_label(told.measure),
        *_event_labels(told, frame),
        *_baseline_label(told.measure, frame),
        *_milestone_labels(told, frame),
        *_end_labels(told, frame),
        *_latest_label(told),
    ]


def _open_label(measure: Measure) -> list[Part]:
    place = {"yref": "paper", "xanchor": "center", "yanchor": "bottom", "yshift": 4}
    return [figures.label("open day", day=measure.open_date, amount=1, **place)]


def _events(told: Report, frame: Frame) -> list[Part]:
    return []


def _event_labels(told: Report, frame: Frame) -> list[Part]:
    return []


def _baseline_label(measure: Measure, frame: Frame) -> list[Part]:
    return []


def _milestone_labels(told: Report, frame: Frame) -> list[Part]:
    return []


def _end_labels(told: Report, frame: Frame) -> list[Part]:
    return []


def _latest_label(told: Report) -> list[Part]:
    return []
