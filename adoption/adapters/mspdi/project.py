"""The whole project: which records count, and what is said about the rest."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from adoption.adapters.limits import MAX_ROWS
from adoption.adapters.mspdi.calendars import Calendars
from adoption.adapters.mspdi.own import PLAN_TERMS, Own
from adoption.adapters.mspdi.people import People, read_terms
from adoption.adapters.mspdi.records import Record, read_records
from adoption.adapters.mspdi.tasks import name_of, read_links, read_rows, where_is
from adoption.adapters.mspdi.values import moment_of, number_of
from adoption.adapters.planfile import PlanFile, UnreadablePlan
from rendering.sentences import sentence

_MAX_WARNINGS = 200
_NAMED = 3
_OTHER_HOURS = sentence("planned on a calendar of their own in Project; here on the plan's")


def read_mspdi(source: BinaryIO, begins: datetime | None = None) -> PlanFile:
    """Read Microsoft Project XML from a binary file object, in pieces. Where the file says no date
    at all, it `begins` then.

    Raises UnreadablePlan with one plain line naming the task or line. What is understood
    differently here than in Project, or left out, is listed in `warnings`.
    """
    return _Reader(begins).read(source)


class _Reader:
    def __init__(self, begins: datetime | None) -> None:
        self.begins = begins
        self.tasks: list[Record] = []
        self.calendars: dict[str, Record] = {}
        self.resources: dict[str, Record] = {}
        self.assigned: dict[str, list[Record]] = {}
        self.attributes: list[Record] = []
        self.left_out: set[str] = set()
        self.title = ""
        self.whole = Record(0)
        self.warnings: list[str] = []

    def read(self, source: BinaryIO) -> PlanFile:
        project = read_records(source, self._take)
        start = self._start(project)
        calendars = Calendars(self.calendars, start, self.warnings)
        own = Own(self.attributes)
        people = People(own, calendars, start.date(), self.warnings)
        resources = people.take(self.resources)
        rows = read_rows(self.tasks, people, self.assigned, own, self.warnings)
        links = read_links(self.tasks, rows, self.left_out, self.warnings)
        calendar = calendars.read(project.get("CalendarUID"))
        self._warn(project, calendars, people)
        terms = read_terms(own.value(self.whole, PLAN_TERMS))
        threshold = number_of(project.get("CriticalSlackLimit"), "Project")
        return PlanFile(
            name=project.get("Title") or self.title or project.get("Name") or "Plan",
            start=start,
            calendar=calendar,
            rows=rows,
            links=links,
            status_at=moment_of(project.get("StatusDate"), "Project, StatusDate"),
            critical_float=threshold * calendar.day_minutes,
            warnings=self._few_warnings(),
            terms=terms if terms is not None and terms.agrees_with(calendar) else None,
            resources=resources,
        )

    def _take(self, tag: str, record: Record) -> None:
        if tag == "Task":
            self._take_task(record)
        elif tag == "ExtendedAttribute":
            self.attributes.append(record)
        elif tag == "Assignment":
            self.assigned.setdefault(record.get("TaskUID"), []).append(record)
        else:
            kept = self.calendars if tag == "Calendar" else self.resources
            kept[record.get("UID")] = record

    def _take_task(self, task: Record) -> None:
        """Blank, inactive and outside tasks are left out, as is the project's own row."""
        uid = task.get("UID")
        if not uid:
            raise UnreadablePlan(
                sentence(
                    "The task “%(name)s” on line %(line)s has no UID.",
                    name=name_of(task),
                    line=task.line,
                )
            )
        if len(self.tasks) >= MAX_ROWS:
            raise UnreadablePlan(
                sentence("The file has more than %(most)s tasks.", most=f"{MAX_ROWS:,}")
            )
        if uid == "0" and task.get("OutlineLevel", "0") == "0":
            self.title, self.whole = task.get("Name"), task
            self.left_out.add(uid)
        elif task.get("IsNull") == "1":
            self.left_out.add(uid)
        elif task.get("Active") == "0" or task.get("ExternalTask") == "1":
            self.left_out.add(uid)
            self.warnings.append(
                sentence("%(task)s is inactive or outside the plan; left out.", task=where_is(task))
            )
        else:
            self.tasks.append(task)

    def _start(self, project: Record) -> datetime:
        start = moment_of(project.get("StartDate"), "Project, StartDate")
        if start is not None:
            return start
        starts = [moment_of(task.get("Start"), where_is(task)) for task in self.tasks]
        first = min((moment for moment in starts if moment is not None), default=None)
        if first is None and self.begins is not None:
            return self.begins
        if first is None:
            raise UnreadablePlan(sentence("The project has no StartDate."))
        self.warnings.append(
            sentence("The project has no StartDate; its first task's start is used.")
        )
        return first

    def _warn(self, project: Record, calendars: Calendars, people: People) -> None:
        if project.get("ScheduleFromStart") == "0":
            self.warnings.append(
                sentence("Project plans this file back from its finish; here from its start.")
            )
        said = {
            "Manual": sentence("placed by hand in Project; here links and constraints place them"),
            "LevelingDelay": sentence("delayed by levelling in Project; here they are not"),
            "IsSubproject": sentence("other projects inserted; only their own row is read"),
        }
        self._warn_about(_with_other_hours(self, project, calendars, people), _OTHER_HOURS)
        for field, what in said.items():
            found = [task for task in self.tasks if task.get(field, "0") not in ("", "0")]
            self._warn_about(found, what)

    def _warn_about(self, tasks: list[Record], what: str) -> None:
        if not tasks:
            return
        names = ", ".join(f"“{name_of(task)}”" for task in tasks[:_NAMED])
        more = len(tasks) - _NAMED
        self.warnings.append(
            sentence("%(names)s and %(more)s more: %(what)s.", names=names, more=more, what=what)
            if more > 0
            else sentence("%(names)s: %(what)s.", names=names, what=what)
        )

    def _few_warnings(self) -> tuple[str, ...]:
        if len(self.warnings) <= _MAX_WARNINGS:
            return tuple(self.warnings)
        hidden = len(self.warnings) - _MAX_WARNINGS
        rest = sentence("%(number)s more remarks of the same kinds.", number=hidden)
        return (*self.warnings[:_MAX_WARNINGS], rest)


def _with_other_hours(
    read: _Reader, project: Record, calendars: Calendars, people: People
) -> list[Record]:
    """Tasks that Project plans on a calendar that is not taken: their own, or a resource's."""
    usual = ("", "-1", project.get("CalendarUID"))
    untaken = {
        uid
        for uid, record in read.resources.items()
        if calendars.is_own(record.get("CalendarUID"))
        and (uid not in people.known or people.known[uid].terms is None)
    }
    return [
        task
        for task in read.tasks
        if task.get("CalendarUID") not in usual
        or (
            task.get("IgnoreResourceCalendar") != "1"
            and any(
                one.get("ResourceUID") in untaken for one in read.assigned.get(task.get("UID"), ())
            )
        )
    ]
