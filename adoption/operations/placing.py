"""What the schedule says of a plan's rows, and how it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from adoption import scheduling
from adoption.models import Plan
from adoption.operations.columns import Statement, updating, write_columns
from adoption.scheduling import Schedule


class Placed(NamedTuple):
    """The schedule's columns of one row, in the order of `COMPUTED`.

    A named tuple, because a night makes a million of them and compares each.
    """

    early_start: datetime | None
    early_finish: datetime | None
    late_start: datetime | None
    late_finish: datetime | None
    start: datetime
    finish: datetime
    total_float: int
    free_float: int | None
    critical: bool
    done_percent: float


COMPUTED = {
    "early_start": "timestamp",
    "early_finish": "timestamp",
    "late_start": "timestamp",
    "late_finish": "timestamp",
    "start": "timestamp",
    "finish": "timestamp",
    "total_float": "integer",
    "free_float": "integer",
    "critical": "boolean",
    "done_percent": "double precision",
}


# What of a plan follows from its schedule.
HEAD = {
    "start": "timestamp",
    "finish": "timestamp",
    "scheduled_at": "timestamptz",
    "status_at": "timestamp",
}
computed = attrgetter(*COMPUTED)


def placed_rows(schedule: Schedule) -> dict[str, Placed]:
    """What the schedule says of every row by key, leaves and summaries."""
    stated = {activity.key: activity.percent for activity in schedule.plan.activities}
    placed = {
        leaf.key: Placed(
            leaf.early_start,
            leaf.early_finish,
            leaf.late_start,
            leaf.late_finish,
            leaf.start,
            leaf.finish,
            leaf.total_float,
            leaf.free_float,
            leaf.critical,
            100.0 if leaf.finished else stated[leaf.key],
        )
        for leaf in schedule
    }
    return placed | {
        key: Placed(
            None, None, None, None, row.start, row.finish, row.total_float, None, row.critical,
            row.percent,
        )
        for key, row in scheduling.roll_up(schedule).items()
    }  # fmt: skip


def moved(rows: Iterable[Any], placed: dict[str, Placed]) -> list[tuple[Any, Placed]]:
    """The rows that the schedule places otherwise than they are stored, by their ids."""
    found = ((row, placed[str(row.id)]) for row in rows)
    return [(row.id, place) for row, place in found if computed(row) != place]


def store(changed: Sequence[tuple[Any, Placed]]) -> None:
    """Write many rows' computed columns in one statement."""
    write_columns("adoption_workpackage", COMPUTED, changed)


def updating_plans(plans: Sequence[Plan], columns: Mapping[str, str]) -> list[Statement]:
    """What writes where plans stand."""
    of = attrgetter(*columns)
    return updating("adoption_plan", columns, [(plan.pk, of(plan)) for plan in plans])
