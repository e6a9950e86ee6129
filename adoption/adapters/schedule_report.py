"""A plan file scheduled from scratch, as one JSON object or as a table to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from adoption.adapters import PlanFile, PlanRow, UnreadablePlan, read_plan
from adoption.scheduling import (
    STANDARD,
    Calendar,
    CircularPlan,
    InvalidPlan,
    NoWorkingTime,
    OutOfReach,
    Schedule,
    ScheduledActivity,
    calculate,
)

_NAME_WIDTH = 44


@dataclass(frozen=True)
class ScheduledFile:
    """One file's plan and its schedule; nothing the file says about dates was used."""

    file: str
    plan_file: PlanFile
    schedule: Schedule

    def leaves(self) -> list[tuple[PlanRow, ScheduledActivity]]:
        rows = [row for row in self.plan_file.rows if not row.summary]
        return list(zip(rows, self.schedule, strict=True))


def schedule_file(
    source: BinaryIO,
    file: str,
    *,
    start: datetime | None,
    calendar: Calendar | None,
    today: datetime,
) -> ScheduledFile:
    """Read a plan file and schedule it from its start, ignoring stored dates and progress.

    `start` and `calendar` override the file's own; a table without a start begins `today`.
    Raises UnreadablePlan with one plain line, also for circles and plans that cannot be held.
    """
    plan_file = read_plan(source, file, calendar or STANDARD, begins=start)
    begins = start or plan_file.start or today
    try:
        schedule = calculate(plan_file.plan(begins, calendar=calendar, with_progress=False))
        list(schedule)
    except CircularPlan as error:
        raise UnreadablePlan(error.headline) from None
    except (InvalidPlan, NoWorkingTime, OutOfReach) as error:
        raise UnreadablePlan(str(error)) from None
    return ScheduledFile(file, plan_file, schedule)


def as_json(scheduled: ScheduledFile) -> str:
    """One line: the file, its start and finish and every leaf; floats in working minutes."""
    return json.dumps(
        {
            "file": scheduled.file,
            "start": scheduled.schedule.start.isoformat(),
            "finish": scheduled.schedule.finish.isoformat(),
            "activities": [_entry(row, leaf) for row, leaf in scheduled.leaves()],
        },
        ensure_ascii=False,
    )


def _entry(row: PlanRow, leaf: ScheduledActivity) -> dict[str, object]:
    return {
        "uid": _number_or_text(row.uid),
        "outline": row.outline,
        "name": row.name,
        "early_start": leaf.early_start.isoformat(),
        "early_finish": leaf.early_finish.isoformat(),
        "late_start": leaf.late_start.isoformat(),
        "late_finish": leaf.late_finish.isoformat(),
        "total_float": leaf.total_float,
        "free_float": leaf.free_float,
        "critical": leaf.critical,
    }


def _number_or_text(uid: str) -> int | str:
    """Numbers stay numbers, unless writing them as one would change them (`007`)."""
    return int(uid) if uid.isascii() and uid.isdigit() and str(int(uid)) == uid else uid


def as_table(scheduled: ScheduledFile) -> str:
    """Outline, name, early dates, float in days and the word critical; one line a leaf."""
    schedule, file = scheduled.schedule, scheduled.plan_file
    day = schedule.plan.calendar.day_minutes
    leaves = scheduled.leaves()
    critical = sum(leaf.critical for _, leaf in leaves)
    lines = [
        f"{scheduled.file}: {file.name}",
        f"{len(leaves)} steps, {schedule.start:%Y-%m-%d %H:%M} to {schedule.finish:%Y-%m-%d %H:%M},"
        f" {critical} critical",
        f"{'WBS':<10} {'Step':<{_NAME_WIDTH}} {'Start':<16} {'Finish':<16} {'Float':>8}",
    ]
    lines += [
        f"{row.outline:<10} {_short(row.name):<{_NAME_WIDTH}} {leaf.early_start:%Y-%m-%d %H:%M} "
        f"{leaf.early_finish:%Y-%m-%d %H:%M} {leaf.total_float / day:>6.4g} d"
        f"{'  critical' if leaf.critical else ''}"
        for row, leaf in leaves
    ]
    return "\n".join(lines)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else f"{name[: _NAME_WIDTH - 1]}…"
