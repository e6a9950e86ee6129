"""Where the progress of a plan leads: the recent slope, earned schedule and a range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from adoption.progress.courses import percent_at
from adoption.progress.trends import (
    EarnedSchedule,
    Point,
    Trend,
    earned_schedule,
    fit_trend,
    half_width,
    time_reached,
)

FEWEST_POINTS = 3
_STEPS = 24


@dataclass(frozen=True, slots=True)
class OutlookStep:
    """A point of the forecast: the line and the range that holds eight times out of ten."""

    at: float
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PlanOutlook:
    """A plan at one moment. Times are in the unit of the courses.

    `behind` is the time by which what is done lags what was planned (negative: ahead of it).
    `recent` is when the recent slope reaches 100, `cautious` when earned schedule does; None
    where it never does or too little is known.
    """

    at: float
    planned: float
    done: float
    earned: EarnedSchedule | None
    behind: float | None
    trend: Trend | None
    recent: float | None
    cautious: float | None
    steps: tuple[OutlookStep, ...]

    @property
    def finishes(self) -> tuple[float, float] | None:
        """The earlier and the later of both forecasts; None without any."""
        found = [finish for finish in (self.recent, self.cautious) if finish is not None]
        return (min(found), max(found)) if found else None


def look_ahead(
    planned: Sequence[Point], done: Sequence[Point], *, since: float = -math.inf
) -> PlanOutlook | None:
    """The outlook from the last point done; None before anything is known of either.

    `since` is where the recent slope begins: the last change of the plan, or some weeks back.
    """
    if not planned or not done:
        return None
    at, level = done[-1]
    trend = fit_trend(done, since=since)
    if trend is not None and trend.count < FEWEST_POINTS:
        trend = None
    earned = earned_schedule(planned, at=at, done=level)
    is_open = level < 100
    return PlanOutlook(
        at=at,
        planned=percent_at(planned, at),
        done=level,
        earned=earned,
        behind=None if earned is None else _behind(planned, at, earned),
        trend=trend if is_open else None,
        recent=_recent(at, level, trend) if is_open else None,
        cautious=_cautious(at, earned) if is_open else None,
        steps=_steps(planned, at, level, trend) if is_open and trend else (),
    )


def _behind(planned: Sequence[Point], at: float, earned: EarnedSchedule) -> float:
    """Time past less time earned; after the planned finish time goes on passing."""
    return at - planned[0][0] - earned.earned


def _recent(at: float, level: float, trend: Trend | None) -> float | None:
    if trend is None or trend.slope <= 0:
        return None
    return time_reached(at=at, now=level, goal=100, slope=trend.slope)


def _cautious(at: float, earned: EarnedSchedule | None) -> float | None:
    """Never in the past: work that is open ends after today."""
    return None if earned is None or earned.finish is None else max(at, earned.finish)


def _steps(
    planned: Sequence[Point], at: float, level: float, trend: Trend
) -> tuple[OutlookStep, ...]:
    """From now to where the line meets 100, or to the planned finish where it never does."""
    end = _recent(at, level, trend) or max(planned[-1][0], at + trend.span)
    found = []
    for part in range(_STEPS + 1):
        ahead = (end - at) * part / _STEPS
        line, reach = level + trend.slope * ahead, half_width(trend, ahead)
        low, high = max(level, line - reach), min(100.0, line + reach)
        found.append(OutlookStep(at + ahead, min(100.0, max(level, line)), low, max(low, high)))
    return tuple(found)
