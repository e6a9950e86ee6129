"""A plan as it stands in a file, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from adoption.scheduling import Activity, Calendar, ConstraintType, Link, Plan

# As in Microsoft Project, from 0 to 1000.
USUAL_PRIORITY = 500


class UnreadablePlan(ValueError):
    """A file that cannot be read as a plan; one plain line that names the row, step or line."""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """What the program that saved the file had computed; floats in working minutes."""

    start: datetime | None = None
    finish: datetime | None = None
    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    total_float: int = 0
    free_float: int = 0
    critical: bool = False


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row in outline order. Durations and effort are minutes, `line` is where it was read.

    `optimistic` and `pessimistic` stand on both sides of a duration that is not known exactly.
    `budget` and `cost` are in the engagement's currency, `checklist` is (text, whether done).
    """

    uid: str
    outline: str
    name: str
    level: int = 1
    parent: str | None = None
    summary: bool = False
    duration: int = 0
    optimistic: int | None = None
    pessimistic: int | None = None
    elapsed: bool = False
    manual: bool = False
    percent: float = 0
    effort: int | None = None
    constraint: ConstraintType = ConstraintType.ASAP
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    remaining: int | None = None
    notes: str = ""
    resources: tuple[str, ...] = ()
    deliverable: str = ""
    acceptance_test: str = ""
    role: str = ""
    kind: str = ""
    impact_group: str = ""
    budget: Decimal | None = None
    cost: Decimal | None = None
    priority: int = USUAL_PRIORITY
    checklist: tuple[tuple[str, bool], ...] = ()
    stored: StoredResult | None = None
    line: int = field(default=0, compare=False)

    @property
    def milestone(self) -> bool:
        return self.duration == 0 and not self.summary

    def activity(self, *, with_progress: bool = True) -> Activity:
        done = with_progress
        return Activity(
            key=self.uid,
            name=self.name,
            duration=self.duration,
            parent=self.parent,
            elapsed=self.elapsed,
            manual=self.manual,
            constraint=self.constraint,
            constraint_at=self.constraint_at,
            deadline_at=self.deadline_at,
            actual_start=self.actual_start if done else None,
            actual_finish=self.actual_finish if done else None,
            remaining=self.remaining if done else None,
            percent=self.percent if done else 0,
            effort=self.effort,
        )


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A whole file. `warnings` says in plain words what was read differently or left out.

    A table without a calendar of its own takes the one it is read with: `has_calendar` is false.
    """

    name: str
    start: datetime | None
    calendar: Calendar
    rows: tuple[PlanRow, ...]
    links: tuple[Link, ...] = ()
    status_at: datetime | None = None
    critical_float: int = 0
    warnings: tuple[str, ...] = ()
    has_calendar: bool = field(default=True, compare=False)

    def plan(
        self,
        start: datetime,
        *,
        calendar: Calendar | None = None,
        with_progress: bool = True,
    ) -> Plan:
        """What `calculate` takes; without progress nothing has begun and there is no status date."""
        return Plan(
            start=start,
            activities=tuple(row.activity(with_progress=with_progress) for row in self.rows),
            links=self.links,
            calendar=calendar or self.calendar,
            status_at=self.status_at if with_progress else None,
            critical_float=self.critical_float,
        )
