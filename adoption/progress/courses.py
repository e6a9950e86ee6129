"""Percent complete of a whole plan over time, as it was planned and as it was done.

Times are points on the working axis, so that a free day is no time at all. A course is the
corners of a line that never falls; percents are 0 to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from adoption.progress.trends import Point
from adoption.scheduling import Plan, Schedule, calculate
from adoption.scheduling.rollup import weights_of


@dataclass(frozen=True, slots=True)
class Work:
    """Some work spread evenly from `start` to `finish`; `weight` is its share, in any unit."""

    start: float
    finish: float
    weight: float


def course_of(works: Iterable[Work], *, whole: float) -> tuple[Point, ...]:
    """How much of `whole` is done by when, if each work goes on evenly; () when none has weight.

    Work without length is done in the last minute before its finish.
    """
    turns: dict[float, float] = {}
    for work in works:
        if work.weight <= 0 or whole <= 0:
            continue
        start = min(work.start, work.finish - 1)
        rate = work.weight / (work.finish - start)
        turns[start] = turns.get(start, 0.0) + rate
        turns[work.finish] = turns.get(work.finish, 0.0) - rate
    return tuple(_corners(turns, whole))


def _corners(turns: dict[float, float], whole: float) -> Iterable[Point]:
    """A line's corners from the changes of its slope."""
    level = rate = 0.0
    last: float | None = None
    for at in sorted(turns):
        level += 0 if last is None else rate * (at - last)
        yield at, min(100.0, max(0.0, 100 * level / whole))
        rate, last = rate + turns[at], at


def percent_at(course: Sequence[Point], at: float) -> float:
    """The percent a course has reached: straight between its corners, level outside; 0 if empty."""
    if not course or at < course[0][0]:
        return 0.0
    for (left, low), (right, high) in pairwise(course):
        if at < right:
            return low + (high - low) * (at - left) / (right - left)
    return course[-1][1]


def planned_course(plan: Plan) -> tuple[Point, ...]:
    """What the plan asks for as it is written: its dates as if nothing were done yet.

    What is done and a status date move the dates of open work, so they would always agree with
    themselves; the planned line therefore comes from durations, links and constraints alone.
    """
    schedule = calculate(_untouched(plan))
    leaves = schedule.network.leaves
    weights = weights_of([plan.activities[i] for i in leaves])
    columns, point = schedule.columns, schedule.planned_point
    works = [
        Work(point(i), point(i) + columns.early_finish[i] - columns.early_start[i], weight)
        for i, weight in zip(leaves, weights, strict=True)
    ]
    return course_of(works, whole=sum(weights))


def _untouched(plan: Plan) -> Plan:
    activities = (
        replace(activity, actual_start=None, actual_finish=None, remaining=None, percent=0)
        for activity in plan.activities
    )
    return replace(plan, activities=tuple(activities), status_at=None)


def done_course(schedule: Schedule, *, at: int) -> tuple[Point, ...]:
    """What is done, spread from each actual start to its actual finish, or to the point `at`."""
    plan, network = schedule.plan, schedule.network
    leaves = network.leaves
    weights = weights_of([plan.activities[i] for i in leaves])
    works = [
        Work(
            min(network.began.get(i, at), ended := min(network.ended.get(i, at), at)),
            ended,
            weight * (100 if i in network.ended else plan.activities[i].percent) / 100,
        )
        for i, weight in zip(leaves, weights, strict=True)
    ]
    return course_of(works, whole=sum(weights))
