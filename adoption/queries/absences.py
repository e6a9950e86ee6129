"""What a change of somebody's time would move, before it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adoption import scheduling
from adoption.models import Assignment, Plan, Resource
from adoption.queries.own_time import get_own_times
from adoption.queries.stored import StoredRow, StoredSchedule, get_schedule, stored_plan
from adoption.scheduling import Schedule
from adoption.scheduling.terms import Terms


@dataclass(frozen=True, slots=True)
class Shifted:
    """A package that would be worked on at other times; `needs_it` says that it is one that
    needs the resource itself. `days` are working days by which its start moves."""

    id: UUID
    outline: str
    name: str
    start_before: datetime
    start_after: datetime
    finish_before: datetime
    finish_after: datetime
    days: float
    needs_it: bool


@dataclass(frozen=True, slots=True)
class AbsencePreview:
    moved: tuple[Shifted, ...]
    finish_before: datetime
    finish_after: datetime
    finish_days: float


def get_absence_preview(*, plan: Plan, resource: Resource, terms: Terms) -> AbsencePreview:
    """What moves when a resource has these terms; nothing is kept.

    Raises NeverTogether, NoWorkingTime and OutOfReach as the change itself would.
    """
    stored = get_schedule(plan=plan)
    found = get_own_times(plan=plan, changed={resource.pk: terms})
    kept = {row.pk: row.calendar_key for row in stored.rows if row.pk in found.hidden}
    keys = kept | dict(found.keys)
    after = _schedule_with(stored, dict(found.calendars), keys)
    needing = set(
        Assignment.objects.filter(
            package__in=[row.pk for row in stored.rows], resource=resource
        ).values_list("package_id", flat=True)
    )
    before, day = stored.schedule, plan_day(stored.schedule)
    return AbsencePreview(
        moved=tuple(_shifted(before, after, stored.rows, needing)),
        finish_before=before.finish,
        finish_after=after.finish,
        finish_days=(after.finish_point - before.finish_point) / day,
    )


def plan_day(schedule: Schedule) -> int:
    return schedule.plan.calendar.day_minutes


def _schedule_with(
    stored: StoredSchedule, calendars: dict[str, object], keys: dict[UUID, str]
) -> Schedule:
    """The plan with other calendars, put back afterwards as it was read."""
    plan, kept = stored.plan, stored.plan.calendars
    rows = [row._replace(calendar_key=keys.get(row.pk, "")) for row in stored.rows]
    try:
        plan.calendars = {**kept, **calendars}
        return scheduling.calculate(stored_plan(plan, rows, stored.links))
    finally:
        plan.calendars = kept


def _shifted(
    before: Schedule, after: Schedule, rows: Iterable[StoredRow], needing: set[UUID]
) -> Iterable[Shifted]:
    for i, row in enumerate(rows):
        if row.is_summary:
            continue
        old, new = before[str(row.pk)], after[str(row.pk)]
        if (old.start, old.finish) == (new.start, new.finish):
            continue
        days = (after.planned_point(i) - before.planned_point(i)) / plan_day(before)
        yield Shifted(
            row.pk, row.outline, row.name, old.start, new.start, old.finish, new.finish, days,
            row.pk in needing,
        )  # fmt: skip
