"""A plan as the editor has it: rows in outline order and what belongs to the plan itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from adoption.adapters.outlining import numbers_of


class Refused(ValueError):
    """An edit that cannot be made; `kind` says why, `field` where, `facts` name who and what."""

    def __init__(self, kind: str, field: str, **facts: Any) -> None:
        super().__init__(kind)
        self.kind, self.field, self.facts = kind, field, facts


class Wait(NamedTuple):
    """That a row waits for the row `uid`; `lag` is minutes of work, of the clock if elapsed."""

    uid: str
    type: str = "FS"
    lag: int = 0
    elapsed: bool = False


class Row(NamedTuple):
    """What people write of one row; what follows from the outline or the schedule is not here.

    Durations, effort and remaining are minutes; datetimes local and without a zone. A named
    tuple, because a plan has many and comparing two must cost next to nothing.
    """

    uid: str
    id: UUID
    parent: str | None
    name: str
    owner: str = ""
    owner_member: UUID | None = None
    owner_stakeholder: UUID | None = None
    role: str = ""
    impact_group: UUID | None = None
    kind: str = ""
    deliverable: str = ""
    acceptance_test: str = ""
    budget: Decimal | None = None
    cost: Decimal | None = None
    priority: int = 500
    notes: str = ""
    duration: int = 0
    optimistic: int | None = None
    pessimistic: int | None = None
    elapsed: bool = False
    manual: bool = False
    effort: int | None = None
    constraint: str = "ASAP"
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    percent: float = 0
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    remaining: int | None = None
    # Which further calendar of the plan the row is worked on by; it goes with its resources.
    calendar_key: str = ""
    links: tuple[Wait, ...] = ()


# What a difference of two rows is told in; `uid` names the row, `parent` is part of its place.
FIELDS = tuple(name for name in Row._fields if name not in ("uid", "id", "parent"))
# What is stored of a row as it stands, in this order.
STATED = FIELDS[:-1]


class Head(NamedTuple):
    """What belongs to the plan itself; the calendar as `adapters.calendars` writes it."""

    name: str
    start_at: datetime
    calendar: Mapping[str, Any]
    critical_float: int = 0


class Numbered(NamedTuple):
    """What follows from a row's place in the outline."""

    outline: str
    level: int
    is_summary: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows stand behind their parents, children directly behind each other's subtrees."""

    head: Head
    rows: tuple[Row, ...]

    def row(self, uid: str) -> Row:
        """Raises Refused when there is no such row (any more)."""
        for row in self.rows:
            if row.uid == uid:
                return row
        raise Refused("gone", "__all__")

    def with_rows(self, rows: Iterable[Row]) -> Sheet:
        return replace(self, rows=tuple(rows))

    def changed(self, fields_of: Mapping[str, Mapping[str, Any]]) -> Sheet:
        """With other values in some fields of some rows, by uid."""
        return self.with_rows(
            row._replace(**fields_of[row.uid]) if row.uid in fields_of else row for row in self.rows
        )

    def numbered(self) -> list[Numbered]:
        """Outline number, level and whether others stand below, row by row."""
        places = {row.uid: i for i, row in enumerate(self.rows)}
        parents = [places[row.parent] if row.parent is not None else -1 for row in self.rows]
        summaries = set(parents)
        return [
            Numbered(number, number.count(".") + 1, i in summaries)
            for i, number in enumerate(numbers_of(parents))
        ]
