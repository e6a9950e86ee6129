"""Uncertain durations: every run is exactly the plan with that run's durations."""

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adoption.scheduling import (
    Activity,
    ConstraintType,
    InvalidPlan,
    Link,
    LinkType,
    Plan,
    Schedule,
    calculate,
)
from adoption.simulation import InvalidSpread, Shape, Simulation, Spread, simulate
from adoption.simulation.runs import run
from adoption.simulation.spreads import draw
from tests.adoption.networks import random_plan
from tests.adoption.plans import DAY, START, plan, step

seeds = st.integers(0, 10**9)
RUNS = 5


def uncertain(seed: int) -> Plan:
    """A random plan in which some steps last by the clock, and some hang on clock lags."""
    made, rng = random_plan(seed), random.Random(seed)
    activities = tuple(
        replace(activity, elapsed=activity.duration > 0 and rng.random() < 0.15)
        for activity in made.activities
    )
    return replace(made, activities=activities)


def lengths(seed: int, schedule: Schedule) -> dict[int, np.ndarray]:
    """What is left of about two thirds of the open leaves, different in every run."""
    rng = random.Random(seed + 1)
    return {
        i: np.array([rng.randrange(3000) for _ in range(RUNS)], np.int64)
        for i in schedule.network.leaves
        if i not in schedule.network.ended and rng.random() < 0.7
    }


def alone(made: Plan, left: Mapping[int, np.ndarray], column: int) -> Plan:
    """The plan of one run. What is done of running work stays, so its duration follows."""
    activities = list(made.activities)
    for i, row in left.items():
        one, minutes = activities[i], int(row[column])
        if one.actual_start:
            done = max(0, one.duration - one.left)
            activities[i] = replace(one, remaining=minutes, duration=done + minutes)
        else:
            activities[i] = replace(one, duration=minutes)
    return replace(made, activities=tuple(activities))


@settings(max_examples=300)
@given(seeds)
def test_every_run_equals_the_exact_engine_on_every_activity(seed: int) -> None:
    made = uncertain(seed)
    schedule = calculate(made)
    left = lengths(seed, schedule)
    found = run(schedule, left, RUNS)
    for column in range(RUNS):
        exact = calculate(alone(made, left, column))
        assert found.finish[column] == exact.finish_point
        for i in schedule.network.leaves:
            assert found.early[i][column] == exact.positions[i]
            slack = 0 if i in schedule.network.ended else exact.columns.total_float[i]
            mine = found.late[i][column] - found.early[i][column]
            assert i in schedule.network.ended or mine == slack
            critical = found.is_critical(i, made.critical_float)[column]
            assert critical == exact.columns.critical[i]


@given(seeds)
def test_without_uncertainty_every_run_is_the_plan(seed: int) -> None:
    made = uncertain(seed)
    schedule = calculate(made)
    spreads = {
        row.key: Spread(*[made.activities[schedule.network.outline.index[row.key]].duration] * 3)
        for row in schedule
    }
    found = simulate(made, spreads, runs=3, seed=seed)
    assert found.finishes == (schedule.finish_point,) * 3
    for risk, row in zip(found.steps, schedule, strict=True):
        assert (risk.criticality, risk.sensitivity) == (float(row.critical), None)


# Work by the clock, as late as possible, with nothing after it.
@example(3333)
@given(seeds)
def test_the_order_of_input_never_matters(seed: int) -> None:
    made = uncertain(seed)
    spreads = spread_of(made)
    activities, links = list(made.activities), list(made.links)
    random.Random(seed).shuffle(activities)
    random.Random(seed + 1).shuffle(links)
    shuffled = replace(made, activities=tuple(activities), links=tuple(links))
    backwards = dict(reversed(spreads.items()))
    one, other = told(made, spreads, seed), told(shuffled, backwards, seed)
    assert one.finishes == other.finishes
    assert {risk.key: risk for risk in one.steps} == {risk.key: risk for risk in other.steps}


def spread_of(made: Plan) -> dict[str, Spread]:
    leaves = calculate(made).network.leaves
    return {
        made.activities[i].key: Spread(
            made.activities[i].duration // 2,
            made.activities[i].duration,
            made.activities[i].duration * 2,
        )
        for i in leaves
    }


def told(made: Plan, spreads: Mapping[str, Spread], seed: int, runs: int = 40) -> Simulation:
    return simulate(made, spreads, runs=runs, seed=seed)


@given(seeds)
def test_more_steps_in_the_plan_do_not_change_what_a_step_draws(seed: int) -> None:
    wide = Spread(100, 400, 900)
    few = draw({"a": wide}, runs=20, seed=seed, shape=Shape.PERT)
    many = draw({"z": wide, "a": wide}, runs=20, seed=seed, shape=Shape.PERT)
    assert np.array_equal(few["a"], many["a"])
    assert not np.array_equal(many["a"], many["z"])


