"""A plan as it stood at a moment: rows by their lasting ids, and the links between them.

`uid` is what stays of a row when it is renamed, moved in the outline, copied for a what-if or
brought in again from its file; versions are compared by it. Times are local, minutes are working
minutes unless `elapsed`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

FORM = 1
_MOMENTS = frozenset({"start", "finish", "actual_start", "actual_finish", "constraint_at"})


class VersionRow(NamedTuple):
    """One row. `budget` is an amount as text, so that no cent is lost in a file of numbers."""

    uid: str
    parent: str | None
    outline: str
    name: str
    summary: bool
    duration: int
    elapsed: bool
    effort: int | None
    budget: str | None
    start: datetime
    finish: datetime
    critical: bool
    percent: float
    actual_start: datetime | None
    actual_finish: datetime | None
    constraint: str
    constraint_at: datetime | None

    @property
    def is_milestone(self) -> bool:
        return self.duration == 0 and not self.summary

    @property
    def is_open_critical(self) -> bool:
        return self.critical and not self.summary and self.percent < 100


_UID, _START, _FINISH = map(VersionRow._fields.index, ("uid", "start", "finish"))


class VersionLink(NamedTuple):
    """`after` waits for `before`; `lag` in minutes, of the clock if elapsed."""

    before: str
    after: str
    type: str
    lag: int
    elapsed: bool

    @property
    def pair(self) -> tuple[str, str, str]:
        return self.before, self.after, self.type


@dataclass(frozen=True)
class Version:
    """Rows in outline order, links in any."""

    rows: tuple[VersionRow, ...]
    links: tuple[VersionLink, ...] = ()

    @cached_property
    def by_uid(self) -> dict[str, VersionRow]:
        return {row.uid: row for row in self.rows}

    @cached_property
    def leaves(self) -> tuple[VersionRow, ...]:
        return tuple(row for row in self.rows if not row.summary)

    @cached_property
    def by_pair(self) -> dict[tuple[str, str, str], VersionLink]:
        return {link.pair: link for link in self.links}

    @property
    def start(self) -> datetime | None:
        return min((row.start for row in self.leaves), default=None)

    @property
    def finish(self) -> datetime | None:
        return max((row.finish for row in self.leaves), default=None)


def to_contents(version: Version) -> dict[str, Any]:
    """A version as plain values for JSON: a list a row and a list a link, in a fixed order."""
    return {
        "form": FORM,
        "rows": [[_plain(value) for value in row] for row in version.rows],
        "links": sorted([*link] for link in version.links),
    }


def from_contents(contents: Mapping[str, Any]) -> Version:
    """The version that `to_contents` wrote."""
    names = VersionRow._fields
    rows = (
        VersionRow(*(_read(name, value) for name, value in zip(names, row, strict=True)))
        for row in contents["rows"]
    )
    return Version(tuple(rows), links_of(contents["links"]))


def spans_of(contents: Mapping[str, Any]) -> dict[str, tuple[datetime, datetime]]:
    """Start and finish of each row by uid: every page of a plan asks for them and no more."""
    read = datetime.fromisoformat
    return {row[_UID]: (read(row[_START]), read(row[_FINISH])) for row in contents["rows"]}


def links_of(rows: Iterable[Iterable[Any]]) -> tuple[VersionLink, ...]:
    return tuple(VersionLink(*row) for row in rows)


def digest_of(contents: Mapping[str, Any]) -> str:
    """SHA-256 of the contents, the same for the same plan whatever order its links came in."""
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
