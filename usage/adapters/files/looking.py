"""A first look at a file: its columns and first rows, what they probably are, and what they become."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from usage.adapters.files import counts, events
from usage.adapters.files.columns import Cells, constant_columns
from usage.adapters.files.faults import RowError
from usage.adapters.files.headers import DELIMITERS, decoded, first_line, known_fields, names_of
from usage.adapters.files.kinds import TEXT, kind_of
from usage.adapters.files.layouts import (
    DAILY,
    DAY_FIRST,
    EVENTS,
    LEFT_OUT,
    MILLISECONDS,
    MONTH_FIRST,
    SECONDS,
    UTF_8,
    WESTERN,
    Layout,
)
from usage.adapters.files.spooling import Sheet, as_csv
from usage.adapters.inflating import BoundedReader, UnreadableFile
from usage.adapters.records import read_rows

ROWS_LOOKED_AT = 12
LONGEST_CELL = 120
_SECONDS_TO_LOOK = 25
_SHORT_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}")
_NUMBER = re.compile(r"\d{9,13}(\.\d+)?")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)

# Other names people give our fields; letters and digits alone, in small letters.
SAID = {
    "message_id": "messageid id eventid insertid uuid rowid guid",
    "timestamp": "time datetime date occurredat eventtime createdat at when ts eventtimestamp",
    "customer_id": "customer account accountid company companyid organization organizationid org"
    " orgid tenant tenantid client clientid groupid group workspace workspaceid accountname",
    "user_id": "user userid username person personid email useremail login member memberid actor"
    " distinctid uid who",
    "event": "eventname action activity name type verb eventtype what",
    "feature": "featurename module page screen area component tool",
    "day": "date day usagedate activitydate",
    "active_users": "users dau activeusers uniqueusers people distinctusers usercount",
    "events": "count events eventcount total actions hits uses sessions usage quantity",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """The columns of a file as it writes them and its first rows, each with its number."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str = UTF_8
    sheet: int = 0
    sheets: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()

    def samples(self, column: str) -> list[str]:
        """What the first rows hold in a column."""
        place = self.columns.index(column)
        return [cells[place] for _number, cells in self.rows if cells[place].strip()]


@dataclass(frozen=True, slots=True)
class Becomes:
    """What one of the first rows becomes: its fields in words, or what is wrong with it."""

    row: int
    values: Mapping[str, str]
    errors: Sequence[RowError]


def looked_from(said: Mapping[str, Any]) -> Looked:
    """A first look as it was kept."""
    lists = {name: tuple(said[name]) for name in ("columns", "sheets", "nested")}
    rows = tuple((number, tuple(cells)) for number, cells in said["rows"])
    return Looked(**{**said, **lists, "rows": rows})


def look_at(path: Path, *, sheet: int = 0) -> Looked:
    """Read the beginning of a file. Raises `UnreadableFile`."""
    kind = kind_of(path)
    encoding = _encoding_of(path) if kind == TEXT else UTF_8
    layout = Layout(encoding=encoding, sheet=sheet)
    with as_csv(path, layout, rows=ROWS_LOOKED_AT, seconds=_SECONDS_TO_LOOK) as found:
        columns, rows = _beginning(found)
    return Looked(kind, columns, rows, encoding, sheet, found.sheets, found.nested)


def _encoding_of(path: Path) -> str:
    """Western where the beginning is no UTF-8."""
    with BoundedReader(path) as reader:
        start = reader.read()
    whole = start[: start.rfind(b"\n") + 1] or start
    try:
        whole.decode()
    except UnicodeDecodeError as problem:
        # A stray byte far down is one row's fault, not the file's.
        return WESTERN if whole.count(b"\n", 0, problem.start) <= 10 * ROWS_LOOKED_AT else UTF_8
    return UTF_8


def _beginning(sheet: Sheet) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    with BoundedReader(sheet.path) as reader:
        line, rest = first_line(reader, Layout().expected)
        text = decoded(line)
        delimiter = max(DELIMITERS, key=lambda d: len(names_of(text, d)))
        columns = names_of(text, delimiter)
        lines = rest.split(b"\n")[: 4 * ROWS_LOOKED_AT]
    found = read_rows(b"\n".join(lines), delimiter)
    width = len(columns)
    rows = [
        (number, tuple(cell[:LONGEST_CELL] for cell in cells))
        for number, cells in enumerate(found, sheet.first_row)
        if not isinstance(cells, str) and len(cells) == width
    ]
    return columns, tuple(rows[:ROWS_LOOKED_AT])


