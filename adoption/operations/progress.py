"""What is noted of each plan every night, because it cannot be computed again later."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from adoption.models import Plan, PlanProgress
from adoption.progress import done_percent, planned_percent
from adoption.scheduling import Schedule

ROWS_AT_ONCE = 2000


def progress_of(plan: Plan, schedule: Schedule, *, day: date) -> PlanProgress | None:
    """How far a plan is at the end of a day; None for one without work or long finished."""
    at = schedule.axis.point(datetime.combine(day + timedelta(days=1), time()))
    is_over = len(schedule.network.ended) == len(schedule) and schedule.finish.date() < day
    planned = None if is_over else planned_percent(schedule.plan, at=at)
    if planned is None:
        return None
    return PlanProgress(
        customer_id=plan.customer_id,
        plan=plan,
        day=day,
        planned_percent=planned,
        done_percent=done_percent(schedule),
        finish=schedule.finish,
    )


def keep_progress(rows: Sequence[PlanProgress]) -> None:
    """Store a day of many plans in one statement; a day noted before is noted anew."""
    PlanProgress.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "plan", "day"],
        update_fields=["planned_percent", "done_percent", "finish"],
    )
