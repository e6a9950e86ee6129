"""Reads of what comes next in plans."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from adoption.models import Plan, WorkPackage

NEXT_STEPS = 4


@dataclass(frozen=True, slots=True)
class PlanStep:
    """An open work package."""

    name: str
    start: datetime
    finish: datetime
    owner: str
    critical: bool
    percent: float


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in one line, and the next steps that set its finish."""

    start: datetime
    finish: datetime
    packages: int
    done: int
    critical: tuple[PlanStep, ...]
    scheduled_at: datetime


def get_planned_engagement_ids() -> set[UUID]:
    """Engagements that have a plan."""
    return set(Plan.objects.values_list("engagement_id", flat=True))


def get_plan_summary(*, engagement_id: UUID) -> PlanSummary | None:
    """The plan in one line, or None when there is none."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    counts = WorkPackage.objects.filter(plan=plan, is_summary=False).aggregate(
        packages=Count("id"), done=Count("id", filter=Q(done_percent__gte=100))
    )
    return PlanSummary(
        start=plan.start,
        finish=plan.finish,
        packages=counts["packages"],
        done=counts["done"],
        critical=_next_critical(plan),
        scheduled_at=plan.scheduled_at,
    )


def get_next_steps(*, engagement_id: UUID, limit: int) -> tuple[PlanStep, ...]:
    """The open work packages that are under way or begin next, in the order of their start."""
    return _steps(_open_packages().filter(plan__engagement_id=engagement_id), limit)


def _next_critical(plan: Plan) -> tuple[PlanStep, ...]:
    return _steps(_open_packages().filter(plan=plan, critical=True), NEXT_STEPS)


def _open_packages() -> QuerySet[WorkPackage]:
    return WorkPackage.objects.filter(
        plan__what_if_of=None, is_summary=False, done_percent__lt=100, duration__gt=0
    )


def _steps(rows: QuerySet[WorkPackage], limit: int) -> tuple[PlanStep, ...]:
    found = rows.order_by("start", "position")[:limit]
    return tuple(
        PlanStep(row.name, row.start, row.finish, row.owner, row.critical, row.done_percent)
        for row in found
    )
