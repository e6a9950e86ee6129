"""The sheet beside a plan's rows: when it begins, its working week, and the days that differ.

Two columns, `day` and `hours`: weekdays by name, dates as ISO, hours as `08:00-12:00, 13:00-17:00`
and nothing for a day off; and lines about the plan: `name`, `start`, `status date`,
`critical float` (working minutes) and, where somebody agreed on them, `public holidays of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from adoption.adapters.planfile import PlanFile, UnreadablePlan
from adoption.adapters.table_fields import Cell, moment_of, text_of
from adoption.scheduling import Calendar, NoWorkingTime, Shifts
from rendering.sentences import reason_of, sentence

TITLE = "Calendar"
HEADING = ("day", "hours")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS = 20_000
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_MOST_FLOAT = 10**7
_REGION, _NO_REGION = "public holidays of", "none"


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """What the sheet says; None where it says nothing."""

    calendar: Calendar
    name: str | None = None
    start: datetime | None = None
    status_at: datetime | None = None
    critical_float: int = 0
    region: str | None = None


def calendar_rows(plan_file: PlanFile) -> Iterator[Sequence[object]]:
    """Lines of the sheet, the heading first."""
    calendar = plan_file.calendar
    yield HEADING
    yield ("name", plan_file.name)
    yield ("start", plan_file.start)
    yield ("status date", plan_file.status_at)
    yield ("critical float", plan_file.critical_float)
    yield ("calendar", calendar.name)
    if plan_file.terms is not None:
        yield (_REGION, plan_file.terms.region or _NO_REGION)
    for weekday, shifts in zip(WEEKDAYS, calendar.week, strict=True):
        yield (weekday, hours_text(shifts))
    for day, shifts in calendar.exceptions:
        yield (day.isoformat(), hours_text(shifts))


def hours_text(shifts: Shifts) -> str:
    return ", ".join(
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in shifts
    )


def read_calendar(rows: Iterable[tuple[int, Sequence[Cell]]]) -> CalendarSheet | None:
    """The sheet, or None when it is another of that name. Raises UnreadablePlan by row."""
    lines = iter(rows)
    _number, heading = next(lines, (0, ()))
    if tuple(text_of(cell).lower() for cell in heading[:2]) != HEADING:
        return None
    week: dict[int, Shifts] = {}
    exceptions: dict[date, Shifts] = {}
    told: dict[str, tuple[str, Cell]] = {}
    for number, cells in lines:
        day, hours = (*cells, None, None)[:2]
        said, where = text_of(day), _row(number)
        if number > MOST_DAYS:
            raise UnreadablePlan(
                sentence(
                    "%(title)s: more than %(days)s days.",
                    title=TITLE,
                    days=f"{MOST_DAYS:,}",
                )
            )
        if said.title() in WEEKDAYS:
            week[WEEKDAYS.index(said.title())] = read_hours(hours, where)
        elif said[:1].isdigit():
            exceptions[moment_of(day, False, where).date()] = read_hours(hours, where)
        elif said:
            told[said.lower()] = (where, hours)
    return _sheet(week, exceptions, told)


def _row(number: int) -> str:
    return sentence("%(title)s, row %(number)s", title=TITLE, number=number)


def _sheet(
    week: dict[int, Shifts], exceptions: dict[date, Shifts], told: dict[str, tuple[str, Cell]]
) -> CalendarSheet:
    texts = {name: text_of(cell) for name, (_where, cell) in told.items()}
    try:
        calendar = Calendar(
            tuple(week.get(day, ()) for day in range(7)),
            tuple(sorted(exceptions.items())),
            texts.get("calendar", ""),
        )
    except (NoWorkingTime, ValueError) as error:
        raise UnreadablePlan(
            sentence("%(title)s: %(reason)s", title=TITLE, reason=reason_of(error))
        ) from None
    return CalendarSheet(
        calendar=calendar,
        name=texts.get("name") or None,
        start=_moment("start", told),
        status_at=_moment("status date", told),
        critical_float=_minutes(texts.get("critical float", "")),
        region=_region(texts.get(_REGION, "")),
    )


def _region(text: str) -> str | None:
    """Empty for no public holidays, None where nothing is said of them."""
    return None if not text else text.replace(_NO_REGION, "")[:20]


def _moment(name: str, told: dict[str, tuple[str, Cell]]) -> datetime | None:
    where, cell = told.get(name, ("", None))
    return moment_of(cell, False, where) if text_of(cell) else None


def _minutes(text: str) -> int:
    if not text:
        return 0
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and int(digits[:9]) < _MOST_FLOAT):
        raise UnreadablePlan(
            sentence(
                "%(title)s: the critical float “%(text)s” is not whole minutes.",
                title=TITLE,
                text=text[:40],
            )
        )
    return int(text)


def read_hours(cell: Cell, where: str) -> Shifts:
    """Nothing for an empty cell. Raises UnreadablePlan."""
    text = text_of(cell)
    found = [_SHIFT.fullmatch(part.strip()) for part in text.split(",")] if text else []
    shifts = []
    for shift in found:
        if shift is None:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: “%(text)s” is not like 08:00-12:00, 13:00-17:00.",
                    where=where,
                    text=text[:40],
                )
            )
        first, first_minute, last, last_minute = map(int, shift.groups())
        shifts.append((first * 60 + first_minute, last * 60 + last_minute))
    return tuple(shifts)
