"""Where a measure stands between baseline and target, and where it is going.

Two forecasts stand side by side because they answer different questions: the recent slope says
what happens if things go on as they go now, earned schedule what happens if the agreed
goes on being kept as it was kept so far.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from adoption.progress import Trend, earned_schedule, fit_trend, half_width, time_reached
from engagements.budget import Burn, Line, burn, total
from metrics.definitions import Event, Measure, Milestone, Reading, Target

RECENT_DAYS = 28
FEWEST_READINGS = 4
FEWEST_DAYS = 7
FARTHEST_DAYS = 3 * 365


def progress(amount: float, baseline: float, target: float) -> float | None:
    """Share of the way from baseline to target, (x - b) / (t - b), for rising and falling targets.

    Below 0 or above 1 where the amount lies outside; None when baseline and target are equal.
    """
    return None if target == baseline else (amount - baseline) / (target - baseline)


def agreed_amount(course: Sequence[tuple[date, float]], day: date) -> float | None:
    """What the agreed way asks for on a day: a straight line between its points, level outside."""
    if not course:
        return None
    if day <= course[0][0]:
        return course[0][1]
    for (left, low), (right, high) in pairwise(course):
        if day <= right:
            return low + (high - low) * (day - left).days / (right - left).days
    return course[-1][1]


class Outcome(StrEnum):
    """What became of a milestone."""

    KEPT = "kept"
    LOST = "lost"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class MilestoneResult:
    """A milestone with the day it was reached and the day it was lost again."""

    milestone: Milestone
    outcome: Outcome
    reached_date: date | None = None
    lost_date: date | None = None

    @property
    def days_early(self) -> int | None:
        """Days reached before the agreed day, negative when late."""
        return None if self.reached_date is None else (self.milestone.day - self.reached_date).days


def milestone_results(measure: Measure) -> tuple[MilestoneResult, ...]:
    """Every milestone in order of its day, with what became of it by the last closed day."""
    ordered = sorted(measure.milestones, key=lambda milestone: milestone.day)
    return tuple(_milestone_result(measure, milestone) for milestone in ordered)


def _milestone_result(measure: Measure, milestone: Milestone) -> MilestoneResult:
    reached = lost = None
    for reading in _since_baseline(measure):
        met = measure.definition.meets(reading.amount, milestone.amount)
        if met:
            reached, lost = reached or reading.day, None
        elif reached:
            lost = lost or reading.day
    overdue = milestone.day < measure.as_of
    if reached:
        return MilestoneResult(milestone, Outcome.LOST if lost else Outcome.KEPT, reached, lost)
    return MilestoneResult(milestone, Outcome.MISSED if overdue else Outcome.OPEN)


def _since_baseline(measure: Measure) -> Sequence[Reading]:
    if measure.baseline is None:
        return measure.readings
    return [reading for reading in measure.readings if reading.day > measure.baseline.day]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a measure has come. Shares count from baseline to target, None where undefined."""

    progress: float | None
    agreed_amount: float | None
    agreed_progress: float | None
    earlier: Reading | None
    milestones: tuple[MilestoneResult, ...]


def stand(measure: Measure) -> Standing:
    """Progress at the last reading, what was agreed for that day and the reading to compare with."""
    agreed = None if measure.latest is None else agreed_amount(measure.course, measure.as_of)
    return Standing(
        progress=None if measure.latest is None else share(measure, measure.latest.amount),
        agreed_amount=agreed,
        agreed_progress=None if agreed is None else share(measure, agreed),
        earlier=earlier_reading(measure),
        milestones=milestone_results(measure),
    )


def share(measure: Measure, amount: float) -> float | None:
    """Progress of an amount under the measure's own baseline and target."""
    if measure.baseline is None or measure.target is None:
        return None
    return progress(amount, measure.baseline.amount, measure.target.amount)


def earlier_reading(measure: Measure) -> Reading | None:
    """The last reading at least one window before the latest, so that no day is counted in both."""
    if measure.latest is None:
        return None
    edge = measure.latest.day - timedelta(days=measure.definition.window_days)
    before = [reading for reading in measure.readings if reading.day <= edge]
    return before[-1] if before else None


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the forecast: the line and the range that holds eight times out of ten."""

    day: date
    amount: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the recent slope leads.

    reached_date is when the slope meets the target, steady_date when earned schedule does;
    either is None when it never does or only after three years.
    """

    steps: tuple[Step, ...]
    trend: Trend
    trend_start: date
    reached_date: date | None
    steady_date: date | None

    @property
    def wavers(self) -> bool:
        """True when the fitted line and the two ends of its span point in opposite directions."""
        return self.trend.slope * self.trend.moved < 0

    @property
    def end(self) -> Step:
        return self.steps[-1]

    @property
    def dates(self) -> tuple[date, date] | None:
        """The earlier and the later of both forecasts; None when the recent slope never arrives."""
        if self.reached_date is None:
            return None
        cautious = self.steady_date or self.reached_date
        return min(self.reached_date, cautious), max(self.reached_date, cautious)


