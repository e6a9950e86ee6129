"""Where a series of points is going: recent slope, likely range, earned schedule.

Plans and measures alike are forecast with these. A point is a time and an amount; the unit of
time is the caller's (days for measures, working minutes for plans).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

# Standard normal quantile of a range that holds eight times out of ten.
LIKELY = 1.2816


@dataclass(frozen=True, slots=True)
class Trend:
    """A line fitted to points: change per unit of time and spread of single steps around it.

    count is the number of points, span the time and moved the change from the first to the last.
    """

    slope: float
    spread: float
    count: int
    span: float
    moved: float


def fit_trend(points: Sequence[Point], *, since: float = -math.inf) -> Trend | None:
    """Least-squares slope of the points from `since` on; None with fewer than two moments.

    The spread is the standard deviation of single steps around the slope, each divided by the
    root of its length, as in the drift method (Hyndman and Athanasopoulos, Forecasting, 5.5).
    """
    used = [point for point in points if point[0] >= since]
    if len({at for at, _ in used}) < 2:
        return None
    slope = _slope(used)
    steps = [((y2 - y1) - slope * (x2 - x1), x2 - x1) for (x1, y1), (x2, y2) in pairwise(used)]
    squares = sum(miss * miss / length for miss, length in steps if length > 0)
    spread = math.sqrt(squares / max(1, len(steps) - 1))
    (first, low), (last, high) = used[0], used[-1]
    return Trend(slope, spread, len(used), last - first, high - low)


def _slope(points: Sequence[Point]) -> float:
    mean_x = math.fsum(x for x, _ in points) / len(points)
    mean_y = math.fsum(y for _, y in points) / len(points)
    across = math.fsum((x - mean_x) * (y - mean_y) for x, y in points)
    return across / math.fsum((x - mean_x) ** 2 for x, _ in points)


def half_width(trend: Trend, ahead: float) -> float:
    """Half the likely range after `ahead` units of time: z * s * sqrt(h * (1 + h / T)).

    Drift method (Hyndman and Athanasopoulos, Forecasting, 5.5); zero at the last reading.
    """
    return LIKELY * trend.spread * math.sqrt(ahead * (1 + ahead / trend.span))


def time_reached(*, at: float, now: float, goal: float, slope: float) -> float | None:
    """When a straight line from the last reading meets the goal: AT + (goal - now) / slope.

    The present when it is met exactly; None when the line leads away or is level.
    """
    if goal == now:
        return at
    if slope == 0 or (goal - now) / slope < 0:
        return None
    return at + (goal - now) / slope


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """Planned time already earned, the schedule index SPI(t) and the finish it leads to."""

    earned: float
    index: float
    finish: float | None


def earned_schedule(planned: Sequence[Point], *, at: float, done: float) -> EarnedSchedule | None:
    """Earned schedule of a planned course (Lipke), for rising and falling courses.

    ES = C + (EV - PV_C) / (PV_C+1 - PV_C), SPI(t) = ES / AT, finish = start + PD / SPI(t); times
    count from the first planned point. None before the course has begun.
    """
    start, elapsed = planned[0][0], at - planned[0][0]
    if elapsed <= 0:
        return None
    earned = _earned_time(planned, done) - start
    index = earned / elapsed
    finish = start + (planned[-1][0] - start) / index if index > 0 else None
    return EarnedSchedule(earned, index, finish)


def _earned_time(planned: Sequence[Point], done: float) -> float:
    """The latest moment up to which the plan asked for no more than what is done."""
    sign = 1 if planned[-1][1] >= planned[0][1] else -1
    earned = planned[0][0]
    for (left, low), (right, high) in pairwise(planned):
        if sign * done < sign * low:
            break
        if sign * done >= sign * high:
            earned = right
        else:
            return left + (right - left) * (done - low) / (high - low)
    return earned
