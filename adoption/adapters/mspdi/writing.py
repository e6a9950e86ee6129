"""A plan as Microsoft Project XML: everything AdoptIQ knows of it, piece by piece.

What Project has no place for stands in extended attributes under names of ours (see `own`). What
is read back equals what was written; Project reads the rest as its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from adoption.adapters.mspdi.calendar_writing import base_calendar
from adoption.adapters.mspdi.elements import attributes, lines, tag, when
from adoption.adapters.mspdi.own import (
    ATTRIBUTES,
    COLUMNS,
    ID,
    ID_COLUMN,
    ID_FIELD,
    OWNERS,
    PLAN_TERMS,
    PREFIX,
)
from adoption.adapters.mspdi.staff import (
    Staff,
    assignments_of,
    calendars_of,
    resources_of,
    staff_of,
    terms_text,
)
from adoption.adapters.mspdi.tasks import CONSTRAINTS, LINK_TYPES
from adoption.adapters.mspdi.values import duration_text
from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.scheduling import Calendar, Link

_MOST_NUMBER = 2**31 - 1
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DAYS, _HOURS, _ELAPSED_DAYS, _ELAPSED_HOURS, _ESTIMATED = 7, 5, 8, 6, 32
_MINUTES = 3
_ELAPSED_MINUTES = 4


def write_mspdi(plan_file: PlanFile, *, start: datetime | None = None) -> Iterator[bytes]:
    """The file in UTF-8, a piece at a time. `start` is for a plan that states none.

    Raises ValueError when there is no start at all.
    """
    begins = plan_file.start or start
    if begins is None:
        raise ValueError("A plan needs a start to be written for Project.")
    return _pieces(plan_file, begins)


def _pieces(plan_file: PlanFile, begins: datetime) -> Iterator[bytes]:
    rows = _in_order(plan_file.rows)
    numbers, staff = _numbers(rows), staff_of(plan_file)
    yield (_HEAD + '<Project xmlns="http://schemas.microsoft.com/project">\n').encode()
    yield lines(_project(plan_file, begins)).encode()
    yield lines(_definitions()).encode()
    yield lines(["<Calendars>", *base_calendar(plan_file.calendar)]).encode()
    yield lines([*calendars_of(staff, around=begins.date()), "</Calendars>"]).encode()
    yield b"<Tasks>\n"
    yield lines(_whole(plan_file)).encode()
    yield from _tasks(plan_file, rows, numbers, staff)
    yield b"</Tasks>\n<Resources>\n"
    yield from resources_of(staff)
    yield b"</Resources>\n<Assignments>\n"
    yield from assignments_of(rows, numbers, staff)
    yield b"</Assignments>\n</Project>\n"


def _whole(plan_file: PlanFile) -> Iterator[str]:
    """The row of the project itself, where something is to be said of it."""
    terms = terms_text(plan_file.terms)
    if terms:
        yield "<Task>"
        yield tag("UID", 0)
        yield tag("ID", 0)
        yield tag("Name", plan_file.name)
        yield tag("OutlineNumber", 0)
        yield tag("OutlineLevel", 0)
        yield tag("Summary", 1)
        yield from attributes([(PLAN_TERMS.field_id, terms)])
        yield "</Task>"


def _project(plan_file: PlanFile, begins: datetime) -> Iterator[str]:
    calendar = plan_file.calendar
    yield tag("SaveVersion", 14)
    yield tag("Name", plan_file.name)
    yield tag("Title", plan_file.name)
    yield tag("ScheduleFromStart", 1)
    yield tag("StartDate", when(begins))
    finishes = [row.stored.finish for row in plan_file.rows if row.stored and row.stored.finish]
    if finishes:
        yield tag("FinishDate", when(max(finishes)))
    yield tag("CriticalSlackLimit", plan_file.critical_float // calendar.day_minutes)
    yield tag("CalendarUID", 1)
    yield tag("MinutesPerDay", calendar.day_minutes)
    yield tag("MinutesPerWeek", calendar.week_minutes)
    yield tag("DaysPerMonth", 20)
    yield tag("DurationFormat", _DAYS)
    if plan_file.status_at is not None:
        yield tag("StatusDate", when(plan_file.status_at))


def _definitions() -> Iterator[str]:
    yield "<ExtendedAttributes>"
    named = [(ID_FIELD, ID_COLUMN, PREFIX + ID)]
    named += [(one.field_id, one.field_name, one.alias) for one in ATTRIBUTES]
    named += [(one.field_id, one.field_name, one.alias) for one in COLUMNS]
    for number, column, alias in named:
        yield "<ExtendedAttribute>"
        yield tag("FieldID", number)
        yield tag("FieldName", column)
        yield tag("Alias", alias)
        yield "</ExtendedAttribute>"
    yield "</ExtendedAttributes>"


# --- tasks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Context:
    """What a task's lines need beside its row."""

    calendar: Calendar
    numbers: Mapping[str, int]
    depths: Mapping[str, int]
    links: Mapping[str, list[Link]]
    staff: Staff


def _in_order(rows: tuple[PlanRow, ...]) -> list[PlanRow]:
    """Each row before what it contains: a level and an order are all that Project knows."""
    known = {row.uid for row in rows}
    below: dict[str | None, list[PlanRow]] = {}
    for row in rows:
        below.setdefault(row.parent if row.parent in known else None, []).append(row)
    waiting, found = below.get(None, [])[::-1], list[PlanRow]()
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += below.get(row.uid, [])[::-1]
    return found


