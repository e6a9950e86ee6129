"""Two versions of a plan, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from adoption.comparison.chains import Cause, causes_of
from adoption.comparison.versions import Version, VersionLink, VersionRow
from adoption.scheduling.axis import Axis
from adoption.scheduling.calendar import Calendar

_FIRST = datetime(2000, 1, 3)  # noqa: DTZ001 (plans are in local time, without a zone)
# What counts as another row, beside its dates.
_FIELDS = (
    "name",
    "parent",
    "duration",
    "elapsed",
    "effort",
    "budget",
    "percent",
    "actual_start",
    "actual_finish",
    "constraint",
    "constraint_at",
)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs. Days are working days, positive where it is later or longer now.

    `before` is None for an added row, `after` for a removed one; both have no days. `fields` are
    the names of what else differs.
    """

    before: VersionRow | None
    after: VersionRow | None
    start_days: float = 0.0
    finish_days: float = 0.0
    longer_days: float = 0.0
    fields: tuple[str, ...] = ()

    @property
    def row(self) -> VersionRow:
        return self.after or cast(VersionRow, self.before)

    @property
    def kind(self) -> str:
        """`added`, `removed`, `moved` (in time) or `changed` (in something else)."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "moved" if self.start_days or self.finish_days else "changed"

    @property
    def is_newly_critical(self) -> bool:
        return self._critical(self.after) and not self._critical(self.before)

    @property
    def is_no_longer_critical(self) -> bool:
        return self._critical(self.before) and not self._critical(self.after)

    @staticmethod
    def _critical(row: VersionRow | None) -> bool:
        return row is not None and row.is_open_critical


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link that is new (`before` is None), gone (`after` is None) or has another lag."""

    before: VersionLink | None
    after: VersionLink | None

    @property
    def link(self) -> VersionLink:
        return self.after or cast(VersionLink, self.before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions, and why the finish moved. Days are working days.

    `rows` are in the outline's order of the later version, the removed ones at the end; summaries
    are among them. `finish_days` is None where one of both has no work at all.
    """

    before: Version
    after: Version
    rows: tuple[RowChange, ...]
    links: tuple[LinkChange, ...]
    start_days: float | None
    finish_days: float | None
    causes: tuple[Cause, ...]

    @property
    def is_same(self) -> bool:
        return not (self.rows or self.links)

    def of_kind(self, kind: str) -> tuple[RowChange, ...]:
        """The steps (not summaries) that were added, removed, moved or changed otherwise."""
        return tuple(row for row in self.rows if row.kind == kind and not row.row.summary)

    @property
    def newly_critical(self) -> tuple[RowChange, ...]:
        return tuple(row for row in self.rows if row.is_newly_critical)

    @property
    def no_longer_critical(self) -> tuple[RowChange, ...]:
        return tuple(row for row in self.rows if row.is_no_longer_critical)


def compare(before: Version, after: Version, *, calendar: Calendar) -> Comparison:
    """What changed from one version to another; days are counted on one calendar for both."""
    axis = Axis(calendar, _FIRST)
    return Comparison(
        before=before,
        after=after,
        rows=tuple(_row_changes(before, after, axis)),
        links=tuple(_link_changes(before, after)),
        start_days=_apart(before.start, after.start, axis),
        finish_days=_apart(before.finish, after.finish, axis),
        causes=causes_of(before, after, axis),
    )


def _apart(one: datetime | None, other: datetime | None, axis: Axis) -> float | None:
    if one is None or other is None:
        return None
    return (axis.point(other) - axis.point(one)) / axis.calendar.day_minutes


def _row_changes(before: Version, after: Version, axis: Axis) -> Iterator[RowChange]:
    known = before.by_uid
    for row in after.rows:
        twin = known.get(row.uid)
        if twin is None:
            yield RowChange(None, row)
        elif twin != row and (change := _changed(twin, row, axis)) is not None:
            yield change
    left = after.by_uid
    yield from (RowChange(row, None) for row in before.rows if row.uid not in left)


def _changed(before: VersionRow, after: VersionRow, axis: Axis) -> RowChange | None:
    """None where only the number in the outline differs, or nothing that a person would see."""
    found = RowChange(
        before=before,
        after=after,
        start_days=_apart(before.start, after.start, axis) or 0.0,
        finish_days=_apart(before.finish, after.finish, axis) or 0.0,
        longer_days=_longer(before, after, axis),
        fields=tuple(name for name in _FIELDS if getattr(before, name) != getattr(after, name)),
    )
    is_other = found.start_days or found.finish_days or found.fields
    is_other = is_other or before.is_open_critical != after.is_open_critical
    return found if is_other else None


def _longer(before: VersionRow, after: VersionRow, axis: Axis) -> float:
    """By the durations as planned; a summary has none of its own."""
    if after.summary or before.summary:
        return 0.0
    day = axis.calendar.day_minutes
    return after.duration / (1440 if after.elapsed else day) - before.duration / (
        1440 if before.elapsed else day
    )


def _link_changes(before: Version, after: Version) -> Iterator[LinkChange]:
    for link in sorted(after.links):
        known = before.by_pair.get(link.pair)
        if known is None:
            yield LinkChange(None, link)
        elif known != link:
            yield LinkChange(known, link)
    yield from (
        LinkChange(link, None) for link in sorted(before.links) if link.pair not in after.by_pair
    )