def look_ahead(measure: Measure) -> Outlook | None:
    """The forecast up to the deadline, or None where the readings carry none.

    None without a target or once it is reached or due, when the last reading is stale or counts
    too few people, and with fewer than four readings or seven days since the last change of plan.
    """
    latest, target = measure.latest, measure.target
    if latest is None or target is None or not _open(measure, latest, target):
        return None
    start = trend_start(measure)
    points = [(float(item.day.toordinal()), item.amount) for item in measure.readings]
    trend = fit_trend(points, since=start.toordinal())
    if trend is None or trend.count < FEWEST_READINGS or trend.span < FEWEST_DAYS:
        return None
    return Outlook(
        steps=_steps(measure, latest, target, trend),
        trend=trend,
        trend_start=start,
        reached_date=_reached(latest, target, trend),
        steady_date=_steady(measure, latest),
    )


def _open(measure: Measure, latest: Reading, target: Target) -> bool:
    over = measure.as_of >= target.deadline or measure.definition.meets(
        latest.amount, target.amount
    )
    return not (over or measure.is_stale or measure.is_small)


def trend_start(measure: Measure) -> date:
    """The first day of the recent trend: four weeks or four readings back, whichever is longer,
    but never before the last change of plan nor before windows were whole."""
    days = [reading.day for reading in measure.readings]
    recent = min(days[-1] - timedelta(days=RECENT_DAYS), days[-FEWEST_READINGS:][0])
    changes = [event.day for event in measure.events if event.changes_plan]
    floors = [day for day in changes if day <= days[-1]]
    if measure.whole_from is not None:
        floors.append(measure.whole_from)
    return max([recent, *floors])


def _steps(measure: Measure, latest: Reading, target: Target, trend: Trend) -> tuple[Step, ...]:
    horizon = (target.deadline - latest.day).days
    stride = max(1, horizon // 24)
    ahead = [*range(0, horizon, stride), horizon]
    limit = measure.definition.within_limits
    steps = []
    for days in ahead:
        line, reach = latest.amount + trend.slope * days, half_width(trend, days)
        day = latest.day + timedelta(days=days)
        steps.append(Step(day, limit(line), limit(line - reach), limit(line + reach)))
    return tuple(steps)


def _reached(latest: Reading, target: Target, trend: Trend) -> date | None:
    at = float(latest.day.toordinal())
    when = time_reached(at=at, now=latest.amount, goal=target.amount, slope=trend.slope)
    return _near_day(when, latest.day)


def _steady(measure: Measure, latest: Reading) -> date | None:
    if not measure.course:
        return None
    planned = [(float(day.toordinal()), amount) for day, amount in measure.course]
    earned = earned_schedule(planned, at=latest.day.toordinal(), done=latest.amount)
    return None if earned is None else _near_day(earned.finish, latest.day)


def _near_day(when: float | None, latest: date) -> date | None:
    if when is None or when - latest.toordinal() > FARTHEST_DAYS:
        return None
    return date.fromordinal(math.ceil(round(when, 6)))


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole plan, in percent of its work: planned, done and where that leads.

    `adoption` computes all of it in working time. recent_date is when the recent slope reaches 100,
    steady_date when earned schedule does; None where it never does, only after three years, or too
    little is known.
    """

    as_of: date
    planned: tuple[tuple[date, float], ...]
    done: tuple[tuple[date, float], ...]
    events: tuple[Event, ...]
    planned_now: float
    done_now: float
    recent_date: date | None
    steady_date: date | None
    steps: tuple[Step, ...]

    @property
    def planned_date(self) -> date:
        return self.planned[-1][0]

    @property
    def is_done(self) -> bool:
        return self.done_now >= WHOLE

    @property
    def dates(self) -> tuple[date, date] | None:
        """The earlier and the later of both forecasts; None without any."""
        found = [day for day in (self.recent_date, self.steady_date) if day is not None]
        return (min(found), max(found)) if found else None


WHOLE = 100.0


def cost_index(line: Line) -> Decimal | None:
    """CPI = EV / AC: what a unit of money spent was worth. None before anything is spent.

    The cost at the end, EAC = BAC / CPI, is the line's own `expected`.
    """
    return None if line.actual <= 0 else line.earned / line.actual


@dataclass(frozen=True, slots=True)
class Hypercare:
    """The reserve for hypercare against what its issues cost, and what is left beside it.

    `cost` is what they cost so far, `projected` what they will have cost at the end if it goes on
    like this, `over` what then is missing in the reserve (0 while it holds), and `is_covered`
    whether the rest of the budget holds that; None where no window or reserve is known.
    """

    reserve: Decimal
    cost: Decimal
    burn: Burn
    projected: Decimal | None
    over: Decimal | None
    is_covered: bool | None


def hypercare(
    reserve: Sequence[Line], *, elapsed: Decimal | None, remaining: Decimal | None
) -> Hypercare:
    """Burn = cost of the issues / reserve; projected = burn / share of the window that is over.

    `remaining` is what is left of the project's budget beside the reserve.
    """
    whole, found = total(reserve), burn(reserve, elapsed)
    projected = None if found.projected is None else found.projected * whole.budget
    over = None if projected is None else max(Decimal(0), projected - whole.budget)
    covered = None if over is None or remaining is None else over <= remaining
    cost = whole.actual + whole.committed
    return Hypercare(whole.budget, cost, found, projected, over, covered)
