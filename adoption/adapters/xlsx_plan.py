"""A plan as an Excel workbook: the table form on its first sheet, its calendar on a second one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from adoption.adapters.calendar_sheet import TITLE, CalendarSheet, read_calendar
from adoption.adapters.limits import MAX_ROWS
from adoption.adapters.planfile import PlanFile, UnreadablePlan
from adoption.adapters.resource_sheet import DAYS, RESOURCES, Rules, read_days, read_resources
from adoption.adapters.resources import known_by
from adoption.adapters.table import Names, TableReader
from adoption.scheduling import STANDARD, Calendar
from adoption.scheduling.terms import Terms
from rendering.sentences import reason_of
from rendering.spreadsheets import UnreadableTable
from rendering.spreadsheets.workbooks import MEGABYTE, Bounds, open_workbook, rows_of

MAX_BYTES = 20 * MEGABYTE
# Tighter than those of other tables: a plan is read where the web is answered.
_BOUNDS = Bounds(packed=MAX_BYTES, unpacked=64 * MEGABYTE, texts=10 * MEGABYTE)
_MAX_COLUMNS = 200

Lines = Iterator[tuple[int, Sequence[object]]]


def read_xlsx(
    source: BinaryIO,
    name: str = "Plan",
    calendar: Calendar = STANDARD,
    names: Names | None = None,
) -> PlanFile:
    """Read the table form (see `table`) from the first sheet of a seekable file.

    A sheet named Calendar, as we write it, takes the place of `calendar`. Raises UnreadablePlan,
    before unpacking anything when the archive looks like a bomb.
    """
    try:
        book = open_workbook(source, _BOUNDS)
        try:
            return _read(book, name, calendar, names)
        finally:
            book.close()
    except UnreadableTable as error:
        raise UnreadablePlan(reason_of(error)) from None


def first_lines(source: BinaryIO, most: int) -> list[Sequence[object]]:
    """The heading and the first rows of a workbook's first sheet. Raises UnreadablePlan."""
    try:
        book = open_workbook(source, _BOUNDS)
        try:
            return [cells for _number, cells in islice(_lines(book.worksheets[0]), most)]
        finally:
            book.close()
    except UnreadableTable as error:
        raise UnreadablePlan(reason_of(error)) from None


def _read(book: Any, name: str, calendar: Calendar, names: Names | None) -> PlanFile:
    sheet = _calendar_of(book)
    rows = _lines(book.worksheets[0])
    _, header = next(rows, (1, ()))
    reader = TableReader(header, sheet.calendar if sheet else calendar, names)
    plan_file = reader.read(rows, name)
    rules = _rules_of(book)
    plan_file = _with_resources(book, plan_file, rules)
    if sheet is None:
        return plan_file
    return replace(
        plan_file,
        name=sheet.name or name,
        start=sheet.start,
        status_at=sheet.status_at,
        critical_float=sheet.critical_float,
        terms=_terms_of(sheet, rules),
        has_calendar=True,
    )


def _terms_of(sheet: CalendarSheet, rules: Rules) -> Terms | None:
    """What the calendar was made from, unless somebody changed its days by hand since."""
    if sheet.region is None:
        return None
    calendar = sheet.calendar
    terms = Terms(calendar.week, sheet.region, rules.plan, calendar.name)
    return terms if terms.agrees_with(calendar) else None


def _rules_of(book: Any) -> Rules:
    sheet = _sheet_of(book, DAYS)
    return read_days(_lines(sheet)) if sheet else Rules()


def _with_resources(book: Any, plan_file: PlanFile, rules: Rules) -> PlanFile:
    sheet = _sheet_of(book, RESOURCES)
    told = read_resources(_lines(sheet), rules) if sheet else None
    needs = (need for row in plan_file.rows for need in row.needs)
    return replace(plan_file, resources=known_by(told or (), needs))


def _sheet_of(book: Any, title: str) -> Any:
    return next((sheet for sheet in book.worksheets[1:] if sheet.title == title), None)


def _calendar_of(book: Any) -> CalendarSheet | None:
    sheet = _sheet_of(book, TITLE)
    return read_calendar(_lines(sheet)) if sheet else None


def _lines(sheet: Any) -> Lines:
    return rows_of(sheet, most_columns=_MAX_COLUMNS, last_row=MAX_ROWS + 1)
