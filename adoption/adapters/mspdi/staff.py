"""Resources and assignments of the format, on their way out.

Project knows one kind of person who does a task. Here a row has owners, and needs so many units
of a resource. So a resource of ours bears its kind in an attribute; any other name is an owner's.
Where an owner is a resource of ours as well, the task names its owners in an attribute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from adoption.adapters.mspdi.calendar_writing import PLAN_CALENDAR, own_calendar
from adoption.adapters.mspdi.elements import attributes, lines, tag
from adoption.adapters.mspdi.own import RESOURCE_KIND, RESOURCE_SHARED, RESOURCE_TERMS
from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.adapters.resources import FileResource, number_text
from adoption.scheduling.terms import Terms, terms_to_json


@dataclass(frozen=True, slots=True)
class Staff:
    """Numbers of a file's resources by key, and of owners who are none, by name."""

    resources: tuple[FileResource, ...]
    numbers: Mapping[tuple[bool, str], int]
    owners: Mapping[str, int]

    def plain_owners(self, row: PlanRow) -> list[str]:
        return [name for name in row.resources if name in self.owners]

    def owner_text(self, row: PlanRow) -> str:
        """The owners of a row, where its assignments do not say them."""
        names = list(row.resources)
        return "" if names == self.plain_owners(row) else "; ".join(names)


def staff_of(plan_file: PlanFile) -> Staff:
    known = {one.name.casefold() for one in plan_file.resources}
    named = (name for row in plan_file.rows for name in row.resources)
    owners = dict.fromkeys(name for name in named if name.casefold() not in known)
    count = len(plan_file.resources)
    return Staff(
        plan_file.resources,
        {one.key: number for number, one in enumerate(plan_file.resources, start=1)},
        {name: number for number, name in enumerate(owners, start=count + 1)},
    )


def calendars_of(staff: Staff, *, around: date) -> Iterator[str]:
    for one in staff.resources:
        if one.terms is not None:
            number = PLAN_CALENDAR + staff.numbers[one.key]
            calendar = one.terms.calendar(around=around)
            with_week = not one.terms.works_when_asked
            yield from own_calendar(number, one.name, calendar, with_week=with_week)


def resources_of(staff: Staff) -> Iterator[bytes]:
    for one in staff.resources:
        yield lines(_resource(one, staff.numbers[one.key])).encode()
    for name, number in staff.owners.items():
        head = ["<Resource>", *_named(name, number), "</Resource>"]
        yield lines(head).encode()


def _named(name: str, number: int) -> Iterator[str]:
    yield tag("UID", number)
    yield tag("ID", number)
    yield tag("Name", name)
    yield tag("Type", 1)


def _resource(one: FileResource, number: int) -> Iterator[str]:
    yield "<Resource>"
    yield from _named(one.name, number)
    yield tag("MaxUnits", number_text(one.capacity))
    if one.terms is not None:
        yield tag("CalendarUID", PLAN_CALENDAR + number)
    yield from attributes(
        [
            (RESOURCE_KIND.field_id, one.kind),
            (RESOURCE_TERMS.field_id, terms_text(one.terms)),
            (RESOURCE_SHARED.field_id, "1" if one.shared else ""),
        ]
    )
    yield "</Resource>"


def terms_text(terms: Terms | None) -> str:
    if terms is None:
        return ""
    return json.dumps(terms_to_json(terms), ensure_ascii=False, separators=(",", ":"))


def assignments_of(
    rows: Iterable[PlanRow], numbers: Mapping[str, int], staff: Staff
) -> Iterator[bytes]:
    count = 0
    for row in rows:
        who = [(staff.numbers[need.key], need.units) for need in row.needs]
        who += [(staff.owners[name], Decimal(1)) for name in staff.plain_owners(row)]
        for number, units in who:
            count += 1
            parts = [
                "<Assignment>",
                tag("UID", count),
                tag("TaskUID", numbers[row.uid]),
                tag("ResourceUID", number),
                tag("Units", number_text(units)),
                "</Assignment>",
            ]
            yield lines(parts).encode()
