"""The result: columns of integers, read as dates only where someone looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from adoption.scheduling.axis import Axis
from adoption.scheduling.drivers import Drivers
from adoption.scheduling.network import Network
from adoption.scheduling.paths import slack_to
from adoption.scheduling.placing import planned_positions
from adoption.scheduling.plan import Activity, ConstraintType, Plan

_PUSHED_UP = (ConstraintType.SNET, ConstraintType.FNET, ConstraintType.MSO, ConstraintType.MFO)


@dataclass(frozen=True, slots=True)
class ScheduledActivity:
    """One leaf of the plan. Datetimes are local; floats are working minutes.

    `start` and `finish` are where the work is planned: the early dates, for as-late-as-possible
    work the latest that moves nothing after it. Finished work has no float and is not critical.
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


@dataclass(frozen=True, slots=True)
class Columns:
    """Points on the working axis, and floats, by activity number; nothing useful at summaries."""

    early_start: Sequence[int]
    early_finish: Sequence[int]
    late_start: Sequence[int]
    late_finish: Sequence[int]
    total_float: Sequence[int]
    free_float: Sequence[int]
    critical: Sequence[bool]


@dataclass(frozen=True)
class Schedule:
    """What `calculate` answers: `schedule["1.2"]` is a leaf, iterating gives all in plan order.

    `positions` are the earliest positions of the network's nodes, `order` a possible sequence.
    """

    plan: Plan
    columns: Columns
    finish_point: int
    network: Network
    positions: Sequence[int]
    order: Sequence[int]

    @property
    def axis(self) -> Axis:
        return self.network.axis

    @cached_property
    def start(self) -> datetime:
        """When the first leaf starts; the plan's first working minute when there is none."""
        return min((row.start for row in self), default=self.axis.begins(0))

    @cached_property
    def finish(self) -> datetime:
        """When the last leaf finishes; the plan's first working minute when there is none."""
        return max((row.finish for row in self), default=self.axis.begins(0))

    def __len__(self) -> int:
        return len(self.network.leaves)

    def __iter__(self) -> Iterator[ScheduledActivity]:
        return map(self._row, self.network.leaves)

    def __getitem__(self, key: str) -> ScheduledActivity:
        """Raises KeyError for a summary or an unknown key."""
        i = self.network.outline.index[key]
        if not self.network.outline.is_leaf(i):
            raise KeyError(key)
        return self._row(i)

    def drivers(self, key: str) -> tuple[str, ...]:
        """Keys of the predecessors that hold a leaf where it is, in plan order; () if none does."""
        found = self._drivers.of(self.network.outline.index[key])
        return tuple(self.plan.activities[i].key for i in sorted(found))

    def planned_point(self, i: int) -> int:
        """Where a leaf's work is planned to start, by its number: a point on the axis."""
        return self.columns.early_start[i] + self._planned[i] - self.positions[i]

    def slack_to(self, key: str) -> dict[str, int]:
        """How many working minutes each open leaf on the way to this one could slip without
        moving it: the float of the plan if it ended here. Without the leaf's own."""
        i = self.network.outline.index[key]
        return {self.plan.activities[leaf].key: room for leaf, room in slack_to(self, i).items()}

    @cached_property
    def _drivers(self) -> Drivers:
        return Drivers(self.network, self.positions)

    @cached_property
    def _planned(self) -> Sequence[int]:
        return planned_positions(self)

    @cached_property
    def _is_followed(self) -> set[int]:
        """Nodes that follow something, so that a milestone among them reads as a finish."""
        return {after for _, after, _ in self.network.settled} | {
            node for node, count in enumerate(self.network.waiting) if count
        }

    @cached_property
    def _rows(self) -> dict[int, ScheduledActivity]:
        return {}

    def _row(self, i: int) -> ScheduledActivity:
        if i not in self._rows:
            self._rows[i] = self._read(i)
        return self._rows[i]

    def _read(self, i: int) -> ScheduledActivity:
        columns, activity = self.columns, self.plan.activities[i]
        early = self._dates(i, columns.early_start[i], columns.early_finish[i])
        late = self._dates(i, columns.late_start[i], columns.late_finish[i])
        planned = early
        if self._planned[i] != self.positions[i]:
            planned = self._dates(i, self.planned_point(i), self._planned_end(i))
        return ScheduledActivity(
            activity.key,
            activity.name,
            *early,
            *late,
            *planned,
            columns.total_float[i],
            columns.free_float[i],
            columns.critical[i],
            activity.actual_finish is not None,
        )

    def _planned_end(self, i: int) -> int:
        """A length that depends on where the work lies is gone through from its planned start."""
        begins = self.planned_point(i)
        if self.network.finish_of[i] == i:
            return self.columns.early_finish[i] + begins - self.columns.early_start[i]
        (body,) = (bend for bend in self.network.rules[i].bends if bend.body)
        return body.push(self.axis, begins)

    def _dates(self, i: int, start: int, finish: int) -> tuple[datetime, datetime]:
        """A start is read as a start and a finish as a finish; actual dates stand as they are."""
        activity = self.plan.activities[i]
        if activity.duration == 0 and activity.actual_start is None:
            moment = self._milestone(i, activity, finish)
            return moment, activity.actual_finish or moment
        begins = activity.actual_start or self.axis.begins(start)
        return begins, activity.actual_finish or self.axis.ends(finish)

    def _milestone(self, i: int, activity: Activity, point: int) -> datetime:
        """The end of what leads to it, or the beginning of what follows when nothing does."""
        if point == 0 or i not in self._is_followed:
            return self.axis.begins(point)
        ends, asked = self.axis.ends(point), activity.constraint_at
        if asked is not None and activity.constraint in _PUSHED_UP and ends < asked:
            return self.axis.begins(point) if self.axis.point(asked) == point else ends
        return ends