def likely_layout(
    looked: Looked, *, kept: Layout | None = None, time_zone: str = "", kind: str = ""
) -> Layout:
    """What the columns probably are: as in a layout that is kept, else by their names.

    `time_zone` is taken for times that do not say theirs; without a `kind` the likelier is meant.
    """
    if kept is not None:
        return replace(kept, encoding=looked.encoding, sheet=looked.sheet)
    named = {kind: _by_name(looked, kind) for kind in (EVENTS, DAILY)}
    kind = kind or (DAILY if _is_counted(named) else EVENTS)
    columns = {name: named[kind].get(name, LEFT_OUT) for name in looked.columns}
    layout = Layout(kind=kind, columns=columns, encoding=looked.encoding, sheet=looked.sheet)
    return _with_times(layout, looked, time_zone)


def _by_name(looked: Looked, kind: str) -> dict[str, str]:
    """Columns by the field they are called after; each field once, its own name first."""
    fields = Layout(kind=kind).fields
    free = [name for name in looked.columns if name not in looked.nested]
    found: dict[str, str] = {}
    for is_own in (True, False):
        for field in fields:
            words = [field.replace("_", "")] if is_own else SAID[field].split()
            named = [c for word in words for c in free if _letters(c) == word and c not in found]
            if named and field not in found.values():
                found[named[0]] = field
    return found


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _is_counted(named: Mapping[str, Mapping[str, str]]) -> bool:
    """Nobody is named, and something is counted."""
    return "user_id" not in named[EVENTS].values() and "events" in named[DAILY].values()


def _with_times(layout: Layout, looked: Looked, time_zone: str) -> Layout:
    name = "day" if layout.kind == DAILY else "timestamp"
    column = layout.column_of(name, looked.columns)
    texts = looked.samples(column) if column in looked.columns else []
    time_format = _format_of(texts)
    # A day alone, or a time without an offset, is one of somewhere.
    is_naive = time_format not in (SECONDS, MILLISECONDS) and not all(map(_OFFSET.search, texts))
    zone = time_zone if layout.kind == EVENTS and texts and is_naive else ""
    return replace(layout, time_format=time_format, time_zone=zone)


def _format_of(texts: Sequence[str]) -> str:
    short = [(int(m[1]), int(m[2])) for text in texts if (m := _SHORT_DAY.match(text))]
    if short:
        return MONTH_FIRST if any(second > 12 for _first, second in short) else DAY_FIRST
    if texts and all(map(_NUMBER.fullmatch, texts)):
        return MILLISECONDS if all(len(t.partition(".")[0]) > 11 for t in texts) else SECONDS
    return Layout().time_format


def own_layout(looked: Looked) -> Layout:
    """The layout of a file whose columns bear our own names."""
    layout = Layout(encoding=looked.encoding, sheet=looked.sheet)
    counted = replace(layout, kind=DAILY)
    named = {name.lower() for name in looked.columns}
    return counted if named.issuperset(counted.needed) and "user_id" not in named else layout


def is_plain(looked: Looked, layout: Layout) -> bool:
    """Whether nothing is left to be said: each column bears a field's own name, and times state
    their zone."""
    try:
        known_fields(looked.columns, Layout(kind=layout.kind))
    except UnreadableFile:
        return False
    usual = Layout(kind=layout.kind, columns=layout.columns, encoding=UTF_8)
    return len(looked.sheets) < 2 and layout == usual


def preview(looked: Looked, layout: Layout, *, received_at: datetime) -> list[Becomes]:
    """What each of the first rows becomes. Raises `UnreadableFile` for columns that do not fit."""
    known = known_fields(looked.columns, layout)
    places = {field: looked.columns.index(name) for name, field in known.items()}
    return [
        _becomes(number, {f: cells[place] for f, place in places.items()}, layout, received_at)
        for number, cells in looked.rows
    ]


def _becomes(
    number: int, texts: Mapping[str, str], layout: Layout, received_at: datetime
) -> Becomes:
    columns: dict[str, Any] = {
        field: pc.utf8_trim_whitespace(pa.array([text], pa.string()))
        for field, text in texts.items()
    } | constant_columns(layout, 1)
    cells = Cells(columns, np.array([number], dtype=np.int64), [], 1, 0, 1)
    if layout.kind == DAILY:
        counted = counts.checked(cells, layout, received_at)
        return Becomes(number, _count_in_words(counted), counted.errors)
    block = events.checked(cells, layout, received_at)
    return Becomes(number, _event_in_words(block), block.errors)


def _event_in_words(block: events.Block) -> dict[str, str]:
    if not len(block.occurred_at):
        return {}
    moment = np.datetime_as_string(block.occurred_at.astype("datetime64[us]"), unit="s")
    return {
        "timestamp": f"{moment[0]}Z",
        "customer_id": block.customer_ids[0].as_py(),
        "user_id": block.user_ids[0].as_py(),
        "event": block.names[0].as_py(),
        "feature": block.features[0].as_py(),
    }


def _count_in_words(block: counts.CountBlock) -> dict[str, str]:
    if not block.counts:
        return {}
    count = block.counts[0]
    return {
        "day": count.day.isoformat(),
        "customer_id": count.customer,
        "feature": count.feature,
        "active_users": "" if count.active_users is None else str(count.active_users),
        "events": str(count.events),
    }
