"""What many runs of a plan say together."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import ceil

from adoption.scheduling import Axis
from adoption.scheduling.axis import moment_of

_MOST_BINS = 24


@dataclass(frozen=True, slots=True)
class StepRisk:
    """One leaf: in which share of the runs it was critical (0 to 1), and how closely the length
    of its work and the finish of the plan go together (Pearson's correlation, -1 to 1; None
    where either is the same in every run)."""

    key: str
    name: str
    criticality: float
    sensitivity: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """The share of the runs that finish after `start` and by `end`."""

    start: datetime
    end: datetime
    share: float


@dataclass(frozen=True)
class Simulation:
    """The finishes of all runs, as points on the working axis in rising order.

    `planned` is where the plan itself finishes; steps are in plan order, datetimes local.
    """

    runs: int
    seed: int
    planned: datetime
    finishes: tuple[int, ...]
    steps: tuple[StepRisk, ...]
    axis: Axis = field(repr=False, compare=False)

    def point_by(self, share: float) -> int:
        """The point by which this share of the runs (0 to 1) has finished."""
        return self.finishes[max(0, ceil(round(share * self.runs, 6)) - 1)]

    def finish_by(self, share: float) -> datetime:
        return self._moment(self.point_by(share))

    def chance_by(self, moment: datetime) -> float:
        """The share of the runs that finish by this moment."""
        return bisect_right(self.finishes, self.axis.point(moment)) / self.runs

    @property
    def p10(self) -> datetime:
        return self.finish_by(0.1)

    @property
    def p50(self) -> datetime:
        return self.finish_by(0.5)

    @property
    def p80(self) -> datetime:
        return self.finish_by(0.8)

    @property
    def p90(self) -> datetime:
        return self.finish_by(0.9)

    def histogram(self) -> tuple[Bin, ...]:
        """At most two dozen bins, each of the same whole number of working days."""
        low, high = self.finishes[0], self.finishes[-1]
        width = self.axis.calendar.day_minutes
        width *= max(1, ceil((high - low) / width / (_MOST_BINS - 1)))
        left = (low - 1) // width * width
        edges = range(left, high + width, width)
        counts = [bisect_right(self.finishes, edge) for edge in edges]
        return tuple(
            Bin(self._moment(edges[i]), self._moment(edges[i + 1]), (after - before) / self.runs)
            for i, (before, after) in enumerate(pairwise(counts))
        )

    def _moment(self, point: int) -> datetime:
        return moment_of(self.axis.end_instant(point))
