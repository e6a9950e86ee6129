"""What the schedule says of a plan's rows, and how it is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from adoption import scheduling
from adoption.scheduling import Schedule


@dataclass(frozen=True, slots=True)
class Placed:
    """The schedule's columns of one row, in the order of `COMPUTED`."""

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


_columns = attrgetter(*COMPUTED)


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


def moved(rows: Iterable[Any], placed: dict[str, Placed]) -> list[tuple[UUID, Placed]]:
    """The rows that the schedule places otherwise than they are stored."""
    found = ((row, placed[str(row.id)]) for row in rows)
    return [(row.id, place) for row, place in found if _columns(row) != _columns(place)]


def store(changed: Sequence[tuple[UUID, Placed]]) -> None:
    """Write many rows' computed columns in one statement; names come from `COMPUTED` alone."""
    if not changed:
        return
    sets = ", ".join(f'"{name}" = new."{name}"' for name in COMPUTED)
    columns = ", ".join(f'"{name}"' for name in COMPUTED)
    arrays = ", ".join(f"%s::{kind}[]" for kind in COMPUTED.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE adoption_workpackage SET {sets}"  # noqa: S608
            f" FROM unnest(%s::uuid[], {arrays}) AS new(id, {columns})"
            " WHERE adoption_workpackage.id = new.id",
            [
                [pk for pk, _placed in changed],
                *map(list, zip(*(_columns(placed) for _pk, placed in changed), strict=True)),
            ],
        )
