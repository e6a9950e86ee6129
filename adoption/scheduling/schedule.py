"""The result: columns of integers, read as dates only where someone looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from adoption.scheduling.axis import Axis
from adoption.scheduling.network import Network
from adoption.scheduling.plan import Activity, ConstraintType, Plan


@dataclass(frozen=True, slots=True)
class ScheduledActivity:
    """One leaf of the plan. Datetimes are local; floats are working minutes.

    `start` and `finish` are where the work is planned: the early dates, for as-late-as-possible
    work the latest that moves nothing after it. Floats of finished work are 0 and it is never
    critical.
    """

    key: str
    name: str
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    start: datetime
    finish: datetime
    total_float: int
    free_float: int
    critical: bool
    finished: bool


@dataclass(frozen=True)
class Columns:
    """Points on the working axis (and floats) by activity number; summaries hold nothing."""

    early_start: Sequence[int]
    early_finish: Sequence[int]
    late_start: Sequence[int]
    late_finish: Sequence[int]
    total_float: Sequence[int]
    free_float: Sequence[int]
    critical: Sequence[bool]


@dataclass(frozen=True)
class Schedule:
    """What `calculate` answers: `schedule["1.2"]` is a leaf, iterating gives all in plan order."""

    plan: Plan
    columns: Columns
    finish_point: int
    network: Network
    positions: Sequence[int]

    @property
    def axis(self) -> Axis:
        return self.network.axis

    @cached_property
    def start(self) -> datetime:
        """When the first leaf starts; the plan's first working minute when there is none."""
        leaves = self.network.leaves
        return min(
            (self._row(i).start for i in leaves), default=self.axis.begins(0)
        )

    @cached_property
    def finish(self) -> datetime:
        """When the last leaf finishes; the plan's first working minute when there is none."""
        if not self.network.leaves:
            return self.axis.begins(0)
        return max(self._row(i).finish for i in self.network.leaves)

    def __len__(self) -> int:
        return len(self.network.leaves)

    def __iter__(self) -> Iterator[ScheduledActivity]:
        return map(self._row, self.network.leaves)

    def __getitem__(self, key: str) -> ScheduledActivity:
        i = self.network.outline.index[key]
        if not self.network.outline.is_leaf(i):
            raise KeyError(key)
        return self._row(i)

    def drivers(self, key: str) -> tuple[str, ...]:
        """Keys of the predecessors that hold an activity where it is; empty when none does."""
        return tuple(self.plan.activities[i].key for i in self._drivers[key])
