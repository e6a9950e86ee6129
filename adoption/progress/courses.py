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
    works, whole = _planned_works(plan)
    return course_of(works, whole=whole)


def planned_percent(plan: Plan, *, at: float) -> float | None:
    """What `planned_course` reaches at one point, without its corners; None where nothing is
    planned."""
    works, whole = _planned_works(plan)
    return None if whole <= 0 else percent_of_works(works, whole=whole, at=at)


def percent_of_works(works: Iterable[Work], *, whole: float, at: float) -> float:
    """`percent_at` of the course of these works."""
    done = 0.0
    for work in works:
        start = min(work.start, work.finish - 1)
        if at >= work.finish:
            done += work.weight
        elif at > start:
            done += work.weight * (at - start) / (work.finish - start)
    return min(100.0, max(0.0, 100 * done / whole)) if whole > 0 else 0.0


def _planned_works(plan: Plan) -> tuple[list[Work], float]:
    schedule = calculate(_untouched(plan))
    leaves = schedule.network.leaves
    weights = weights_of([plan.activities[i] for i in leaves])
    columns, point = schedule.columns, schedule.planned_point
    works = [
        Work(point(i), point(i) + columns.early_finish[i] - columns.early_start[i], weight)
        for i, weight in zip(leaves, weights, strict=True)
    ]
    return works, sum(weights)


def _untouched(plan: Plan) -> Plan:
    activities = (
        replace(activity, actual_start=None, actual_finish=None, remaining=None, percent=0)
        if activity.percent or activity.actual_start or activity.actual_finish
        else activity
        for activity in plan.activities
    )
    return replace(plan, activities=tuple(activities), status_at=None)


def done_course(schedule: Schedule, *, at: int) -> tuple[Point, ...]:
    """What is done, spread from each actual start to its actual finish, or to the point `at`."""
    plan, network = schedule.plan, schedule.network
    weights = weights_of([plan.activities[i] for i in network.leaves])
    works = [
        Work(
            min(network.began.get(i, at), ended := min(network.ended.get(i, at), at)),
            ended,
            weight * _share_done(schedule, i),
        )
        for i, weight in zip(network.leaves, weights, strict=True)
    ]
    return course_of(works, whole=sum(weights))


def done_percent(schedule: Schedule) -> float:
    """Where `done_course` ends, whatever its point: all that is done."""
    plan, leaves = schedule.plan, schedule.network.leaves
    weights = weights_of([plan.activities[i] for i in leaves])
    done = sum(weight * _share_done(schedule, i) for i, weight in zip(leaves, weights, strict=True))
    return min(100.0, 100 * done / sum(weights)) if done > 0 else 0.0


def _share_done(schedule: Schedule, i: int) -> float:
    """0 to 1."""
    ended = i in schedule.network.ended
    return 1.0 if ended else schedule.plan.activities[i].percent / 100
