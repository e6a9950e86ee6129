"""What an edit moves: the value that a preview shows and a saved edit answers with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Stand(NamedTuple):
    """How one row stands in the schedule; `open` says that it is a leaf not yet complete."""

    id: UUID
    uid: str
    outline: str
    name: str
    is_summary: bool
    open: bool
    start: datetime
    finish: datetime
    critical: bool
    deadline_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.deadline_at is not None and self.finish > self.deadline_at


@dataclass(frozen=True, slots=True)
class MovedPackage:
    """A package whose dates change. `days` is how many working days its finish goes later,
    negative when earlier."""

    id: UUID
    uid: str
    outline: str
    name: str
    start_before: datetime
    start_after: datetime
    finish_before: datetime
    finish_after: datetime
    days: float


@dataclass(frozen=True, slots=True)
class MadePackage:
    id: UUID
    uid: str
    outline: str
    name: str
    start: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class BrokenDeadline:
    id: UUID
    outline: str
    name: str
    deadline_at: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class Moves:
    """What an edit does to a plan, saved or only looked at (then `change_id` is None).

    `moved` are packages, not summaries. `changed` are all rows that read differently afterwards,
    summaries included. `finish_days` is working days, positive for later. `links` are all of the
    plan as they are now, tuples from the earlier to the later row with the type; None where
    nobody kept them.
    """

    finish_before: datetime
    finish_after: datetime
    finish_days: float
    moved: tuple[MovedPackage, ...] = ()
    made: tuple[MadePackage, ...] = ()
    removed: tuple[UUID, ...] = ()
    changed: frozenset[UUID] = frozenset()
    newly_critical: tuple[MovedPackage, ...] = ()
    no_longer_critical: tuple[MovedPackage, ...] = ()
    deadlines_broken: tuple[BrokenDeadline, ...] = ()
    version: int = 0
    change_id: UUID | None = None
    text: str = ""
    links: tuple[tuple[UUID, UUID, str], ...] | None = field(default=None, repr=False)

    @property
    def moves_dates(self) -> bool:
        """Whether anything but the edited row itself has something to tell before it is saved."""
        return bool(self.moved or self.deadlines_broken or self.finish_days)


def moves_between(
    before: Mapping[str, Stand],
    after: Mapping[str, Stand],
    *,
    finish: tuple[datetime, datetime],
    days: Callable[[datetime, datetime], float],
) -> Moves:
    """Both by uid, in outline order; `days` counts working days from one moment to another."""
    pairs = [(before[uid], row) for uid, row in after.items() if uid in before]
    leaves = [(old, new) for old, new in pairs if not old.is_summary and not new.is_summary]
    return Moves(
        finish_before=finish[0],
        finish_after=finish[1],
        finish_days=days(*finish),
        moved=tuple(
            _moved(old, new, days)
            for old, new in leaves
            if (old.start, old.finish) != (new.start, new.finish)
        ),
        made=tuple(
            MadePackage(row.id, row.uid, row.outline, row.name, row.start, row.finish)
            for uid, row in after.items()
            if uid not in before
        ),
        removed=tuple(row.id for uid, row in before.items() if uid not in after),
        newly_critical=tuple(
            _moved(old, new, days) for old, new in leaves if _is_held(new) and not _is_held(old)
        ),
        no_longer_critical=tuple(
            _moved(old, new, days) for old, new in leaves if _is_held(old) and not _is_held(new)
        ),
        deadlines_broken=tuple(
            BrokenDeadline(new.id, new.outline, new.name, new.deadline_at, new.finish)
            for old, new in pairs
            if new.deadline_at is not None and new.is_late and not old.is_late
        ),
    )


def _is_held(row: Stand) -> bool:
    return row.critical and row.open


def _moved(old: Stand, new: Stand, days: Callable[[datetime, datetime], float]) -> MovedPackage:
    return MovedPackage(
        new.id, new.uid, new.outline, new.name,
        old.start, new.start, old.finish, new.finish, days(old.finish, new.finish),
    )  # fmt: skip
