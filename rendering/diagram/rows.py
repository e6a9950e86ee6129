"""What a time line shows: plain rows, links between them, marks and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One row in the order of the outline beside it. Datetimes are local.

    `progress` is 0 to 100; `done` draws the bar as finished. `float_until` is the late finish and
    `float_words` its length in words (`12 d float`). `agreed` is the promised start and finish
    when the row moved. `overloaded`: it asks somebody for more than there is.
    """

    key: str
    label: str
    start: datetime
    finish: datetime
    level: int = 1
    summary: bool = False
    milestone: bool = False
    critical: bool = False
    done: bool = False
    progress: float = 0
    float_until: datetime | None = None
    float_words: str = ""
    agreed: tuple[datetime, datetime] | None = None
    overloaded: bool = False


@dataclass(frozen=True, slots=True)
class GanttLink:
    """A dependency; `kind` says which ends it joins, `critical` draws it as part of the path."""

    before: str
    after: str
    kind: Literal["FS", "SS", "FF", "SF"] = "FS"
    critical: bool = False


@dataclass(frozen=True, slots=True)
class GanttMark:
    """A diamond on a row: where the plan finishes, or where it was agreed to."""

    row: str
    moment: datetime
    words: str
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class GanttWords:
    """Every word the drawing adds by itself, so that the caller can translate them."""

    title: str = "Plan on a time line"
    lead: str = ""
    today: str = "Today"
    status: str = "Status"
    overloaded: str = "too much at once"
    critical: str = "critical"
    span: str = "{label}: {start} to {finish}"
    more: str = "{count} more rows stand in the table"
    months: tuple[str, ...] = _MONTHS

    def day(self, day: date, this_year: int) -> str:
        """As a person says it: 8 Jan, with the year when it is not this one."""
        said = f"{day.day} {self.months[day.month - 1]}"
        return said if day.year == this_year else f"{said} {day.year}"
