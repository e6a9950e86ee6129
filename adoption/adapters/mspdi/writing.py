"""A plan as Microsoft Project XML: everything AdoptIQ knows of it, piece by piece.

What Project has no place for stands in extended attributes under names of ours (see `own`). What
is read back equals what was written; Project reads the rest as its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

from adoption.adapters.mspdi.own import ATTRIBUTES, ID, ID_COLUMN, ID_FIELD, PREFIX
from adoption.adapters.mspdi.tasks import CONSTRAINTS, LINK_TYPES
from adoption.adapters.mspdi.values import duration_text
from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.scheduling import Calendar, Link, Shifts

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
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
    numbers = _numbers(rows)
    people = _people(rows)
    yield (_HEAD + '<Project xmlns="http://schemas.microsoft.com/project">\n').encode()
    yield _lines(_project(plan_file, begins)).encode()
    yield _lines(_definitions()).encode()
    yield _lines(_calendar(plan_file.calendar)).encode()
    yield b"<Tasks>\n"
    yield from _tasks(plan_file, rows, numbers)
    yield b"</Tasks>\n<Resources>\n"
    for name, number in people.items():
        yield _lines(
            ["<Resource>", _tag("UID", number), _tag("ID", number), _tag("Name", name)]
        ).encode()
        yield b"<Type>1</Type>\n</Resource>\n"
    yield b"</Resources>\n<Assignments>\n"
    yield from _assignments(rows, numbers, people)
    yield b"</Assignments>\n</Project>\n"


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)


def _tag(name: str, value: object) -> str:
    text = escape(_ILLEGAL.sub("", str(value)), {"\r": "&#13;"})
    return f"<{name}>{text}</{name}>"


def _when(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _project(plan_file: PlanFile, begins: datetime) -> Iterator[str]:
    calendar = plan_file.calendar
    yield _tag("SaveVersion", 14)
    yield _tag("Name", plan_file.name)
    yield _tag("Title", plan_file.name)
    yield _tag("ScheduleFromStart", 1)
    yield _tag("StartDate", _when(begins))
    finishes = [row.stored.finish for row in plan_file.rows if row.stored and row.stored.finish]
    if finishes:
        yield _tag("FinishDate", _when(max(finishes)))
    yield _tag("CriticalSlackLimit", plan_file.critical_float // calendar.day_minutes)
    yield _tag("CalendarUID", 1)
    yield _tag("MinutesPerDay", calendar.day_minutes)
    yield _tag("MinutesPerWeek", calendar.week_minutes)
    yield _tag("DaysPerMonth", 20)
    yield _tag("DurationFormat", _DAYS)
    if plan_file.status_at is not None:
        yield _tag("StatusDate", _when(plan_file.status_at))


def _definitions() -> Iterator[str]:
    yield "<ExtendedAttributes>"
    named = [(ID_FIELD, ID_COLUMN, PREFIX + ID)]
    named += [(one.field_id, one.field_name, one.alias) for one in ATTRIBUTES]
    for number, column, alias in named:
        yield "<ExtendedAttribute>"
        yield _tag("FieldID", number)
        yield _tag("FieldName", column)
        yield _tag("Alias", alias)
        yield "</ExtendedAttribute>"
    yield "</ExtendedAttributes>"


# --- the calendar -----------------------------------------------------------------------------


def _calendar(calendar: Calendar) -> Iterator[str]:
    yield "<Calendars>\n<Calendar>"
    yield _tag("UID", 1)
    yield _tag("Name", calendar.name)
    yield _tag("IsBaseCalendar", 1)
    yield _tag("BaseCalendarUID", -1)
    yield "<WeekDays>"
    for number in range(1, 8):
        yield "<WeekDay>"
        yield _tag("DayType", number)
        yield from _shifts(calendar.week[(number + 5) % 7])
        yield "</WeekDay>"
    yield "</WeekDays>"
    if calendar.exceptions:
        yield "<Exceptions>"
        for first, last, shifts in _periods(calendar.exceptions):
            yield from _exception(first, last, shifts)
        yield "</Exceptions>"
    yield "</Calendar>\n</Calendars>"


def _exception(first: date, last: date, shifts: Shifts) -> Iterator[str]:
    yield "<Exception>"
    yield _tag("EnteredByOccurrences", 0)
    yield "<TimePeriod>"
    yield _tag("FromDate", _when(datetime.combine(first, time())))
    yield _tag("ToDate", _when(datetime.combine(last, time(23, 59))))
    yield "</TimePeriod>"
    yield _tag("Occurrences", (last - first).days + 1)
    yield _tag("Type", 1)
    yield from _shifts(shifts)
    yield "</Exception>"


def _periods(
    exceptions: Iterable[tuple[date, Shifts]],
) -> Iterator[tuple[date, date, Shifts]]:
    """Days in a row with the same hours as one."""
    open_: tuple[date, date, Shifts] | None = None
    for day, shifts in sorted(exceptions):
        if open_ and open_[2] == shifts and day - open_[1] == timedelta(days=1):
            open_ = (open_[0], day, shifts)
            continue
        if open_:
            yield open_
        open_ = (day, day, shifts)
    if open_:
        yield open_


def _shifts(shifts: Shifts) -> Iterator[str]:
    yield _tag("DayWorking", int(bool(shifts)))
    if shifts:
        yield "<WorkingTimes>"
        for start, end in shifts:
            yield "<WorkingTime>"
            yield _tag("FromTime", _clock(start))
            yield _tag("ToTime", _clock(end))
            yield "</WorkingTime>"
        yield "</WorkingTimes>"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}:00"


# --- tasks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Context:
    """What a task's lines need beside its row."""

    calendar: Calendar
    numbers: Mapping[str, int]
    depths: Mapping[str, int]
    links: Mapping[str, list[Link]]


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


