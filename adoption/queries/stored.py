"""A stored plan as the arithmetic takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adoption import scheduling
from adoption.adapters.calendars import calendar_from_json
from adoption.models import Dependency, Plan, WorkPackage
from adoption.scheduling import Activity, Calendar, ConstraintType, Link, LinkType, Schedule

# The columns of a row that its dates follow from.
SCHEDULED = (
    "id",
    "name",
    "parent_id",
    "duration",
    "elapsed",
    "manual",
    "constraint",
    "constraint_at",
    "deadline_at",
    "actual_start",
    "actual_finish",
    "remaining",
    "percent",
    "effort",
    "calendar_key",
)


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A plan with its rows in outline order and its schedule; keys are the rows' ids as text.

    `links` are tuples with the columns of a dependency.
    """

    plan: Plan
    rows: tuple[WorkPackage, ...]
    schedule: Schedule
    links: tuple[Any, ...] = ()


def get_schedule(*, plan: Plan) -> StoredSchedule:
    """Read a plan's rows and links and schedule them, as they were scheduled when stored."""
    rows = tuple(WorkPackage.objects.filter(plan=plan))
    links: tuple[Any, ...] = tuple(
        Dependency.objects.filter(plan=plan).values_list(
            "id", "before_id", "after_id", "type", "lag", "elapsed", named=True
        )
    )
    return StoredSchedule(plan, rows, scheduling.calculate(stored_plan(plan, rows, links)), links)


def stored_plan(plan: Plan, packages: Iterable[Any], links: Iterable[Any]) -> scheduling.Plan:
    """A stored plan as the arithmetic takes it; keys are the rows' ids as text.

    `packages` have at least the columns of `SCHEDULED`, in the order of the outline.
    """
    calendars = calendars_of(plan)
    return scheduling.Plan(
        start=plan.start_at,
        activities=tuple(_activity(row, calendars) for row in packages),
        links=tuple(
            Link(str(row.before_id), str(row.after_id), LinkType(row.type), row.lag, row.elapsed)
            for row in links
        ),
        calendar=calendar_from_json(plan.calendar),
        status_at=plan.status_at,
        critical_float=plan.critical_float,
    )


def calendars_of(plan: Plan) -> dict[str, Calendar]:
    """Calendars that rows of the plan are worked on by beside the plan's own, by key."""
    return {key: calendar_from_json(stored) for key, stored in plan.calendars.items()}


def _activity(row: Any, calendars: Mapping[str, Calendar]) -> Activity:
    return Activity(
        key=str(row.id),
        name=row.name,
        duration=row.duration,
        parent=str(row.parent_id) if row.parent_id else None,
        elapsed=row.elapsed,
        manual=row.manual,
        constraint=ConstraintType(row.constraint),
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        remaining=row.remaining,
        percent=row.percent,
        effort=row.effort,
        calendar=calendars.get(row.calendar_key),
    )
