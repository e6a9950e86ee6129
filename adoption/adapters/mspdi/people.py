"""Resources and assignments of the format, as they are read (see `staff`)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from adoption.adapters.mspdi.calendars import Calendars
from adoption.adapters.mspdi.own import (
    RESOURCE_KIND,
    RESOURCE_SHARED,
    RESOURCE_TERMS,
    Own,
)
from adoption.adapters.mspdi.records import Record
from adoption.adapters.resources import (
    KINDS,
    LEAST_UNITS,
    MOST_UNITS,
    FileResource,
    Need,
    clean_name,
    merged,
)
from adoption.scheduling.terms import Terms, terms_from_json, terms_of
from rendering.sentences import sentence

_WORK = "1"


@dataclass(slots=True)
class People:
    """What a file says of resources, and who is assigned to what."""

    own: Own
    calendars: Calendars
    around: date
    warnings: list[str]
    known: dict[str, FileResource] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def take(self, records: dict[str, Record]) -> tuple[FileResource, ...]:
        """Resources of ours; in a file that has none of ours, whoever does its work."""
        is_ours = self.own.knows_resources
        left_out = []
        for uid, record in records.items():
            name = record.get("Name")
            if not name:
                continue
            self.names[uid] = name
            kind = self.own.value(record, RESOURCE_KIND)
            if kind or (not is_ours and record.get("Type", _WORK) == _WORK):
                self.known[uid] = self._resource(record, kind)
            elif not is_ours:
                left_out.append(name)
        self._warn(left_out)
        found = {one.key: one for one in reversed(self.known.values())}
        return tuple(found[key] for key in dict.fromkeys(one.key for one in self.known.values()))

    def owners(self, task: Record, assigned: list[Record]) -> tuple[str, ...]:
        """As the task says, else those assigned who are no resources of ours."""
        said = self.own.owners(task)
        if said:
            return said
        uids = (one.get("ResourceUID") for one in assigned)
        is_ours = self.own.knows_resources
        return tuple(
            self.names[uid]
            for uid in uids
            if uid in self.names and not (is_ours and uid in self.known)
        )

    def needs(self, assigned: list[Record]) -> tuple[Need, ...]:
        found = ((self.known.get(one.get("ResourceUID")), one) for one in assigned)
        return merged(
            Need(resource.name, _units(one.get("Units")), resource.shared)
            for resource, one in found
            if resource is not None
        )

    def _resource(self, record: Record, kind: str) -> FileResource:
        where = sentence("Line %(line)s", line=record.line)
        return FileResource(
            name=clean_name(record.get("Name")[:120], where),
            kind=kind if kind in KINDS else KINDS[0],
            capacity=_units(record.get("MaxUnits")),
            terms=self._terms(record) if kind else None,
            shared=bool(self.own.value(record, RESOURCE_SHARED)),
        )

    def _terms(self, record: Record) -> Terms | None:
        """As they were written, unless the calendar was changed in Project since."""
        uid = record.get("CalendarUID")
        if not self.calendars.is_own(uid):
            return None
        told = read_terms(self.own.value(record, RESOURCE_TERMS))
        if told is not None and self.calendars.own(uid) == _written(told, self.around):
            return told
        return terms_of(self.calendars.read(uid))

    def _warn(self, names: list[str]) -> None:
        if names:
            self.warnings.append(
                sentence(
                    "Material and cost resources are not taken: %(names)s.",
                    names=", ".join(names)[:200],
                )
            )


def _written(terms: Terms, around: date) -> tuple[object, object]:
    """What `Calendars.own` reads of a calendar that was written from these terms."""
    calendar = terms.calendar(around=around)
    week = {} if terms.works_when_asked else dict(enumerate(calendar.week))
    return week, dict(calendar.exceptions)


def read_terms(text: str) -> Terms | None:
    """None for a text that nobody of ours wrote."""
    try:
        return terms_from_json(json.loads(text)) if text else None
    except (ValueError, TypeError, KeyError):
        return None


def _units(text: str) -> Decimal:
    try:
        units = round(Decimal(text or "1"), 2)
    except InvalidOperation:
        units = Decimal(1)
    if not units.is_finite():
        return Decimal(1)
    return min(MOST_UNITS, max(LEAST_UNITS, units))
