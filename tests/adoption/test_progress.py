"""Planned against done over time, and the finish it leads to."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adoption.progress import (
    Work,
    course_of,
    done_course,
    look_ahead,
    percent_at,
    planned_course,
)
from adoption.scheduling import Activity, ConstraintType, Link, calculate, roll_up
from tests.adoption.networks import random_plan
from tests.adoption.plans import DAY, START, plan, step

SEED = ((0, 0), (1, 4), (2, 9), (3, 16), (4, 32), (5, 48), (6, 64))
STRAIGHT = tuple((month, 10 * month) for month in range(11))
seeds = st.integers(0, 10**9)


def test_the_series_of_the_source_finishes_in_month_8_25_or_9_4() -> None:
    outlook = look_ahead(STRAIGHT, SEED, since=3)
    assert outlook is not None
    assert outlook.recent == 8.25
    assert outlook.cautious == pytest.approx(9.375)
    assert outlook.finishes == (8.25, pytest.approx(9.375))
    assert outlook.behind == pytest.approx(-0.4)
    assert (outlook.planned, outlook.done) == (60, 64)
    assert outlook.steps[-1].at == 8.25


def test_without_enough_points_there_is_no_slope_but_earned_schedule_stands() -> None:
    outlook = look_ahead(STRAIGHT, SEED, since=5)
    assert outlook is not None
    assert (outlook.trend, outlook.recent, outlook.steps) == (None, None, ())
    assert outlook.cautious == pytest.approx(9.375)


def test_a_slope_that_stands_still_reaches_nothing_and_a_finished_plan_needs_no_forecast() -> None:
    still = look_ahead(STRAIGHT, ((0, 0), (4, 20), (5, 20), (6, 20), (7, 20)), since=4)
    assert still is not None
    assert still.recent is None
    assert still.behind == pytest.approx(5)
    done = look_ahead(STRAIGHT, (*SEED, (9, 100)))
    assert done is not None
    assert done.finishes is None


def test_nothing_planned_or_nothing_known_has_no_outlook() -> None:
    assert look_ahead((), SEED) is None
    assert look_ahead(STRAIGHT, ()) is None


@given(seeds)
def test_a_planned_course_rises_to_a_hundred(seed: int) -> None:
    course = planned_course(random_plan(seed))
    assert course[0][1] == 0
    assert course[-1][1] == pytest.approx(100)
    assert all(later >= before - 1e-9 for (_, before), (_, later) in pairwise(course))


@given(seeds)
def test_the_planned_course_does_not_know_what_is_done(seed: int) -> None:
    made = random_plan(seed)
    activities = tuple(
        replace(activity, actual_start=None, actual_finish=None, remaining=None, percent=0)
        for activity in made.activities
    )
    untouched = replace(made, activities=activities, status_at=None)
    assert planned_course(made) == planned_course(untouched)


def test_a_plan_of_two_steps_is_half_planned_after_the_first() -> None:
    made = plan(step("a", 2), step("b", 2), step("m", 0), links=(Link("a", "b"), Link("b", "m")))
    course = planned_course(made)
    assert percent_at(course, -5) == 0
    assert percent_at(course, DAY) == 25
    assert percent_at(course, 2 * DAY) == 50
    assert percent_at(course, 9 * DAY) == 100


def test_work_as_late_as_possible_is_planned_late() -> None:
    late = step("b", 1, constraint=ConstraintType.ALAP)
    course = planned_course(plan(step("a", 4), late))
    assert percent_at(course, 3 * DAY) == pytest.approx(60)


def test_what_is_done_ends_at_the_percent_of_the_roll_up() -> None:
    made = plan(
        Activity("S", "Stream"),
        step("a", 2, parent="S", actual_start=START, actual_finish=START.replace(day=6, hour=17)),
        step("b", 4, parent="S", actual_start=START.replace(day=7), percent=50),
        step("c", 4, parent="S"),
        status_at=START.replace(day=9),
    )
    schedule = calculate(made)
    at = schedule.axis.point(START.replace(day=9))
    course = done_course(schedule, at=at)
    assert course[-1] == (at, pytest.approx(roll_up(schedule)["S"].percent))
    assert percent_at(course, 2 * DAY) == pytest.approx(20)


@given(seeds, st.integers(0, 20_000))
def test_what_is_done_never_falls_and_ends_by_the_day_asked(seed: int, at: int) -> None:
    course = done_course(calculate(random_plan(seed)), at=at)
    assert all(later >= before - 1e-9 for (_, before), (_, later) in pairwise(course))
    assert not course or course[-1][0] <= at


def test_work_without_weight_has_no_course() -> None:
    assert course_of([], whole=0) == ()
    assert course_of([Work(0, 5, 0)], whole=10) == ()
    assert percent_at((), 3) == 0


def test_milestones_alone_count_one_each() -> None:
    made = plan(
        step("a", 0),
        step("b", 0, constraint=ConstraintType.SNET, constraint_at=START.replace(day=8)),
    )
    course = planned_course(made)
    assert percent_at(course, DAY) == 50
    assert percent_at(course, 5 * DAY) == 100
