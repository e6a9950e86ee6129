"""What is noted of each plan every night, because it cannot be computed again later."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from adoption.models import Plan, PlanProgress
from adoption.progress import done_course, percent_at, planned_course
from adoption.scheduling import Schedule

ROWS_AT_ONCE = 2000


def progress_of(plan: Plan, schedule: Schedule, *, day: date) -> PlanProgress | None:
    """How far a plan is at the end of a day; None for one without work or long finished."""
    at = schedule.axis.point(datetime.combine(day + timedelta(days=1), time()))
    planned, done = planned_course(schedule.plan), done_course(schedule, at=at)
    is_over = len(schedule.network.ended) == len(schedule) and schedule.finish.date() < day
    if not planned or is_over:
        return None
    return PlanProgress(
        customer_id=plan.customer_id,
        plan=plan,
        day=day,
        planned_percent=percent_at(planned, at),
        done_percent=done[-1][1] if done else 0.0,
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
