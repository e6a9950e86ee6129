"""How far a plan's rows stand from where the chosen baseline has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adoption.queries.plans import PlanRow, PlanView
from adoption.scheduling import Axis


@dataclass(frozen=True, slots=True)
class Variance:
    """Where the baseline has a row, and by how many working days the row is later; minus: earlier."""

    start: datetime
    finish: datetime
    start_days: float
    finish_days: float


def get_variances(
    *, plan: PlanView, agreed: Mapping[str, tuple[datetime, datetime]], rows: Iterable[PlanRow]
) -> dict[UUID, Variance]:
    """Of the rows that the baseline knows, by id; `agreed` as `get_ghosts` answers it. Days are those
    of the plan's working time."""
    axis, day = Axis(plan.calendar, plan.start_at), plan.calendar.day_minutes
    found = {}
    for row in rows:
        then = agreed.get(row.uid)
        if then is not None:
            found[row.id] = Variance(
                *then,
                round((axis.point(row.start) - axis.point(then[0])) / day, 2),
                round((axis.point(row.finish) - axis.point(then[1])) / day, 2),
            )
    return found
