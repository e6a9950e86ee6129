"""Reads of plans, as values that page, CSV and API share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adoption.adapters.calendars import calendar_from_json
from adoption.models import Dependency, Plan, WorkPackage
from adoption.scheduling import Calendar
from rendering.sentences import sentence_from_json
from rendering.translation import translated


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
    """A whole plan: rows in outline order, links between them, and what it comes to.

    `start_at` and `calendar` are what it is reckoned from, `start` is where its first row begins.
    """

    id: UUID
    engagement_id: UUID
    start_at: datetime
    calendar: Calendar
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


def get_plan(*, engagement_id: UUID) -> PlanView | None:
    """The plan of an engagement, or None when it has none yet."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    return view_of(plan, WorkPackage.objects.filter(plan=plan), links_of(plan))


def view_of(plan: Plan, packages: Iterable[Any], links: Iterable[PlanLink]) -> PlanView:
    """The plan with these links and rows; the rows are all of its own in outline order, work
    packages or tuples with the same names."""
    calendar = calendar_from_json(plan.calendar)
    day = calendar.day_minutes
    rows = tuple(_row(row, day) for row in packages)
    leaves = [row for row in rows if not row.is_summary]
    return PlanView(
        id=plan.pk,
        engagement_id=plan.engagement_id,
        start_at=plan.start_at,
        calendar=calendar,
        name=plan.name,
        file_name=plan.file_name,
        start=plan.start,
        finish=plan.finish,
        rows=rows,
        links=tuple(links),
        packages=len(leaves),
        done=sum(row.is_done for row in leaves),
        critical=sum(row.critical for row in leaves),
        percent=_percent(leaves),
        day_hours=day / 60,
        follows_today=plan.follows_today,
        status_at=plan.status_at,
        warnings=warnings_of(plan),
        imported_at=plan.imported_at,
        scheduled_at=plan.scheduled_at,
    )


def warnings_of(plan: Plan) -> tuple[str, ...]:
    """What of a plan's file was read differently, in the reader's language."""
    return tuple(translated(sentence_from_json(words)) for words in plan.warnings)


def _row(row: Any, day: int) -> PlanRow:
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


def links_of(plan: Plan, *, among: Iterable[UUID] | None = None) -> tuple[PlanLink, ...]:
    """The links of a plan; those between packages that are `among` these, if any are named."""
    links = Dependency.objects.filter(plan=plan)
    if among is not None:
        among = list(among)
        links = links.filter(before__in=among, after__in=among)
    return tuple(PlanLink(*row) for row in links.values_list("before_id", "after_id", "type"))


def _percent(leaves: Iterable[PlanRow]) -> float:
    """Percent complete over the leaves, weighted by duration."""
    weighted = [(row.duration_days, row.percent) for row in leaves]
    total = sum(weight for weight, _percent in weighted)
    return sum(weight * done for weight, done in weighted) / total if total else 0.0
