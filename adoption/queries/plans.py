"""Reads of plans, as values that page, CSV and API share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from adoption.adapters.calendars import calendar_from_json
from adoption.models import Dependency, Plan, WorkPackage
from adoption.scheduling import Calendar, UnknownRegion, workweek
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the outline. Times are the customer's wall clock; float is in working days."""

    id: UUID
    uid: str
    outline: str
    level: int
    name: str
    owner: str
    is_summary: bool
    is_milestone: bool
    duration_days: float
    start: datetime
    finish: datetime
    late_finish: datetime | None
    total_float_days: float
    free_float_days: float | None
    critical: bool
    percent: float
    constraint: str
    constraint_at: datetime | None
    deadline_at: datetime | None

    @property
    def is_done(self) -> bool:
        return self.percent >= 100


@dataclass(frozen=True, slots=True)
class PlanLink:
    before: UUID
    after: UUID
    type: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A whole plan: rows in outline order, links between them, and what it comes to."""

    id: UUID
    name: str
    file_name: str
    start: datetime
    finish: datetime
    rows: tuple[PlanRow, ...]
    links: tuple[PlanLink, ...]
    packages: int
    done: int
    critical: int
    percent: float
    day_hours: float
    follows_today: bool
    status_at: datetime | None
    warnings: tuple[str, ...]
    imported_at: datetime
    scheduled_at: datetime

    @property
    def late_against_deadlines(self) -> int:
        """Packages with negative float: a deadline or constraint that the plan breaks."""
        return sum(row.total_float_days < 0 and not row.is_summary for row in self.rows)


def get_usual_calendar(*, on: date) -> Calendar:
    """The working week of the workspace in force, its public holidays free, as made on a day."""
    tenant = Tenant.objects.only("working_days", "holiday_region").get(pk=current_tenant_id())
    try:
        return workweek(days=tenant.working_days, region=tenant.holiday_region, around=on)
    except UnknownRegion:
        # A region may leave the library that knows the days; the week still stands.
        return workweek(days=tenant.working_days, region="", around=on)


def get_plan(*, engagement_id: UUID) -> PlanView | None:
    """The plan of an engagement, or None when it has none yet."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    return None if plan is None else view_of(plan, WorkPackage.objects.filter(plan=plan))


def view_of(plan: Plan, packages: Iterable[WorkPackage]) -> PlanView:
    """The plan with these rows, which are all of its own in outline order."""
    day = calendar_from_json(plan.calendar).day_minutes
    rows = tuple(_row(row, day) for row in packages)
    leaves = [row for row in rows if not row.is_summary]
    return PlanView(
        id=plan.pk,
        name=plan.name,
        file_name=plan.file_name,
        start=plan.start,
        finish=plan.finish,
        rows=rows,
        links=_links(plan),
        packages=len(leaves),
        done=sum(row.is_done for row in leaves),
        critical=sum(row.critical for row in leaves),
        percent=_percent(leaves),
        day_hours=day / 60,
        follows_today=plan.follows_today,
        status_at=plan.status_at,
        warnings=tuple(plan.warnings),
        imported_at=plan.imported_at,
        scheduled_at=plan.scheduled_at,
    )


def _row(row: WorkPackage, day: int) -> PlanRow:
    return PlanRow(
        id=row.pk,
        uid=row.uid,
        outline=row.outline,
        level=row.level,
        name=row.name,
        owner=row.owner,
        is_summary=row.is_summary,
        is_milestone=row.duration == 0 and not row.is_summary,
        duration_days=row.duration / (1440 if row.elapsed else day),
        start=row.start,
        finish=row.finish,
        late_finish=row.late_finish,
        total_float_days=row.total_float / day,
        free_float_days=None if row.free_float is None else row.free_float / day,
        critical=row.critical,
        percent=row.done_percent,
        constraint=row.constraint,
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
    )


def _links(plan: Plan) -> tuple[PlanLink, ...]:
    rows = Dependency.objects.filter(plan=plan).values_list("before_id", "after_id", "type")
    return tuple(PlanLink(*row) for row in rows)


def _percent(leaves: Iterable[PlanRow]) -> float:
    """Percent complete over the leaves, weighted by duration."""
    weighted = [(row.duration_days, row.percent) for row in leaves]
    total = sum(weight for weight, _percent in weighted)
    return sum(weight * done for weight, done in weighted) / total if total else 0.0
