"""Work that sets the finish of a plan and ends later than the baseline says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from adoption.models import WorkPackage
from adoption.queries.versions import get_ghosts
from metrics.cadence import NEAR_FLOAT
from metrics.queries.planning import MINUTES_A_DAY, packages_of


@dataclass(frozen=True, slots=True)
class Slipped:
    """One open work package; `was` is its finish in the chosen baseline."""

    uid: str
    name: str
    was: date
    now: date
    float_days: float


def get_slipped(*, engagement_ids: Iterable[UUID]) -> dict[UUID, tuple[Slipped, ...]]:
    """Critical and nearly critical work that ends later than its baseline, by engagement."""
    rows = packages_of(engagement_ids).filter(
        is_summary=False,
        duration__gt=0,
        done_percent__lt=100,
        total_float__lte=NEAR_FLOAT * MINUTES_A_DAY,
    )
    by_plan: dict[UUID, list[WorkPackage]] = defaultdict(list)
    for row in rows.order_by("position"):
        by_plan[row.plan_id].append(row)
    found = {}
    for plan_id, packages in by_plan.items():
        ghosts = get_ghosts(plan_id=plan_id)
        late = [_slipped(row, ghosts[row.uid][1].date()) for row in packages if row.uid in ghosts]
        found[packages[0].plan.engagement_id] = tuple(one for one in late if one.now > one.was)
    return found


def _slipped(row: WorkPackage, was: date) -> Slipped:
    name = f"{row.outline} {row.name}"
    return Slipped(row.uid, name, was, row.finish.date(), row.total_float / MINUTES_A_DAY)