@pytest.mark.parametrize("shape", Shape)
@given(st.lists(st.integers(0, 9000), min_size=3, max_size=3), seeds)
def test_draws_lie_between_the_outer_points(shape: Shape, points: list[int], seed: int) -> None:
    spread = Spread(*sorted(points))
    row = draw({"a": spread}, runs=200, seed=seed, shape=shape)["a"]
    assert spread.optimistic <= row.min() and row.max() <= spread.pessimistic


@pytest.mark.parametrize(
    ("shape", "mean"), [(Shape.PERT, (400 + 4 * 1000 + 3400) / 6), (Shape.TRIANGULAR, 1600)]
)
def test_draws_have_the_mean_of_their_distribution(shape: Shape, mean: float) -> None:
    row = draw({"a": Spread(400, 1000, 3400)}, runs=200_000, seed=3, shape=shape)["a"]
    assert row.mean() == pytest.approx(mean, rel=0.01)


def test_a_single_uncertain_step_gives_its_own_quantiles() -> None:
    made = plan(step("a", 10), step("b", 1), links=(Link("a", "b"),))
    found = simulate(
        made, {"a": Spread(0, 0, 100 * DAY)}, runs=100_000, seed=1, shape=Shape.TRIANGULAR
    )
    # The triangular distribution with its mode at the lower end: 1 - sqrt(1 - p).
    for share in (0.1, 0.5, 0.8, 0.9):
        expected = 100 * DAY * (1 - (1 - share) ** 0.5) + DAY
        assert found.point_by(share) == pytest.approx(expected, rel=0.01)
    assert found.p10 <= found.p50 <= found.p80 <= found.p90
    assert found.chance_by(found.p80) == pytest.approx(0.8, abs=0.001)
    assert [risk.criticality for risk in found.steps] == [1, 1]
    assert found.steps[0].sensitivity == pytest.approx(1)
    assert found.steps[1].sensitivity is None


def test_of_two_ways_the_longer_is_critical_more_often_and_one_always_is() -> None:
    made = plan(
        step("a", 10), step("b", 9), step("end", 0), links=(Link("a", "end"), Link("b", "end"))
    )
    spread = {"a": Spread(5 * DAY, 10 * DAY, 20 * DAY), "b": Spread(5 * DAY, 9 * DAY, 20 * DAY)}
    a, b, end = simulate(made, spread, seed=7).steps
    assert 0.4 < b.criticality < a.criticality < 0.6
    assert 1 <= a.criticality + b.criticality < 1.01 and end.criticality == 1


def test_finished_work_and_summaries_draw_nothing_and_running_work_in_proportion() -> None:
    made = plan(
        Activity("S", "Stream"),
        step("done", 4, parent="S", actual_start=START, actual_finish=START, percent=100),
        step("running", 4, parent="S", actual_start=START, remaining=DAY),
        status_at=START,
    )
    double = Spread(8 * DAY, 8 * DAY, 8 * DAY)
    found = simulate(made, dict.fromkeys(("S", "done", "running"), double), runs=10, seed=1)
    assert set(found.finishes) == {2 * DAY}
    assert [risk.key for risk in found.steps] == ["done", "running"]


def test_the_histogram_holds_every_run_once_and_touches_without_gaps() -> None:
    found = simulate(plan(step("a", 10)), {"a": Spread(DAY, 10 * DAY, 90 * DAY)}, seed=2)
    bins = found.histogram()
    assert sum(part.share for part in bins) == pytest.approx(1)
    assert all(left.end == right.start for left, right in pairwise(bins))
    assert 5 <= len(bins) <= 24


def test_empty_single_and_unlinked_plans_work() -> None:
    assert simulate(plan(), {}, runs=4, seed=1).finishes == (0,) * 4
    assert len(simulate(plan(), {}, runs=4, seed=1).histogram()) == 1
    assert simulate(plan(step("a")), {}, runs=4, seed=1).finishes == (DAY,) * 4
    assert simulate(plan(step("a"), step("b", 2)), {}, runs=4, seed=1).finishes == (2 * DAY,) * 4


def test_refuses_a_spread_out_of_order_or_of_an_unknown_step() -> None:
    with pytest.raises(InvalidSpread):
        Spread(5, 4, 9)
    with pytest.raises(InvalidPlan, match="not in the plan"):
        simulate(plan(step("a")), {"x": Spread(1, 2, 3)}, seed=1)


def test_a_constraint_on_the_finish_moves_the_start_of_each_run() -> None:
    made = plan(
        step("a", 5, constraint=ConstraintType.MFO, constraint_at=START.replace(day=30, hour=17)),
        step("b", 1),
        links=(Link("a", "b", LinkType.SS),),
    )
    schedule = calculate(made)
    found = run(schedule, {0: np.array([DAY, 10 * DAY])}, 2)
    assert list(found.early[0] + [DAY, 10 * DAY]) == [20 * DAY, 20 * DAY]
