"""Working time and the critical path, as pure arithmetic.

    schedule = calculate(Plan(start, activities, links, calendar))
    schedule["1.4"].late_finish      # a local datetime
    schedule.drivers("1.4")          # why it is there
    roll_up(schedule)["1"].percent   # summaries

Everything is a frozen value; times are local datetimes without a zone, durations, lags and
floats whole minutes. `docs/architecture.md` says where the rules come from.
"""

from adoption.scheduling.axis import Axis, OutOfReach
from adoption.scheduling.calculation import calculate
from adoption.scheduling.calendar import (
    ALWAYS,
    STANDARD,
    Calendar,
    NoWorkingTime,
    Shifts,
    working_week,
)
from adoption.scheduling.cycles import CircularPlan
from adoption.scheduling.plan import (
    Activity,
    ConstraintType,
    InvalidPlan,
    Link,
    LinkType,
    Plan,
)
from adoption.scheduling.rollup import Summary, roll_up
from adoption.scheduling.schedule import Schedule, ScheduledActivity
from engagements.calendars import (
    UnknownRegion,
    countries,
    is_region,
    parts_of,
    public_holidays,
)

__all__ = [
    "ALWAYS",
    "STANDARD",
    "Activity",
    "Axis",
    "Calendar",
    "CircularPlan",
    "ConstraintType",
    "InvalidPlan",
    "Link",
    "LinkType",
    "NoWorkingTime",
    "OutOfReach",
    "Plan",
    "Schedule",
    "ScheduledActivity",
    "Shifts",
    "Summary",
    "UnknownRegion",
    "calculate",
    "countries",
    "is_region",
    "parts_of",
    "public_holidays",
    "roll_up",
    "working_week",
]
