"""What people type or paste into a plan: durations, links, days, lists of steps and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from adoption.adapters.planfile import UnreadablePlan
from adoption.adapters.table import TableReader
from adoption.editing.sheet import Refused, Wait
from adoption.scheduling import Calendar, LinkType

MOST_ROWS = 2000
LONGEST_NAME = 500
TYPES = frozenset(LinkType.__members__)

_LINK = re.compile(
    r"(?P<key>.+?)\s*(?P<type>FS|SS|FF|SF)?\s*(?:(?P<sign>[+\-−])\s*(?P<lag>\d[^+\-−]*))?",
    re.IGNORECASE,
)
_HEADINGS = {
    "outline": ("outline", "wbs", "no", "no.", "number"),
    "name": ("name", "task", "task name", "step", "package", "work package"),
    "duration": ("duration", "days"),
    "predecessors": ("predecessors", "predecessor", "after", "depends on"),
    "owner": ("owner", "who", "resource names", "resources"),
}
_ORDER = ("outline", "name", "duration", "predecessors", "owner")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})*\.?")


@dataclass(frozen=True, slots=True)
class Step:
    """One line as it was typed or pasted. `parent` is the line it stands under, -1 for none;
    `number` its own number in the text, as links of other lines name it; `due` a day in place
    of a duration; `line` counts from 1."""

    name: str
    duration: int = 0
    elapsed: bool = False
    due: date | None = None
    owner: str = ""
    number: str = ""
    parent: int = -1
    predecessors: str = ""
    line: int = 0


def duration_of(text: str, calendar: Calendar, field: str = "duration") -> tuple[int, bool]:
    """Minutes of `5d`, `3h`, `2w`, `1ed`, and whether they are of the clock. Raises Refused."""
    reader = TableReader(("id", "name", "duration"), calendar)
    try:
        row = reader.read([(1, ("1", "x", text.strip()))], "").rows[0]
    except UnreadablePlan:
        raise Refused("duration", field, text=text.strip()[:40]) from None
    return row.duration, row.elapsed


def lag_of(text: str, calendar: Calendar, field: str = "lag") -> tuple[int, bool]:
    """Minutes of `2d`, `-3h`, `+1ed`, negative for a lead; nothing is no lag. Raises Refused."""
    said = text.strip().replace("−", "-")
    if not said or said == "0":
        return 0, False
    try:
        minutes, elapsed = duration_of(said.lstrip("+-"), calendar)
    except Refused:
        raise Refused("lag", field, text=said[:40]) from None
    return (-minutes if said.startswith("-") else minutes), elapsed


def links_of(
    text: str, known: Mapping[str, str], calendar: Calendar, field: str = "links"
) -> tuple[Wait, ...]:
    """`1.2FS+2d; 7SS-3h` as what a row waits for; `known` gives uids by what people call rows.

    Of two links of a type to one row the last said counts. Raises Refused.
    """
    found: dict[tuple[str, str], Wait] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[;,]", text))):
        wait = _link(part, known, calendar, field)
        found[wait.uid, wait.type] = wait
    return tuple(sorted(found.values()))


def _link(part: str, known: Mapping[str, str], calendar: Calendar, field: str) -> Wait:
    if part in known:
        return Wait(known[part])
    match = _LINK.fullmatch(part)
    key = match["key"].strip() if match else part
    if match is None or key not in known:
        raise Refused("unknown_step", field, text=key[:40])
    lag = 0, False
    if match["lag"]:
        lag = lag_of(f"{match['sign']}{match['lag'].strip()}", calendar, field)
    return Wait(known[key], (match["type"] or "FS").upper(), *lag)


def day_of(text: str) -> date | None:
    """A day as people write it: 2027-03-31 or 31.03.2027; None for anything else."""
    said = text.strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def start_of(day: date) -> datetime:
    return datetime.combine(day, time())


def end_of(day: date, calendar: Calendar) -> datetime:
    """When work ends on a day, or would if it were worked on: what a bare day means as an end."""
    shifts = dict(calendar.exceptions).get(day) or calendar.week[day.weekday()]
    usual = max((week[-1][1] for week in calendar.week if week), default=1440)
    minute = shifts[-1][1] if shifts else usual
    return datetime.combine(day, time(*divmod(min(minute, 1439), 60)))


def steps_of(text: str, calendar: Calendar) -> tuple[Step, ...]:
    """A table pasted from a spreadsheet, or lines of `name; 5d`. Raises Refused, naming the row.

    A table may begin with its headings; without, its columns are outline (where the first cell
    of each row is a number like 1.2), name, duration, predecessors, owner. Spaces in front of a
    name put the line below the last one with fewer.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Refused("nothing_there", "text")
    if len(lines) > MOST_ROWS:
        raise Refused("too_many", "text", number=MOST_ROWS)
    if any("\t" in line for _n, line in lines):
        cells = [(n, [cell.strip() for cell in line.split("\t")]) for n, line in lines]
        drafts = _from_table(cells, calendar)
        return _nested(drafts, [0] * len(drafts))
    drafts = [_from_line(n, line, calendar) for n, line in lines]
    return _nested(drafts, [_depth(line) for _n, line in lines])