def _numbers(rows: list[PlanRow]) -> dict[str, int]:
    """Project's number of each row: its own id where that is a number, else one that is free."""
    numbers = {row.uid: int(row.uid) for row in rows if _is_number(row.uid)}
    free = max(numbers.values(), default=0)
    for row in rows:
        if row.uid not in numbers:
            free += 1
            numbers[row.uid] = free
    return numbers


def _is_number(uid: str) -> bool:
    if not (uid.isascii() and uid.isdigit() and len(uid) < 10):
        return False
    return str(int(uid)) == uid and 0 < int(uid) <= _MOST_NUMBER


def _tasks(
    plan_file: PlanFile, rows: list[PlanRow], numbers: Mapping[str, int], staff: Staff
) -> Iterator[bytes]:
    depths: dict[str, int] = {}
    for row in rows:
        depths[row.uid] = depths.get(row.parent or "", 0) + 1
    links: dict[str, list[Link]] = {}
    for link in plan_file.links:
        links.setdefault(link.after, []).append(link)
    context = _Context(plan_file.calendar, numbers, depths, links, staff)
    for position, row in enumerate(rows, start=1):
        yield lines(_task(row, position, context)).encode()


def _task(row: PlanRow, position: int, context: _Context) -> Iterator[str]:
    number = context.numbers[row.uid]
    yield "<Task>"
    yield tag("UID", number)
    yield tag("ID", position)
    yield tag("Name", row.name)
    yield tag("Manual", int(row.manual))
    yield tag("Type", 1)
    yield tag("IsNull", 0)
    yield tag("OutlineNumber", row.outline)
    yield tag("OutlineLevel", context.depths[row.uid])
    yield tag("Priority", row.priority)
    yield from _moments(row, "start", "finish")
    yield from _duration(row, context.calendar)
    yield from _dates(row)
    yield from _progress(row)
    yield tag("ConstraintType", CONSTRAINTS.index(row.constraint))
    yield tag("CalendarUID", -1)
    if row.constraint_at is not None:
        yield tag("ConstraintDate", when(row.constraint_at))
    if row.deadline_at is not None:
        yield tag("Deadline", when(row.deadline_at))
    if row.notes:
        yield tag("Notes", row.notes)
    for link in context.links.get(row.uid, ()):
        yield from _link(link, context)
    yield from attributes(_own(row, number, context.staff))
    yield "</Task>"


def _duration(row: PlanRow, calendar: Calendar) -> Iterator[str]:
    yield tag("Duration", duration_text(row.duration))
    is_estimate = row.optimistic is not None or row.pessimistic is not None
    unit = _unit(row.duration, calendar, row.elapsed)
    yield tag("DurationFormat", unit + (_ESTIMATED if is_estimate else 0))
    if row.effort is not None:
        yield tag("Work", duration_text(row.effort))
    yield tag("Estimated", int(is_estimate))
    yield tag("Milestone", int(row.milestone))
    yield tag("Summary", int(row.summary))


def _unit(minutes: int, calendar: Calendar, elapsed: bool) -> int:
    """The largest of Project's units in which the minutes are whole."""
    if minutes % (1440 if elapsed else calendar.day_minutes) == 0:
        return _ELAPSED_DAYS if elapsed else _DAYS
    if minutes % 60 == 0:
        return _ELAPSED_HOURS if elapsed else _HOURS
    return _ELAPSED_MINUTES if elapsed else _MINUTES


def _dates(row: PlanRow) -> Iterator[str]:
    stored = row.stored
    if stored is None:
        return
    yield tag("Critical", int(stored.critical))
    yield from _moments(row, "early_start", "early_finish", "late_start", "late_finish")
    # Project counts slack in tenths of a minute.
    yield tag("FreeSlack", stored.free_float * 10)
    yield tag("TotalSlack", stored.total_float * 10)


def _moments(row: PlanRow, *names: str) -> Iterator[str]:
    for name in names:
        moment = getattr(row.stored, name, None)
        if moment is not None:
            yield tag("".join(word.title() for word in name.split("_")), when(moment))


def _progress(row: PlanRow) -> Iterator[str]:
    yield tag("PercentComplete", int(row.percent))
    if row.actual_start is not None:
        yield tag("ActualStart", when(row.actual_start))
    if row.actual_finish is not None:
        yield tag("ActualFinish", when(row.actual_finish))
    if row.remaining is not None:
        yield tag("RemainingDuration", duration_text(row.remaining))


def _link(link: Link, context: _Context) -> Iterator[str]:
    yield "<PredecessorLink>"
    yield tag("PredecessorUID", context.numbers[link.before])
    yield tag("Type", LINK_TYPES.index(link.type))
    yield tag("CrossProject", 0)
    yield tag("LinkLag", link.lag * 10)
    yield tag("LagFormat", _unit(link.lag, context.calendar, link.elapsed))
    yield "</PredecessorLink>"


def _own(row: PlanRow, number: int, staff: Staff) -> Iterator[tuple[int, str]]:
    if str(number) != row.uid:
        yield ID_FIELD, row.uid
    yield from ((one.field_id, one.write(row)) for one in ATTRIBUTES)
    yield OWNERS.field_id, staff.owner_text(row)