def _tasks(plan_file: PlanFile, rows: list[PlanRow], numbers: Mapping[str, int]) -> Iterator[bytes]:
    depths: dict[str, int] = {}
    for row in rows:
        depths[row.uid] = depths.get(row.parent or "", 0) + 1
    links: dict[str, list[Link]] = {}
    for link in plan_file.links:
        links.setdefault(link.after, []).append(link)
    context = _Context(plan_file.calendar, numbers, depths, links)
    for position, row in enumerate(rows, start=1):
        yield _lines(_task(row, position, context)).encode()


def _task(row: PlanRow, position: int, context: _Context) -> Iterator[str]:
    number = context.numbers[row.uid]
    yield "<Task>"
    yield _tag("UID", number)
    yield _tag("ID", position)
    yield _tag("Name", row.name)
    yield _tag("Manual", int(row.manual))
    yield _tag("Type", 1)
    yield _tag("IsNull", 0)
    yield _tag("OutlineNumber", row.outline)
    yield _tag("OutlineLevel", context.depths[row.uid])
    yield _tag("Priority", row.priority)
    yield from _moments(row, "start", "finish")
    yield from _duration(row, context.calendar)
    yield from _dates(row)
    yield from _progress(row)
    yield _tag("ConstraintType", CONSTRAINTS.index(row.constraint))
    yield _tag("CalendarUID", -1)
    if row.constraint_at is not None:
        yield _tag("ConstraintDate", _when(row.constraint_at))
    if row.deadline_at is not None:
        yield _tag("Deadline", _when(row.deadline_at))
    if row.notes:
        yield _tag("Notes", row.notes)
    for link in context.links.get(row.uid, ()):
        yield from _link(link, context)
    yield from _own(row, number)
    yield "</Task>"


def _duration(row: PlanRow, calendar: Calendar) -> Iterator[str]:
    yield _tag("Duration", duration_text(row.duration))
    is_estimate = row.optimistic is not None or row.pessimistic is not None
    unit = _unit(row.duration, calendar, row.elapsed)
    yield _tag("DurationFormat", unit + (_ESTIMATED if is_estimate else 0))
    if row.effort is not None:
        yield _tag("Work", duration_text(row.effort))
    yield _tag("Estimated", int(is_estimate))
    yield _tag("Milestone", int(row.milestone))
    yield _tag("Summary", int(row.summary))


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
    yield _tag("Critical", int(stored.critical))
    yield from _moments(row, "early_start", "early_finish", "late_start", "late_finish")
    # Project counts slack in tenths of a minute.
    yield _tag("FreeSlack", stored.free_float * 10)
    yield _tag("TotalSlack", stored.total_float * 10)


def _moments(row: PlanRow, *names: str) -> Iterator[str]:
    for name in names:
        moment = getattr(row.stored, name, None)
        if moment is not None:
            yield _tag("".join(word.title() for word in name.split("_")), _when(moment))


def _progress(row: PlanRow) -> Iterator[str]:
    yield _tag("PercentComplete", int(row.percent))
    if row.actual_start is not None:
        yield _tag("ActualStart", _when(row.actual_start))
    if row.actual_finish is not None:
        yield _tag("ActualFinish", _when(row.actual_finish))
    if row.remaining is not None:
        yield _tag("RemainingDuration", duration_text(row.remaining))


def _link(link: Link, context: _Context) -> Iterator[str]:
    yield "<PredecessorLink>"
    yield _tag("PredecessorUID", context.numbers[link.before])
    yield _tag("Type", LINK_TYPES.index(link.type))
    yield _tag("CrossProject", 0)
    yield _tag("LinkLag", link.lag * 10)
    yield _tag("LagFormat", _unit(link.lag, context.calendar, link.elapsed))
    yield "</PredecessorLink>"


def _own(row: PlanRow, number: int) -> Iterator[str]:
    values = [] if str(number) == row.uid else [(ID_FIELD, row.uid)]
    values += [(one.field_id, one.write(row)) for one in ATTRIBUTES]
    for field_id, text in values:
        if text:
            yield "<ExtendedAttribute>"
            yield _tag("FieldID", field_id)
            yield _tag("Value", text)
            yield "</ExtendedAttribute>"


# --- people -----------------------------------------------------------------------------------


def _people(rows: Iterable[PlanRow]) -> dict[str, int]:
    names = dict.fromkeys(name for row in rows for name in row.resources)
    return {name: number for number, name in enumerate(names, start=1)}


def _assignments(
    rows: Iterable[PlanRow], numbers: Mapping[str, int], people: Mapping[str, int]
) -> Iterator[bytes]:
    number = 0
    for row in rows:
        for name in row.resources:
            number += 1
            yield _lines(
                [
                    "<Assignment>",
                    _tag("UID", number),
                    _tag("TaskUID", numbers[row.uid]),
                    _tag("ResourceUID", people[name]),
                    _tag("Units", 1),
                    "</Assignment>",
                ]
            ).encode()