def _from_line(n: int, line: str, calendar: Calendar) -> Step:
    name, _semicolon, rest = line.strip().partition(";")
    what, _semicolon, owner = rest.partition(";")
    return _step(n, {"name": name, "duration": what, "owner": owner}, calendar)


def _from_table(cells: list[tuple[int, list[str]]], calendar: Calendar) -> list[Step]:
    columns = _headings(cells[0][1])
    if columns:
        cells = cells[1:]
    else:
        numbered = all(_NUMBER.fullmatch(row[0]) for _n, row in cells)
        columns = list(_ORDER if numbered else _ORDER[1:])
    if not cells:
        raise Refused("nothing_there", "text")
    return [_step(n, dict(zip(columns, row, strict=False)), calendar) for n, row in cells]


def _headings(row: Sequence[str]) -> list[str]:
    """What each column holds, "" where nothing known; [] when the first row names no columns."""
    said = [cell.lower() for cell in row]
    if not any(cell in _HEADINGS["name"] for cell in said):
        return []
    return [next((name for name, words in _HEADINGS.items() if cell in words), "") for cell in said]


def _step(n: int, cells: Mapping[str, str], calendar: Calendar) -> Step:
    name = " ".join(cells.get("name", "").split())
    if not name:
        raise Refused("row_without_name", "text", line=n)
    if len(name) > LONGEST_NAME:
        raise Refused("row_name_long", "text", line=n)
    minutes, elapsed, due = _how_long(n, cells.get("duration", "").strip(), calendar)
    return Step(
        name=name,
        duration=minutes,
        elapsed=elapsed,
        due=due,
        owner=cells.get("owner", "").strip()[:500],
        number=cells.get("outline", "").rstrip("."),
        predecessors=cells.get("predecessors", "").strip(),
        line=n,
    )


def _how_long(n: int, said: str, calendar: Calendar) -> tuple[int, bool, date | None]:
    """A duration, or a day by which it is done; a day long when nothing is said."""
    if not said:
        return calendar.day_minutes, False, None
    due = day_of(said)
    if due is not None:
        return 0, False, due
    try:
        minutes, elapsed = duration_of(said, calendar)
    except Refused:
        raise Refused("row_duration", "text", line=n, text=said[:40]) from None
    return minutes, elapsed, None


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _nested(drafts: list[Step], depths: list[int]) -> tuple[Step, ...]:
    """Each step with the line it stands under: by its number, else by the spaces before it."""
    numbers = {step.number: i for i, step in enumerate(drafts) if step.number}
    if len(numbers) == len(drafts):
        parents = [numbers.get(step.number.rpartition(".")[0], -1) for step in drafts]
    else:
        parents = _by_depth(depths)
    return tuple(_under(step, parent) for step, parent in zip(drafts, parents, strict=True))


def _by_depth(depths: list[int]) -> list[int]:
    parents: list[int] = []
    above: list[int] = []
    for i, depth in enumerate(depths):
        while above and depths[above[-1]] >= depth:
            above.pop()
        parents.append(above[-1] if above else -1)
        above.append(i)
    return parents


def _under(step: Step, parent: int) -> Step:
    return Step(
        step.name, step.duration, step.elapsed, step.due, step.owner,
        step.number, parent, step.predecessors, step.line,
    )  # fmt: skip
