"""A plan as a table, in the form in which it is read: as CSV, or as a workbook with its calendar.

What stands in the columns of `table_fields.COMPUTED` is for people; nobody reads it back.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from adoption.adapters.calendar_sheet import TITLE, calendar_rows
from adoption.adapters.own_fields import OWN_FIELDS
from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.adapters.resource_sheet import DAYS, RESOURCES, day_rows, resource_rows
from adoption.adapters.resources import write_needs
from adoption.adapters.table_fields import COMPUTED, cell_of
from adoption.scheduling import STANDARD, Calendar, Link, LinkType
from rendering.spreadsheets import write_table
from rendering.spreadsheets.writing import sheet_cell, without_dates

_SCHEDULE = (
    *("id", "outline", "name", "duration", "predecessors", "constraint", "constraint_date"),
    *("optimistic", "pessimistic", "owner", "needs"),
)
# A day without an hour is the end of that day in these.
_FINISHES = frozenset({"deadline", "actual_finish"})
_PROGRESS = ("deadline", "percent_complete", "actual_start", "actual_finish", "remaining")
_REST = ("effort", "priority", "manual", *(field.name for field in OWN_FIELDS), "notes")
COLUMNS = (*_SCHEDULE, *COMPUTED, *_PROGRESS, *_REST)

_WIDTHS = {
    "name": 44,
    "outline": 10,
    "predecessors": 16,
    "owner": 22,
    "needs": 24,
    "deliverable": 36,
}
_USUAL_WIDTH = 13


def write_csv(plan_file: PlanFile) -> bytes:
    """UTF-8 with its mark. A calendar does not fit in: hours say what its days do not."""
    return write_table(COLUMNS, _rows(plan_file, as_text=True))


def write_xlsx(plan_file: PlanFile, *, about: Iterable[str] = ()) -> bytes:
    """A workbook of the sheets Plan, Calendar, Resources, Days and README; `about` are the lines of
    the last. The same plan is the same bytes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    sheet.freeze_panes = "D2"
    for at, name in enumerate(COLUMNS):
        sheet.column_dimensions[_letter(at)].width = _WIDTHS.get(name, _USUAL_WIDTH)
    _fill(sheet, [COLUMNS, *_rows(plan_file, as_text=False)])
    _fill(book.create_sheet(TITLE), calendar_rows(plan_file))
    _fill(book.create_sheet(RESOURCES), resource_rows(plan_file))
    _fill(book.create_sheet(DAYS), day_rows(plan_file))
    readme = book.create_sheet("README")
    readme.column_dimensions["A"].width = 110
    _fill(readme, [[line] for line in about])
    whole = io.BytesIO()
    book.save(whole)
    return without_dates(whole.getvalue())


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append([sheet_cell(sheet, value) for value in row])


def _letter(at: int) -> str:
    first, second = divmod(at, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _rows(plan_file: PlanFile, *, as_text: bool) -> Iterator[list[Any]]:
    units = _Units(plan_file.calendar, days_are_known=not as_text)
    links: dict[str, list[Link]] = {}
    for link in plan_file.links:
        links.setdefault(link.after, []).append(link)
    for row in plan_file.rows:
        cells = _cells(row, links.get(row.uid, ()), units)
        finishes = _FINISHES | ({"constraint_date"} if row.constraint.holds_finish else set())
        yield [_plain(cells.get(name), as_text, is_finish=name in finishes) for name in COLUMNS]


def _plain(value: Any, as_text: bool, *, is_finish: bool) -> Any:
    if not isinstance(value, datetime):
        return value
    if as_text:
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    return cell_of(value, is_finish=is_finish)


def _cells(row: PlanRow, links: Iterable[Link], units: _Units) -> Mapping[str, Any]:
    return {
        "id": row.uid,
        "outline": row.outline,
        "name": row.name,
        "predecessors": ";".join(units.link(link) for link in links),
        "constraint": "" if row.constraint == "ASAP" else row.constraint.value,
        "constraint_date": row.constraint_at,
        "owner": "; ".join(row.resources),
        "needs": write_needs(row.needs),
        "deadline": row.deadline_at,
        "percent_complete": _whole(row.percent) if row.percent else None,
        "actual_start": row.actual_start,
        "actual_finish": row.actual_finish,
        "priority": row.priority,
        "manual": "yes" if row.manual else "",
        "notes": row.notes,
        **_durations(row, units),
        **_computed(row, units),
        **{field.name: field.write(row) for field in OWN_FIELDS},
    }


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _durations(row: PlanRow, units: _Units) -> dict[str, Any]:
    names = ("optimistic", "pessimistic", "remaining")
    found = {
        name: units.text(minutes, elapsed=row.elapsed)
        for name in names
        if (minutes := getattr(row, name)) is not None
    }
    if row.effort is not None:
        found["effort"] = units.text(row.effort)
    # The duration of a summary is what its rows make it.
    return found if row.summary else found | {"duration": units.text(row.duration, row.elapsed)}


def _computed(row: PlanRow, units: _Units) -> dict[str, Any]:
    if row.stored is None:
        return {}
    return {
        "start": row.stored.start,
        "finish": row.stored.finish,
        "latest_finish": row.stored.late_finish,
        "total_float_days": round(row.stored.total_float / units.day, 2),
        "free_float_days": round(row.stored.free_float / units.day, 2),
        "critical": "critical" if row.stored.critical else "",
    }


def link_text(link: Link, calendar: Calendar) -> str:
    """A link as a row of a table says it: `12FS+2d`."""
    return _Units(calendar, days_are_known=True).link(link)


class _Units:
    """Minutes as texts, in days where whoever reads them knows how long a day is."""

    def __init__(self, calendar: Calendar, *, days_are_known: bool) -> None:
        self.day = calendar.day_minutes
        self._in_days = days_are_known or self.day == STANDARD.day_minutes

    def text(self, minutes: int, elapsed: bool = False) -> str:
        clock, day = ("e", 1440) if elapsed else ("", self.day)
        if minutes % day == 0 and (elapsed or self._in_days or not minutes):
            return f"{minutes // day}{clock}d"
        if minutes % 60 == 0:
            return f"{minutes // 60}{clock}h"
        return f"{minutes}{clock}m"

    def link(self, link: Link) -> str:
        kind = "" if link.type == LinkType.FS and not link.lag else link.type.value
        if not link.lag:
            return f"{link.before}{kind}"
        sign = "-" if link.lag < 0 else "+"
        return f"{link.before}{kind}{sign}{self.text(abs(link.lag), link.elapsed)}"
