"""Work that sets the finish of a plan and ends later than the baseline says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from adoption.models import WorkPackage
from adoption.queries.versions import get_ghosts
from metrics.alerting import Late
from metrics.cadence import NEAR_FLOAT
from metrics.queries.planning import MINUTES_A_DAY, packages_of


@dataclass(frozen=True, slots=True)
class SlippedPlan:
    """The open work of a plan that slips; `was` is the finish of the baseline, `now` the plan's."""

    packages: tuple[Late, ...]
    was: date
    now: date


def get_slipped(*, engagement_ids: Iterable[UUID]) -> dict[UUID, SlippedPlan]:
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
    found = {packages[0].plan.engagement_id: _slipped(packages) for packages in by_plan.values()}
    return {engagement_id: plan for engagement_id, plan in found.items() if plan is not None}


def _slipped(packages: list[WorkPackage]) -> SlippedPlan | None:
    plan = packages[0].plan
    ghosts = get_ghosts(plan_id=plan.pk)
    late = [_late(row, ghosts[row.uid][1].date()) for row in packages if row.uid in ghosts]
    slipped = tuple(one for one in late if one.now > one.was)
    if not slipped:
        return None
    was = max(finish for _start, finish in ghosts.values()).date()
    now = plan.finish.date() if plan.finish else max(row.finish for row in packages).date()
    return SlippedPlan(slipped, was, now)


def _late(row: WorkPackage, was: date) -> Late:
    name = f"{row.outline} {row.name}"
    return Late(row.uid, name, was, row.finish.date(), row.total_float / MINUTES_A_DAY)
