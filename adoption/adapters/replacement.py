"""What a plan file would change, row by row, by the ids that both plans share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.scheduling import Axis, Schedule, roll_up

# Where a row stands follows from the others; what was computed is looked at on its own.
_PLACE = frozenset({"uid", "outline", "level", "parent", "stored", "line"})


@dataclass(frozen=True, slots=True)
class Times:
    start: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that both plans have. `days` are working days its finish goes later, negative earlier;
    `fields` are the names of what else is different, `was` the name it had, where it had another."""

    outline: str
    name: str
    before: Times
    after: Times
    days: float
    fields: tuple[str, ...]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Rows by what becomes of them; added and removed are (outline, name)."""

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    moved: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]
    unchanged: int
    finish_before: datetime
    finish_after: datetime
    finish_days: float


def times_of(schedule: Schedule) -> dict[str, Times]:
    """Start and finish of every row by id, summaries too."""
    found = {leaf.key: Times(leaf.start, leaf.finish) for leaf in schedule}
    found |= {key: Times(row.start, row.finish) for key, row in roll_up(schedule).items()}
    return found


def compare(before: PlanFile, after: PlanFile, times: Mapping[str, Times]) -> Replacement:
    """The stored plan `before`, with its stored dates, against a file and its computed `times`."""
    old = {row.uid: row for row in before.rows}
    new = {row.uid: row for row in after.rows}
    old_times = {row.uid: _stored_times(row) for row in before.rows}
    axis = Axis(after.calendar, min(times.values(), key=lambda one: one.start).start)
    both = [
        _change(old[uid], row, old_times[uid], times[uid], axis)
        for uid, row in new.items()
        if uid in old and not row.summary
    ]
    ends = max(one.finish for one in old_times.values()), max(one.finish for one in times.values())
    return Replacement(
        added=_named(row for uid, row in new.items() if uid not in old),
        removed=_named(row for uid, row in old.items() if uid not in new),
        moved=tuple(one for one in both if one.before != one.after),
        changed=tuple(one for one in both if one.before == one.after and one.fields),
        unchanged=sum(one.before == one.after and not one.fields for one in both),
        finish_before=ends[0],
        finish_after=ends[1],
        finish_days=_days(axis, *ends),
    )


def _named(rows: Iterable[PlanRow]) -> tuple[tuple[str, str], ...]:
    return tuple((row.outline, row.name) for row in rows)


def _stored_times(row: PlanRow) -> Times:
    if row.stored is None or row.stored.start is None or row.stored.finish is None:
        raise ValueError(f"The row {row.uid} was never scheduled.")
    return Times(row.stored.start, row.stored.finish)


def _change(old: PlanRow, new: PlanRow, before: Times, after: Times, axis: Axis) -> RowChange:
    names = [field.name for field in fields(PlanRow) if field.name not in _PLACE]
    return RowChange(
        outline=new.outline,
        name=new.name,
        before=before,
        after=after,
        days=_days(axis, before.finish, after.finish),
        fields=tuple(name for name in names if getattr(old, name) != getattr(new, name)),
        was=old.name if old.name != new.name else "",
    )


def _days(axis: Axis, before: datetime, after: datetime) -> float:
    return (axis.point(after) - axis.point(before)) / axis.calendar.day_minutes
