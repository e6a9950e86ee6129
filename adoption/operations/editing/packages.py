"""Work packages added, changed and removed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.editing import Moves, Refused, Row, Sheet, add_rows, remove_rows
from adoption.models import Plan, WorkPackage
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.cleaning import cleaner_for, label_of, settled
from adoption.operations.editing.desk import Desk
from adoption.operations.editing.numbering import fresh_uids
from adoption.scheduling import ConstraintType
from people.models import User
from tenancy.models import new_id


def add_package(
    *,
    plan: Plan,
    name: str,
    after: WorkPackage | None = None,
    under: WorkPackage | None = None,
    fields: Mapping[str, Any] | None = None,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """A new package behind another and all below it, or last under one, or last of all.

    It lasts a day where `fields` says nothing else. Raises ValidationError, keyed by field.
    """
    said = name.strip()

    def edit(desk: Desk) -> Sheet:
        stated = {"duration": desk.calendar.day_minutes, "name": said, **(fields or {})}
        row = Row(fresh_uids(desk, 1)[0], new_id(), None, said)
        row = row._replace(**cleaner_for(desk).clean(stated))
        row = row._replace(**settled(row._asdict(), stated))
        return add_rows(
            desk.sheet,
            [row],
            after=after.uid if after else None,
            under=under.uid if under else None,
        )

    words = _("Added %(name)s") % {"name": said}
    return carry_out(Order(plan, by, now, version, store, "added", words), edit)


def change_package(
    *,
    plan: Plan,
    package: WorkPackage,
    fields: Mapping[str, Any],
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Other values in some fields. Durations are texts like `5d`, `1ed` or minutes; a bare day is
    its beginning, for a deadline and what holds a finish the end of work on it.

    Raises ValidationError, keyed by field; VersionConflict.
    """
    words = _("%(name)s: %(fields)s") % {
        "name": package.name,
        "fields": ", ".join(dict.fromkeys(map(label_of, fields))),
    }
    order = Order(plan, by, now, version, store, "changed", words, "constraint")
    return carry_out(order, lambda desk: changed_rows(desk, {package.uid: fields}))


def change_rows(
    *,
    plan: Plan,
    fields_of: Mapping[str, Mapping[str, Any]],
    kind: str,
    words: str,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Many packages by uid, each with its own fields, as one change that is undone as one."""
    order = Order(plan, by, now, version, store, kind, words)
    return carry_out(order, lambda desk: changed_rows(desk, fields_of))


def change_many(
    *,
    plan: Plan,
    packages: Sequence[WorkPackage],
    fields: Mapping[str, Any] | None = None,
    shift_days: int = 0,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """The same fields for many packages, or all of them so many working days later or earlier.

    Shifting sets a day before which they do not begin; what has a rule with a day of its own keeps
    the rule on the new day. Summaries shift what is below them; what has begun stays.
    """

    def edit(desk: Desk) -> Sheet:
        uids = desk.uids_of(packages)
        sheet = changed_rows(desk, dict.fromkeys(uids, fields)) if fields else desk.sheet
        return _shifted(desk, sheet, uids, shift_days) if shift_days else sheet

    number = len(packages)
    words = ngettext("%(n)s work package: %(what)s", "%(n)s work packages: %(what)s", number) % {
        "n": number,
        "what": _what(fields or {}, shift_days),
    }
    return carry_out(Order(plan, by, now, version, store, "changed_many", words), edit)


def remove_packages(
    *,
    plan: Plan,
    packages: Sequence[WorkPackage],
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Take packages out, with all below them, their links, checklists and comments; undo brings
    all of it back."""
    names = ", ".join(package.name for package in packages[:3])
    if len(packages) > 3:
        names = _("%(names)s and %(n)s more") % {"names": names, "n": len(packages) - 3}
    words = _("Removed %(names)s") % {"names": names}
    order = Order(plan, by, now, version, store, "removed", words)
    return carry_out(order, lambda desk: remove_rows(desk.sheet, desk.uids_of(packages)))


def changed_rows(desk: Desk, fields_of: Mapping[str, Mapping[str, Any]]) -> Sheet:
    """The sheet with checked values; fields that are the same for several rows are checked once."""
    cleaner = cleaner_for(desk)
    checked: dict[int, dict[str, Any]] = {}
    rows = {row.uid: row for row in desk.sheet.rows}
    changed: dict[str, Mapping[str, Any]] = {}
    for uid, fields in fields_of.items():
        if uid not in rows:
            raise Refused("gone", "__all__")
        if id(fields) not in checked:
            checked[id(fields)] = cleaner.clean(_with_rule(fields, rows[uid]))
        values = {
            name: value for name, value in checked[id(fields)].items() if name in {*fields, *OWN}
        }
        changed[uid] = values | settled({**rows[uid]._asdict(), **values}, fields)
    return desk.sheet.changed(changed)


# What follows from other fields, though nobody named it.
OWN = frozenset({"elapsed", "owner", "owner_member", "owner_stakeholder"})


def _with_rule(fields: Mapping[str, Any], row: Row) -> Mapping[str, Any]:
    """A day of a rule is read by the rule, also where only the day changes."""
    return fields if "constraint" in fields else {**fields, "constraint": row.constraint}


def _shifted(desk: Desk, sheet: Sheet, uids: Sequence[str], days: int) -> Sheet:
    chosen = set(uids)
    for row in sheet.rows:
        if row.parent in chosen:
            chosen.add(row.uid)
    parents = {row.parent for row in sheet.rows}
    calendar = desk.calendar
    return sheet.changed(
        {
            row.uid: _later(row, desk.packages[row.uid].start, days, calendar)
            for row in sheet.rows
            if row.uid in chosen and row.uid not in parents and row.actual_start is None
            and row.actual_finish is None
        }
    )  # fmt: skip


def _later(row: Row, start: datetime, days: int, calendar: Any) -> dict[str, Any]:
    if row.constraint_at is not None:
        return {"constraint_at": by_workdays(row.constraint_at, days, calendar)}
    return {
        "constraint": ConstraintType.SNET.value,
        "constraint_at": by_workdays(start, days, calendar),
    }


def by_workdays(moment: datetime, days: int, calendar: Any) -> datetime:
    """The same time of day so many days of work later, or earlier."""
    free = {day: bool(shifts) for day, shifts in calendar.exceptions}
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    for _day in range(abs(days) * 8 + 400):
        if not left:
            break
        moment += step
        works = free.get(moment.date(), bool(calendar.week[moment.weekday()]))
        left -= works
    return moment


def _what(fields: Mapping[str, Any], shift_days: int) -> str:
    said = list(dict.fromkeys(map(label_of, fields)))
    if shift_days > 0:
        said.append(
            ngettext("%(n)s working day later", "%(n)s working days later", shift_days)
            % {"n": shift_days}
        )
    elif shift_days < 0:
        said.append(
            ngettext("%(n)s working day earlier", "%(n)s working days earlier", -shift_days)
            % {"n": -shift_days}
        )
    return ", ".join(said)
