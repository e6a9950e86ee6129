"""Packages moved in the outline, and rows pasted into it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.editing import (
    Moves,
    Refused,
    Row,
    Sheet,
    Step,
    add_rows,
    end_of,
    links_of,
    move_rows,
    place_rows,
    steps_of,
)
from adoption.models import Plan, WorkPackage
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.desk import Desk
from adoption.operations.editing.numbering import fresh_uids
from adoption.scheduling import Calendar, ConstraintType
from people.models import User
from tenancy.models import new_id


def move_packages(
    *,
    plan: Plan,
    packages: Sequence[WorkPackage],
    way: str,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """One step `up`, `down`, `indent` or `outdent`, with all below them; numbers follow.

    Raises ValidationError where there is no such step.
    """
    sentences = {
        "up": _("%(names)s moved up"),
        "down": _("%(names)s moved down"),
        "indent": _("%(names)s moved in"),
        "outdent": _("%(names)s moved out"),
    }
    words = sentences.get(way, "%(names)s") % {"names": _names(packages)}
    order = Order(plan, by, now, version, store, "moved", words, "parent")
    return carry_out(order, lambda desk: move_rows(desk.sheet, desk.uids_of(packages), way))


def place_packages(
    *,
    plan: Plan,
    packages: Sequence[WorkPackage],
    under: WorkPackage | None = None,
    after: WorkPackage | None = None,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Behind another row, else first under one, else first of all."""
    words = _("%(names)s moved") % {"names": _names(packages)}
    order = Order(plan, by, now, version, store, "moved", words, "parent")
    return carry_out(
        order,
        lambda desk: place_rows(
            desk.sheet,
            desk.uids_of(packages),
            under=under.uid if under else None,
            after=after.uid if after else None,
        ),
    )


def paste_rows(
    *,
    plan: Plan,
    text: str,
    after: WorkPackage | None = None,
    under: WorkPackage | None = None,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Rows from a spreadsheet, all of them or none. Faults name the row and the column."""

    def edit(desk: Desk) -> Sheet:
        rows = rows_of(desk, steps_of(text, desk.calendar))
        return add_rows(
            desk.sheet, rows, after=after.uid if after else None, under=under.uid if under else None
        )

    number = sum(1 for line in text.splitlines() if line.strip())
    words = ngettext("Pasted %(n)s row", "Pasted %(n)s rows", number) % {"n": number}
    return carry_out(Order(plan, by, now, version, store, "pasted", words, "text"), edit)


def rows_of(desk: Desk, steps: Sequence[Step]) -> list[Row]:
    """What was read as rows of the plan; links name rows of the text, else rows of the plan."""
    uids = fresh_uids(desk, len(steps))
    known = known_rows(desk.sheet)
    known |= {str(i): uid for i, uid in enumerate(uids, 1) if not steps[i - 1].number}
    known |= {step.number: uid for step, uid in zip(steps, uids, strict=True) if step.number}
    return [_row(desk.calendar, step, i, uids, known) for i, step in enumerate(steps)]


def known_rows(sheet: Sheet) -> dict[str, str]:
    """Uids by what people call rows: their outline number, else the uid itself."""
    by_uid = {row.uid: row.uid for row in sheet.rows}
    numbers = sheet.numbered()
    return by_uid | {
        number.outline: row.uid for number, row in zip(numbers, sheet.rows, strict=True)
    }


def _row(
    calendar: Calendar, step: Step, i: int, uids: Sequence[str], known: Mapping[str, str]
) -> Row:
    try:
        links = links_of(step.predecessors, known, calendar)
    except Refused as refused:
        text = refused.facts["text"]
        raise Refused("row_predecessors", "text", line=step.line, text=text) from None
    row_id: UUID = new_id()
    parent = uids[step.parent] if step.parent >= 0 else None
    row = Row(uids[i], row_id, parent, step.name, owner=step.owner, links=links)
    if step.due is None:
        return row._replace(duration=step.duration, elapsed=step.elapsed)
    # A step with a day is done by that day and not before it.
    due = end_of(step.due, calendar)
    return row._replace(
        duration=calendar.day_minutes,
        constraint=ConstraintType.FNET.value,
        constraint_at=due,
        deadline_at=due,
    )


def _names(packages: Sequence[WorkPackage]) -> str:
    names = ", ".join(package.name for package in packages[:3])
    if len(packages) > 3:
        return _("%(names)s and %(n)s more") % {"names": names, "n": len(packages) - 3}
    return names
