"""The whole project: which records count, and what is said about the rest."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from adoption.adapters.limits import MAX_ROWS
from adoption.adapters.mspdi.calendars import Calendars
from adoption.adapters.mspdi.own import Own
from adoption.adapters.mspdi.records import Record, read_records
from adoption.adapters.mspdi.tasks import name_of, read_links, read_rows, where_is
from adoption.adapters.mspdi.values import moment_of, number_of
from adoption.adapters.planfile import PlanFile, UnreadablePlan

_MAX_WARNINGS = 200
_NAMED = 3


def read_mspdi(source: BinaryIO) -> PlanFile:
    """Read Microsoft Project XML from a binary file object, in pieces.

    Raises UnreadablePlan with one plain line naming the task or line. What is understood
    differently here than in Project, or left out, is listed in `warnings`.
    """
    return _Reader().read(source)


class _Reader:
    def __init__(self) -> None:
        self.tasks: list[Record] = []
        self.calendars: dict[str, Record] = {}
        self.resources: dict[str, Record] = {}
        self.assigned: dict[str, list[str]] = {}
        self.attributes: list[Record] = []
        self.left_out: set[str] = set()
        self.title = ""
        self.warnings: list[str] = []

    def read(self, source: BinaryIO) -> PlanFile:
        project = read_records(source, self._take)
        start = self._start(project)
        calendars = Calendars(self.calendars, start, self.warnings)
        rows = read_rows(self.tasks, self._people(), Own(self.attributes), self.warnings)
        links = read_links(self.tasks, rows, self.left_out, self.warnings)
        calendar = calendars.read(project.get("CalendarUID"))
        self._warn(project, calendars)
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
        )

    def _take(self, tag: str, record: Record) -> None:
        if tag == "Task":
            self._take_task(record)
        elif tag == "ExtendedAttribute":
            self.attributes.append(record)
        elif tag == "Assignment":
            self.assigned.setdefault(record.get("TaskUID"), []).append(record.get("ResourceUID"))
        else:
            kept = self.calendars if tag == "Calendar" else self.resources
            kept[record.get("UID")] = record

    def _take_task(self, task: Record) -> None:
        """Blank, inactive and outside tasks are left out, as is the project's own row."""
        uid = task.get("UID")
        if not uid:
            raise UnreadablePlan(f"The task “{name_of(task)}” on line {task.line} has no UID.")
        if len(self.tasks) >= MAX_ROWS:
            raise UnreadablePlan(f"The file has more than {MAX_ROWS:,} tasks.")
        if uid == "0" and task.get("OutlineLevel", "0") == "0":
            self.title = task.get("Name")
            self.left_out.add(uid)
        elif task.get("IsNull") == "1":
            self.left_out.add(uid)
        elif task.get("Active") == "0" or task.get("ExternalTask") == "1":
            self.left_out.add(uid)
            self.warnings.append(f"{where_is(task)} is inactive or outside the plan; left out.")
        else:
            self.tasks.append(task)

    def _start(self, project: Record) -> datetime:
        start = moment_of(project.get("StartDate"), "Project, StartDate")
        if start is not None:
            return start
        starts = [moment_of(task.get("Start"), where_is(task)) for task in self.tasks]
        first = min((moment for moment in starts if moment is not None), default=None)
        if first is None:
            raise UnreadablePlan("The project has no StartDate.")
        self.warnings.append("The project has no StartDate; its first task's start is used.")
        return first

    def _people(self) -> dict[str, tuple[str, ...]]:
        return {
            task: tuple(
                self.resources[uid].get("Name")
                for uid in resources
                if uid in self.resources and self.resources[uid].get("Name")
            )
            for task, resources in self.assigned.items()
        }

    def _warn(self, project: Record, calendars: Calendars) -> None:
        plan_calendar = project.get("CalendarUID")
        if project.get("ScheduleFromStart") == "0":
            self.warnings.append(
                "Project plans this file back from its finish; here from its start."
            )
        self._warn_about(
            [task for task in self.tasks if task.get("Manual") == "1"],
            "placed by hand in Project; here links and constraints place them",
        )
        self._warn_about(
            [
                task
                for task in self.tasks
                if task.get("CalendarUID") not in ("", "-1", plan_calendar)
                or self._has_own_hours(task, calendars)
            ],
            "planned on a calendar of their own in Project; here on the plan's",
        )
        self._warn_about(
            [task for task in self.tasks if task.get("LevelingDelay", "0") not in ("", "0")],
            "delayed by levelling in Project; here they are not",
        )
        self._warn_about(
            [task for task in self.tasks if task.get("IsSubproject") == "1"],
            "other projects inserted; only their own row is read",
        )

    def _has_own_hours(self, task: Record, calendars: Calendars) -> bool:
        if task.get("IgnoreResourceCalendar") == "1":
            return False
        return any(
            calendars.is_own(self.resources[uid].get("CalendarUID"))
            for uid in self.assigned.get(task.get("UID"), ())
            if uid in self.resources
        )

    def _warn_about(self, tasks: list[Record], what: str) -> None:
        if tasks:
            named = ", ".join(f"“{name_of(task)}”" for task in tasks[:_NAMED])
            more = f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else ""
            self.warnings.append(f"{named}{more}: {what}.")

    def _few_warnings(self) -> tuple[str, ...]:
        if len(self.warnings) <= _MAX_WARNINGS:
            return tuple(self.warnings)
        hidden = len(self.warnings) - _MAX_WARNINGS
        return (*self.warnings[:_MAX_WARNINGS], f"{hidden} more remarks of the same kinds.")
