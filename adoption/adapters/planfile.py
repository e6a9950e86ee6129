"""A plan as it stands in a file, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import reduce

from adoption.adapters.refusals import UnreadablePlan
from adoption.adapters.resources import FileResource, Need
from adoption.scheduling import Activity, Calendar, ConstraintType, Link, NoWorkingTime, Plan
from adoption.scheduling.terms import Terms
from rendering.sentences import sentence

__all__ = ["USUAL_PRIORITY", "PlanFile", "PlanRow", "StoredResult", "UnreadablePlan"]

# As in Microsoft Project, from 0 to 1000.
USUAL_PRIORITY = 500


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
    needs: tuple[Need, ...] = ()
    stored: StoredResult | None = None
    line: int = field(default=0, compare=False)

    @property
    def milestone(self) -> bool:
        return self.duration == 0 and not self.summary

    def activity(self, *, with_progress: bool = True, calendar: Calendar | None = None) -> Activity:
        """`calendar` is the time in which all that it needs is there."""
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
            calendar=calendar,
        )


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A whole file. `warnings` says in plain words what was read differently or left out.

    A table without a calendar of its own takes the one it is read with: `has_calendar` is false.
    `terms` are what its calendar was made from, where the file says; `resources` are what its
    rows need.
    """

    name: str
    start: datetime | None
    calendar: Calendar
    rows: tuple[PlanRow, ...]
    links: tuple[Link, ...] = ()
    status_at: datetime | None = None
    critical_float: int = 0
    warnings: tuple[str, ...] = ()
    terms: Terms | None = None
    resources: tuple[FileResource, ...] = ()
    has_calendar: bool = field(default=True, compare=False)

    def plan(
        self,
        start: datetime,
        *,
        calendar: Calendar | None = None,
        with_progress: bool = True,
    ) -> Plan:
        """What `calculate` takes; without progress nothing has begun and there is no status date.

        A row is worked on when all it needs is there, unless another `calendar` is given.
        Raises NoWorkingTime for a row whose resources are never there together.
        """
        own = {} if calendar else self._own_calendars(around=start.date())
        return Plan(
            start=start,
            activities=tuple(
                row.activity(with_progress=with_progress, calendar=own.get(row.uid))
                for row in self.rows
            ),
            links=self.links,
            calendar=calendar or self.calendar,
            status_at=self.status_at if with_progress else None,
            critical_float=self.critical_float,
        )

    def _own_calendars(self, *, around: date) -> dict[str, Calendar]:
        """The common time of what each row needs, by id, where any of it has its own."""
        times = {
            one.key: one.terms.calendar(around=around)
            for one in self.resources
            if one.terms is not None and not one.terms.says_nothing
        }
        found: dict[str, Calendar] = {}
        shared: dict[frozenset[tuple[bool, str]], Calendar] = {}
        for row in self.rows if times else ():
            keys = frozenset(need.key for need in row.needs if need.key in times)
            if keys and keys not in shared:
                shared[keys] = _together(row, [times[key] for key in sorted(keys)])
            if keys:
                found[row.uid] = shared[keys]
        return found


def _together(row: PlanRow, calendars: list[Calendar]) -> Calendar:
    try:
        return reduce(Calendar.within, calendars)
    except NoWorkingTime:
        raise NoWorkingTime(
            sentence("What “%(name)s” needs is never there together.", name=row.name)
        ) from None
