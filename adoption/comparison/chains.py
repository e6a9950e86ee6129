"""Why one version finishes later than another: what differs on the chain of steps that sets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from adoption.comparison.versions import Version, VersionLink, VersionRow
from adoption.scheduling.axis import Axis

_FROM_FINISH, _INTO_FINISH = ("FS", "FF"), ("FF", "SF")
_AT_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference on the chain that sets the later finish.

    `kind` is `duration` (a step takes longer), `row` (a step was added), `link` (it waits for
    another step now, named `other`), `lag` (it waits longer for that), `constraint` (a later date
    was set for it), `started` (it began later) or `start` (it cannot begin before). `days` are
    working days, negative where the difference makes the plan end earlier: shorter, removed, ….
    """

    kind: str
    uid: str
    name: str
    days: float
    other: str = ""
    done: bool = False


class _Held(NamedTuple):
    """A step of the chain, with the link and the step that hold it where it is."""

    row: VersionRow
    link: VersionLink | None
    source: VersionRow | None


def causes_of(before: Version, after: Version, axis: Axis) -> tuple[Cause, ...]:
    """What moved the finish, the largest first; nothing where both end at the same point.

    The chain is read in the version that ends later, so that comparing the other way round names
    the same causes with the opposite sign.
    """
    if before.finish is None or after.finish is None:
        return ()
    moved = axis.point(after.finish) - axis.point(before.finish)
    if not moved:
        return ()
    later, other = (after, before) if moved > 0 else (before, after)
    found = [cause for held in _Chain(later, axis) for cause in _differences(held, other, axis)]
    found.sort(key=lambda cause: -cause.days)
    return tuple(found if moved > 0 else (replace(cause, days=-cause.days) for cause in found))


class _Chain:
    """From the step that finishes last back along what holds each step."""

    def __init__(self, version: Version, axis: Axis) -> None:
        self.version, self.axis = version, axis
        self.into: dict[str, list[VersionLink]] = {}
        for link in version.links:
            self.into.setdefault(link.after, []).append(link)
        self.children: dict[str, list[VersionRow]] = {}
        for row in version.rows:
            if row.parent is not None:
                self.children.setdefault(row.parent, []).append(row)

    def __iter__(self) -> Iterator[_Held]:
        row: VersionRow | None = max(
            self.version.leaves, key=lambda leaf: (leaf.finish, leaf.is_open_critical)
        )
        seen: set[str] = set()
        while row is not None and row.uid not in seen:
            seen.add(row.uid)
            held = self._held(row)
            yield held
            row = held.source

    def _held(self, row: VersionRow) -> _Held:
        tight = [
            (slack, link, source)
            for link in self._links_into(row)
            if (source := self._end(link)) is not None
            if (slack := self._slack(row, link, source)) <= 0
        ]
        if not tight:
            return _Held(row, None, None)
        _slack, link, source = min(tight, key=lambda found: (found[0], found[1]))
        return _Held(row, link, source)

    def _links_into(self, row: VersionRow) -> Iterator[VersionLink]:
        """A link to a summary holds what is inside it."""
        at: str | None = row.uid
        while at is not None:
            yield from self.into.get(at, ())
            above = self.version.by_uid.get(at)
            at = above.parent if above is not None else None

    def _end(self, link: VersionLink) -> VersionRow | None:
        """The step at the end of a link; of a summary the one that begins or finishes it."""
        row = self.version.by_uid.get(link.before)
        leaves = [leaf for leaf in self._below(row) if not leaf.summary] if row else []
        if not leaves:
            return None
        if link.type in _FROM_FINISH:
            return max(leaves, key=lambda leaf: leaf.finish)
        return min(leaves, key=lambda leaf: leaf.start)

    def _below(self, row: VersionRow) -> Iterator[VersionRow]:
        waiting = [row]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += self.children.get(one.uid, ())

    def _slack(self, row: VersionRow, link: VersionLink, source: VersionRow) -> int:
        """Working minutes between what a link asks for and where the step is."""
        moment = source.finish if link.type in _FROM_FINISH else source.start
        if link.elapsed:
            bound = self.axis.point(moment + timedelta(minutes=link.lag))
        else:
            bound = self.axis.point(moment) + link.lag
        held = row.finish if link.type in _INTO_FINISH else row.start
        return self.axis.point(held) - bound


def _differences(held: _Held, other: Version, axis: Axis) -> Iterator[Cause]:
    row, day = held.row, axis.calendar.day_minutes
    twin = other.by_uid.get(row.uid)
    span = _span(row, axis) / day
    if twin is None:
        yield Cause("row", row.uid, row.name, span)
        return
    longer = span - _span(twin, axis) / day
    if longer > _AT_LEAST:
        done = row.actual_finish is not None
        yield Cause("duration", row.uid, row.name, longer, done=done)
    later = (axis.point(row.start) - axis.point(twin.start)) / day
    if held.link is not None and held.source is not None:
        yield from _of_link(held.link, held.source, row, other, later, axis)
    elif later > _AT_LEAST:
        yield Cause(_kind_of_start(row, twin), row.uid, row.name, later)


def _of_link(
    link: VersionLink, source: VersionRow, row: VersionRow, other: Version, later: float, axis: Axis
) -> Iterator[Cause]:
    known = other.by_pair.get(link.pair)
    if known is None:
        # A link from a step that is new itself is said with the step.
        if later > _AT_LEAST and source.uid in other.by_uid:
            yield Cause("link", row.uid, row.name, later, other=source.name)
        return
    longer = link.lag - known.lag
    if longer > 0 and link.elapsed == known.elapsed:
        minutes = 1440 if link.elapsed else axis.calendar.day_minutes
        yield Cause("lag", row.uid, row.name, longer / minutes, other=source.name)


def _kind_of_start(row: VersionRow, twin: VersionRow) -> str:
    if row.actual_start is not None:
        return "started"
    if row.constraint_at is not None and row.constraint_at != twin.constraint_at:
        return "constraint"
    return "start"


def _span(row: VersionRow, axis: Axis) -> int:
    return axis.point(row.finish) - axis.point(row.start)
