"""Summaries: what their leaves add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor

from adoption.scheduling.plan import Activity
from adoption.scheduling.schedule import Schedule, ScheduledActivity


@dataclass(frozen=True, slots=True)
class Summary:
    """`percent` is 0 to 100 and reaches 100 only when every leaf is complete."""

    key: str
    start: datetime
    finish: datetime
    percent: float
    complete: bool
    critical: bool
    total_float: int


def roll_up(schedule: Schedule) -> dict[str, Summary]:
    """Every summary by key: first start, last finish, least float, percent from the leaves.

    Percent weighs leaves by planned effort, by duration where a leaf below has no effort;
    milestones have no weight and count as stated only where there is nothing else.
    """
    outline = schedule.network.outline
    return {
        outline.activities[i].key: _summarise(schedule, i, outline.leaves_below(i))
        for i in outline.summaries
    }


def _summarise(schedule: Schedule, i: int, leaves: list[int]) -> Summary:
    activities = [schedule.plan.activities[leaf] for leaf in leaves]
    rows = [schedule[activity.key] for activity in activities]
    complete = all(map(_is_complete, activities))
    return Summary(
        key=schedule.plan.activities[i].key,
        start=min(row.start for row in rows),
        finish=max(row.finish for row in rows),
        percent=percent_of(activities),
        complete=complete,
        critical=any(row.critical for row in rows),
        total_float=_least_float(rows),
    )


def percent_of(leaves: list[Activity]) -> float:
    """Percent complete of several leaves together, to one decimal, rounded down."""
    if all(map(_is_complete, leaves)):
        return 100.0
    pairs = [*zip(weights_of(leaves), map(_percent, leaves), strict=True)]
    total = sum(weight for weight, _ in pairs)
    done = sum(weight * percent for weight, percent in pairs) / total
    return min(99.9, floor(done * 10 + 1e-9) / 10)


def weights_of(leaves: list[Activity]) -> list[int]:
    """What each leaf counts for: its planned effort, its duration where one has no effort;
    milestones only where there is nothing else."""
    efforts = [leaf.effort for leaf in leaves if leaf.duration or leaf.effort]
    if None in efforts or not any(efforts):
        weights = [leaf.duration for leaf in leaves]
    else:
        weights = [leaf.effort or 0 for leaf in leaves]
    return weights if any(weights) else [1] * len(leaves)


def _percent(leaf: Activity) -> float:
    return 100.0 if _is_complete(leaf) else leaf.percent


def _is_complete(leaf: Activity) -> bool:
    return leaf.actual_finish is not None or leaf.percent >= 100


def _least_float(rows: list[ScheduledActivity]) -> int:
    """Of the unfinished leaves; 0 when all are finished."""
    return min((row.total_float for row in rows if not row.finished), default=0)
