"""The table form of a plan, shared by CSV and Excel: one row a step, links written as text.

Columns, in any order: `id`, `outline` (`1.2.1`), `name`, `duration` (`5d`, `3h`, `2w`, `0d`; a
day has the calendar's hours, `2ed` is two by the clock), `optimistic` and `pessimistic` (durations
on both sides of it, either may be left out), `predecessors` (see `table_links`), `constraint`,
`constraint_date` (ISO), and those of `table_fields`. A row is a summary when outline numbers
continue below its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adoption.adapters.limits import CENTURY, MAX_ROWS, check_rows, without_repeats
from adoption.adapters.outlining import numbers_of, parents_by_level
from adoption.adapters.planfile import PlanFile, PlanRow, UnreadablePlan
from adoption.adapters.resources import known_by
from adoption.adapters.table_fields import COMPUTED, MORE, Cell, moment_of, more_of
from adoption.adapters.table_fields import text_of as _text
from adoption.adapters.table_links import links_of
from adoption.scheduling import Calendar, ConstraintType, Link
from rendering.sentences import sentence

_REQUIRED = ("id", "name", "duration")
_AROUND = ("optimistic", "pessimistic")
_LOGIC = ("outline", "predecessors", "constraint", "constraint_date")
COLUMNS = (*_REQUIRED, *_AROUND, *_LOGIC, *MORE)

_DURATION = re.compile(
    r"(\d{1,9}(?:[.,]\d{1,6})?)\s*(e?)"
    # Project marks a duration that is only estimated.
    r"(m|min|mins|h|hr|hrs|hour|hours|d|day|days|w|wk|wks|week|weeks)?\??",
    re.IGNORECASE,
)

# What the file calls a column -> what we call it, "" for one that is left out.
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Draft:
    row: PlanRow
    predecessors: str


class TableReader:
    """Turns rows of cells into a plan file. Every refusal names the row as the file counts it."""

    def __init__(
        self, header: Sequence[Cell], calendar: Calendar, names: Names | None = None
    ) -> None:
        """`names` says which of ours each of the file's columns is, "" for none; without it they
        are called as ours are. Raises UnreadablePlan when a needed column is missing or one
        stands twice."""
        self.calendar = calendar
        self.warnings: list[str] = []
        self._columns = self._find_columns(named(header, names))
        self._more = [(name, at) for name, at in self._columns.items() if name in MORE]
        self._units = {
            "m": 1,
            "h": 60,
            "d": calendar.day_minutes,
            "w": calendar.week_minutes,
        }

    def read(self, rows: Iterable[tuple[int, Sequence[Cell]]], name: str) -> PlanFile:
        """All rows, each with its number in the file. Raises UnreadablePlan."""
        drafts = [
            self._draft(number, cells)
            for number, cells in rows
            if any(_text(cell) for cell in cells)
        ]
        plan_rows = self._outlined([draft.row for draft in drafts])
        check_rows(plan_rows)
        return PlanFile(
            name=name,
            start=None,
            calendar=self.calendar,
            rows=plan_rows,
            links=self._links(plan_rows, [draft.predecessors for draft in drafts]),
            warnings=tuple(self.warnings),
            resources=known_by((), (need for row in plan_rows for need in row.needs)),
            has_calendar=False,
        )

    def _find_columns(self, header: list[str]) -> dict[str, int]:
        missing = [name for name in _REQUIRED if name not in header]
        if missing:
            raise UnreadablePlan(
                sentence(
                    "The first row must name the columns; missing: %(names)s.",
                    names=", ".join(missing),
                )
            )
        for name in COLUMNS:
            if header.count(name) > 1:
                raise UnreadablePlan(
                    sentence("The column %(name)s stands twice in the first row.", name=name)
                )
        known = {*COLUMNS, *COMPUTED}
        unknown = [name for name in header if name and name not in known]
        if unknown:
            self.warnings.append(
                sentence("Columns not read: %(names)s.", names=", ".join(unknown)[:200])
            )
        return {name: header.index(name) for name in COLUMNS if name in header}

    def _draft(self, number: int, cells: Sequence[Cell]) -> _Draft:
        if number > MAX_ROWS:
            raise UnreadablePlan(
                sentence("The table has more than %(most)s rows.", most=f"{MAX_ROWS:,}")
            )
        uid = _text(self._cell(cells, "id"))
        if not uid:
            raise UnreadablePlan(sentence("Row %(number)s has no id.", number=number))
        name = " ".join(_text(self._cell(cells, "name")).split())[:500] or "Without a name"
        where = sentence("Row %(number)s, “%(name)s”", number=number, name=name)
        minutes, elapsed = self._duration(self._cell(cells, "duration"), where)
        constraint, moment = self._constraint(cells, where)
        optimistic, pessimistic = self._around(cells, minutes, elapsed, where)
        row = PlanRow(
            uid=uid,
            outline=_text(self._cell(cells, "outline")).strip("."),
            name=name,
            duration=minutes,
            elapsed=elapsed,
            optimistic=optimistic,
            pessimistic=pessimistic,
            constraint=constraint,
            constraint_at=moment,
            line=number,
        )
        more = {name: cells[at] for name, at in self._more if at < len(cells)}
        if more:
            row = replace(row, **more_of(row, more, where, self._duration))
        return _Draft(row, _text(self._cell(cells, "predecessors")))

    def _cell(self, cells: Sequence[Cell], column: str) -> Cell:
        place = self._columns.get(column, len(cells))
        return cells[place] if place < len(cells) else None

    def _duration(self, cell: Cell, where: str) -> tuple[int, bool]:
        """Minutes and whether they are of the clock; -1 when the cell is empty."""
        text = _text(cell)
        if not text:
            return -1, False
        minutes = self._minutes(text, where)
        if minutes is None:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the duration “%(text)s” is not like 5d, 3h or 2w.",
                    where=where,
                    text=text[:40],
                )
            )
        return minutes

    def _around(
        self, cells: Sequence[Cell], likely: int, elapsed: bool, where: str
    ) -> tuple[int | None, int | None]:
        """The durations on both sides of the likely one; None where none is stated."""
        found: list[int | None] = []
        for name in _AROUND:
            minutes, by_clock = self._duration(self._cell(cells, name), where)
            if minutes >= 0 and by_clock != elapsed:
                raise UnreadablePlan(
                    sentence(
                        "%(where)s: %(name)s and duration count different time.",
                        where=where,
                        name=name,
                    )
                )
            found.append(minutes if minutes >= 0 else None)
        least, most = (likely if minutes is None else minutes for minutes in found)
        if not least <= likely <= most:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the duration does not lie between optimistic and pessimistic.",
                    where=where,
                )
            )
        return found[0], found[1]

    def _minutes(self, text: str, where: str) -> tuple[int, bool] | None:
        found = _DURATION.fullmatch(text)
        if found is None:
            return None
        amount, clock, unit = found.groups()
        letter = (unit or "d")[0].lower()
        size = {"m": 1, "h": 60, "d": 1440, "w": 10080}[letter] if clock else self._units[letter]
        minutes = round(float(amount.replace(",", ".")) * size)
        if minutes > CENTURY:
            raise UnreadablePlan(
                sentence("%(where)s: “%(text)s” is too long.", where=where, text=text[:40])
            )
        return minutes, bool(clock)

    def _constraint(
        self, cells: Sequence[Cell], where: str
    ) -> tuple[ConstraintType, datetime | None]:
        text = _text(self._cell(cells, "constraint")).upper() or ConstraintType.ASAP
        if text not in ConstraintType.__members__:
            known = ", ".join(ConstraintType)
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the constraint “%(text)s” is none of %(known)s.",
                    where=where,
                    text=text[:40],
                    known=known,
                )
            )
        constraint = ConstraintType(text)
        cell = self._cell(cells, "constraint_date")
        if not constraint.needs_date:
            return constraint, None
        if not _text(cell):
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the constraint %(constraint)s needs a constraint_date.",
                    where=where,
                    constraint=constraint.value,
                )
            )
        return constraint, moment_of(cell, constraint.holds_finish, where)

    def _outlined(self, rows: list[PlanRow]) -> tuple[PlanRow, ...]:
        """Give every row its number, level and parent, and check what only a leaf needs."""
        self._refuse_repeats(rows)
        numbered = all(row.outline for row in rows)
        if not numbered and any(row.outline for row in rows):
            row = next(row for row in rows if not row.outline)
            raise UnreadablePlan(
                sentence(
                    "Row %(line)s, “%(name)s” has no outline number.", line=row.line, name=row.name
                )
            )
        if numbered:
            parents = _parents_by_number([row.outline for row in rows])
            numbers = [row.outline for row in rows]
        else:
            parents = parents_by_level([1] * len(rows))
            numbers = numbers_of(parents)
        summaries = set(parents)
        return tuple(
            self._finished(row, rows, parents[i], numbers[i], i in summaries)
            for i, row in enumerate(rows)
        )

    def _finished(
        self, row: PlanRow, rows: list[PlanRow], parent: int, number: str, is_summary: bool
    ) -> PlanRow:
        if row.duration < 0 and not is_summary:
            raise UnreadablePlan(
                sentence("Row %(line)s, “%(name)s” has no duration.", line=row.line, name=row.name)
            )
        return replace(
            row,
            outline=number,
            level=number.count(".") + 1,
            parent=rows[parent].uid if parent >= 0 else None,
            summary=is_summary,
            duration=0 if is_summary else row.duration,
            optimistic=None if is_summary else row.optimistic,
            pessimistic=None if is_summary else row.pessimistic,
        )

    def _refuse_repeats(self, rows: list[PlanRow]) -> None:
        for field in ("uid", "outline"):
            seen: dict[str, int] = {}
            for row in rows:
                value = getattr(row, field)
                if value and value in seen:
                    column = "id" if field == "uid" else field
                    raise UnreadablePlan(
                        sentence(
                            "Row %(line)s: the %(column)s %(value)s is already in row %(first)s.",
                            line=row.line,
                            column=column,
                            value=value[:40],
                            first=seen[value],
                        )
                    )
                seen[value] = row.line

    def _links(self, rows: Sequence[PlanRow], predecessors: Sequence[str]) -> tuple[Link, ...]:
        known = {row.uid: row for row in rows}
        links: list[Link] = []
        for row, text in zip(rows, predecessors, strict=True):
            links += links_of(text, row, known, self._minutes)
        return without_repeats(links, self.warnings)


def named(header: Sequence[Cell], names: Names | None) -> list[str]:
    """What we call each of the file's columns."""
    headings = [_text(cell) for cell in header]
    if names is None:
        return [heading.lower() for heading in headings]
    return [names.get(heading, "") for heading in headings]


def _parents_by_number(numbers: list[str]) -> list[int]:
    """The row whose outline number is the longest beginning of each row's own; -1 for none."""
    places = {number: row for row, number in enumerate(numbers)}
    parents = []
    for number in numbers:
        prefix = number.rpartition(".")[0]
        while prefix and prefix not in places:
            prefix = prefix.rpartition(".")[0]
        parents.append(places[prefix] if prefix else -1)
    return parents
