"""A stored plan as the arithmetic takes it."""

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection

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
_LINKED = ("before_id", "after_id", "type", "lag", "elapsed")
# Looked up for every row of every plan; a look into an enumeration costs ten times as much.
_LINK_TYPES = {kind.value: kind for kind in LinkType}
_CONSTRAINTS = {kind.value: kind for kind in ConstraintType}


class StoredRow(NamedTuple):
    """A work package as reads need it: two thousand of them cost a tenth of as many rows of a
    model. Without its texts, owners and money."""

    id: UUID
    uid: str
    outline: str
    level: int
    parent_id: UUID | None
    is_summary: bool
    name: str
    duration: int
    optimistic: int | None
    pessimistic: int | None
    elapsed: bool
    manual: bool
    effort: int | None
    priority: int
    constraint: str
    constraint_at: datetime | None
    deadline_at: datetime | None
    actual_start: datetime | None
    actual_finish: datetime | None
    remaining: int | None
    percent: float
    calendar_key: str
    start: datetime
    finish: datetime
    total_float: int
    critical: bool
    done_percent: float

    @property
    def pk(self) -> UUID:
        return self.id


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A plan with its rows in outline order and its schedule; keys are the rows' ids as text.

    `links` are tuples with the columns of a dependency.
    """

    plan: Plan
    rows: tuple[StoredRow, ...]
    schedule: Schedule
    links: tuple[Any, ...] = ()


def get_schedule(*, plan: Plan) -> StoredSchedule:
    """Read a plan's rows and links and schedule them, as they were scheduled when stored."""
    found = WorkPackage.objects.filter(plan=plan).values_list(*StoredRow._fields)
    rows = tuple(map(StoredRow._make, found))
    links: tuple[Any, ...] = tuple(
        Dependency.objects.filter(plan=plan).values_list(
            "id", "before_id", "after_id", "type", "lag", "elapsed", named=True
        )
    )
    return StoredSchedule(plan, rows, scheduling.calculate(stored_plan(plan, rows, links)), links)


def get_stored_rows(
    *, plans: Sequence[Plan], also: Sequence[str] = ()
) -> tuple[Mapping[UUID, list[Any]], Mapping[UUID, list[Any]]]:
    """Rows and links of many plans by plan, with the columns of `SCHEDULED` and those of `also`.

    Plain tuples with ids as text: a night reads a million of them, and neither a model's row nor
    an id's object is of any use to it.
    """
    ids = [plan.pk for plan in plans]
    columns = (*SCHEDULED, *also)
    rows = _by_plan("adoption_workpackage", columns, "plan_id, position", ids)
    return rows, _by_plan("adoption_dependency", _LINKED, "plan_id", ids)


def _by_plan(
    table: str, columns: Sequence[str], order: str, ids: Sequence[UUID]
) -> Mapping[UUID, list[Any]]:
    """Table, columns and order are written in this file and in those that ask it."""
    names = ", ".join(f"{name}::text" if name.endswith("id") else f'"{name}"' for name in columns)
    of_row = _row_of(tuple(columns))
    found: dict[UUID, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, plan_id FROM {table}"  # noqa: S608
            f" WHERE plan_id = ANY(%s::uuid[]) ORDER BY {order}",
            [list(ids)],
        )
        for row in cursor.fetchall():
            found[row[-1]].append(of_row(row))
    return found


@cache
def _row_of(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """What makes a named tuple of these columns and the plan's id."""
    made: Any = namedtuple("Stored", (*columns, "plan_id"))  # type: ignore[misc]
    return cast(Callable[[Iterable[Any]], Any], made._make)


def stored_plan(plan: Plan, packages: Iterable[Any], links: Iterable[Any]) -> scheduling.Plan:
    """A stored plan as the arithmetic takes it; keys are the rows' ids as text.

    `packages` have at least the columns of `SCHEDULED`, in the order of the outline.
    """
    calendars, keys = calendars_of(plan), _Keys()
    return scheduling.Plan(
        start=plan.start_at,
        activities=tuple(_activity(row, calendars, keys) for row in packages),
        links=tuple(
            Link(
                keys[row.before_id], keys[row.after_id], _LINK_TYPES[row.type], row.lag, row.elapsed
            )
            for row in links
        ),
        calendar=calendar_from_json(plan.calendar),
        status_at=plan.status_at,
        critical_float=plan.critical_float,
    )


def calendars_of(plan: Plan) -> dict[str, Calendar]:
    """Calendars that rows of the plan are worked on by beside the plan's own, by key."""
    return {key: calendar_from_json(stored) for key, stored in plan.calendars.items()}


class _Keys(dict[Any, str]):
    """Ids as text, each written once: a plan names most of them several times."""

    def __missing__(self, row_id: Any) -> str:
        key = self[row_id] = str(row_id)
        return key


def _activity(row: Any, calendars: Mapping[str, Calendar], keys: _Keys) -> Activity:
    return Activity(
        key=keys[row.id],
        name=row.name,
        duration=row.duration,
        parent=keys[row.parent_id] if row.parent_id else None,
        elapsed=row.elapsed,
        manual=row.manual,
        constraint=_CONSTRAINTS[row.constraint],
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        remaining=row.remaining,
        percent=row.percent,
        effort=row.effort,
        calendar=calendars.get(row.calendar_key),
    )
