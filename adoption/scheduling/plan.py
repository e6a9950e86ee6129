"""What is to be scheduled: activities, links, constraints and the plan that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from adoption.scheduling.calendar import STANDARD, Calendar


class InvalidPlan(ValueError):
    """A plan that cannot be scheduled; the message says which step and why."""


class LinkType(StrEnum):
    """Which end of the earlier step holds which end of the later one."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class ConstraintType(StrEnum):
    """As soon/late as possible; start/finish not earlier/later than; must start/finish on."""

    ASAP = "ASAP"
    ALAP = "ALAP"
    SNET = "SNET"
    SNLT = "SNLT"
    FNET = "FNET"
    FNLT = "FNLT"
    MSO = "MSO"
    MFO = "MFO"

    @property
    def needs_date(self) -> bool:
        return self not in (ConstraintType.ASAP, ConstraintType.ALAP)

    @property
    def holds_finish(self) -> bool:
        return self in (ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO)


class Link(NamedTuple):
    """`after` waits for `before`; `lag` in working minutes, in minutes of the clock if elapsed.

    A named tuple, because a plan has more links than anything else and unpacking one is free.
    """

    before: str
    after: str
    type: LinkType = LinkType.FS
    lag: int = 0
    elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the plan; a summary when another activity names it as `parent`.

    `duration`, `remaining` and `effort` are minutes: working minutes, or minutes of the clock
    for the duration of an `elapsed` activity. `percent` is 0 to 100. Started means
    `actual_start` is known, finished means `actual_finish` is; while running, `remaining` (else
    duration and percent) says what is left. A `manual` activity is placed by hand: as in
    Microsoft Project, links from its start do not limit its late dates.

    With a `calendar` of its own (an instructor's, a room's) an activity is worked on only when
    the plan and that calendar both work: it starts with their first common minute and waits
    wherever one of them is away. Elapsed activities and summaries take no notice of theirs.
    """

    key: str
    name: str = ""
    duration: int = 0
    parent: str | None = None
    elapsed: bool = False
    manual: bool = False
    constraint: ConstraintType = ConstraintType.ASAP
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    remaining: int | None = None
    percent: float = 0
    effort: int | None = None
    calendar: Calendar | None = None

    @property
    def label(self) -> str:
        return self.name or self.key

    @property
    def is_milestone(self) -> bool:
        return self.duration == 0

    @property
    def left(self) -> int:
        """Minutes still to do: all of it before the start, nothing after the finish."""
        if self.actual_finish is not None:
            return 0
        if self.actual_start is None:
            return self.duration
        if self.remaining is not None:
            return self.remaining
        return round(self.duration * (100 - self.percent) / 100)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `calculate` needs. All datetimes are local and without a zone.

    `critical_float` is the total float, in working minutes, up to which a step is critical.
    With a `status_at`, unstarted work starts no earlier and running work continues from there.
    """

    start: datetime
    activities: tuple[Activity, ...]
    links: tuple[Link, ...] = ()
    calendar: Calendar = STANDARD
    status_at: datetime | None = None
    critical_float: int = 0
