"""A plan run many times, each with durations of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from adoption.scheduling import InvalidPlan, Plan, Schedule, calculate
from adoption.scheduling.compilation import compile_plan
from adoption.scheduling.network import Network
from adoption.simulation.axis import RowAxis
from adoption.simulation.passes import Positions, backward, finish_points, forward
from adoption.simulation.result import Simulation, StepRisk
from adoption.simulation.spreads import Shape, Spread, draw

Row = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

RUNS = 10_000
# Positions held at once; a larger plan is run in more parts, so that memory stays bounded.
_CELLS = 2_000_000


@dataclass(frozen=True)
class Runs:
    """Some runs: the network they share and every node's earliest and latest positions."""

    network: Network
    early: Positions
    late: Positions
    finish: Row

    def is_critical(self, i: int, threshold: int) -> Any:
        """In which runs a leaf has no more float than the threshold; finished work in none."""
        if i in self.network.ended:
            return np.zeros(len(self.finish), bool)
        return self.late[i] - self.early[i] <= threshold


def simulate(
    plan: Plan,
    spreads: Mapping[str, Spread],
    *,
    runs: int = RUNS,
    seed: int,
    shape: Shape = Shape.PERT,
) -> Simulation:
    """Draw the durations of the steps named in `spreads` and schedule the plan with each draw.

    Every rule of the exact engine holds in every run: all links with lags, elapsed time,
    summaries, constraints, deadlines, progress. What is left of running work is drawn in
    proportion to its duration; finished work and summaries have nothing to draw. The same seed
    gives the same answer whatever the order of the input. Raises InvalidPlan for a spread of a
    step that is not in the plan, and what `calculate` raises.
    """
    schedule = calculate(plan)
    left = _left(schedule, draw(_known(schedule, spreads), runs=runs, seed=seed, shape=shape))
    critical = dict.fromkeys(schedule.network.leaves, 0)
    finishes = []
    for part in _parts(schedule, left, runs):
        finishes.append(part.finish)
        for i in critical:
            critical[i] += int(np.count_nonzero(part.is_critical(i, plan.critical_float)))
    finish = np.concatenate(finishes)
    return Simulation(
        runs=runs,
        seed=seed,
        planned=schedule.finish,
        finishes=tuple(np.sort(finish).tolist()),
        steps=_risks(plan, {i: count / runs for i, count in critical.items()}, left, finish),
        axis=schedule.axis,
    )


def _risks(
    plan: Plan, critical: Mapping[int, float], left: Mapping[int, Row], finish: Row
) -> tuple[StepRisk, ...]:
    apart = finish - finish.mean()
    return tuple(
        StepRisk(
            plan.activities[i].key,
            plan.activities[i].name,
            share,
            _correlation(left.get(i), apart),
        )
        for i, share in critical.items()
    )


def run(schedule: Schedule, left: Mapping[int, Row], runs: int) -> Runs:
    """Schedule once for each column of the rows `left`: what is left of leaves, by number."""
    plan = schedule.plan
    network = compile_plan(plan, spread=left, axis=RowAxis(plan.calendar, plan.start))
    early = forward(network, schedule.order, runs)
    finish = finish_points(network, early, runs)
    return Runs(network, early, backward(network, early, schedule.order, finish), finish)


def _known(schedule: Schedule, spreads: Mapping[str, Spread]) -> dict[str, Spread]:
    """The spreads that leave something to draw."""
    outline = schedule.network.outline
    for key in spreads:
        if key not in outline.index:
            raise InvalidPlan(f"A three-point duration belongs to {key}, which is not in the plan.")
    return {
        key: spread
        for key, spread in spreads.items()
        if outline.is_leaf(outline.index[key]) and outline.index[key] not in schedule.network.ended
    }


def _left(schedule: Schedule, drawn: Mapping[str, Row]) -> dict[int, Row]:
    outline = schedule.network.outline
    rows = {outline.index[key]: row for key, row in drawn.items()}
    for i in rows.keys() & schedule.network.began.keys():
        activity = outline.activities[i]
        share = rows[i] / activity.duration if activity.duration else 1.0
        rows[i] = np.broadcast_to(np.rint(activity.left * share).astype(np.int64), rows[i].shape)
    return rows


def _parts(schedule: Schedule, left: Mapping[int, Row], runs: int) -> Iterator[Runs]:
    at_once = max(100, _CELLS // max(1, len(schedule.positions)))
    for start in range(0, runs, at_once):
        end = min(runs, start + at_once)
        yield run(schedule, {i: row[start:end] for i, row in left.items()}, end - start)


def _correlation(left: Row | None, finish: Shares) -> float | None:
    """Pearson's, with a finish whose mean is taken off."""
    if left is None:
        return None
    apart = left - left.mean()
    both = float(np.sqrt((apart @ apart) * (finish @ finish)))
    return float(apart @ finish) / both if both else None
