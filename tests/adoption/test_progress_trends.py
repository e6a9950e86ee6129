"""Trends of any series: slope, range and earned schedule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adoption.progress import earned_schedule, fit_trend, half_width, time_reached

SEED = [(0, 0), (1, 4), (2, 9), (3, 16), (4, 32), (5, 48), (6, 64)]
PLAN = [(month, 10.0 * month) for month in range(11)]


def points(pairs: list[tuple[int, float]]) -> list[tuple[float, float]]:
    return [(float(at), float(amount)) for at, amount in pairs]


def test_recent_slope_of_the_seed_series_finishes_between_months_8_and_9() -> None:
    trend = fit_trend(points(SEED), since=3)
    assert trend is not None
    assert trend.slope == 16
    assert time_reached(at=6, now=64, goal=100, slope=trend.slope) == 8.25


def test_earned_schedule_of_the_seed_series_finishes_in_month_9_4() -> None:
    earned = earned_schedule(points(PLAN), at=6, done=64)
    assert earned is not None
    assert earned.earned == pytest.approx(6.4)
    assert earned.index == pytest.approx(6.4 / 6)
    assert earned.finish == pytest.approx(9.375)
    assert round(earned.finish or 0, 1) == 9.4


@given(st.floats(-50, 50), st.floats(-1e4, 1e4), st.integers(2, 60))
def test_a_straight_line_is_found_without_spread(slope, start, count) -> None:
    trend = fit_trend([(float(at), start + slope * at) for at in range(count)])
    assert trend is not None
    assert trend.slope == pytest.approx(slope, abs=1e-6)
    assert trend.spread == pytest.approx(0, abs=1e-6)
    assert (trend.count, trend.span) == (count, count - 1)


@given(st.lists(st.integers(-500, 500), min_size=3, max_size=40), st.integers(-1000, 1000))
def test_moving_a_series_moves_neither_slope_nor_spread(series, by) -> None:
    here = fit_trend([(float(at), float(value)) for at, value in enumerate(series)])
    there = fit_trend([(float(at), float(value + by)) for at, value in enumerate(series)])
    assert here is not None
    assert there is not None
    assert there.slope == pytest.approx(here.slope, abs=1e-9)
    assert there.spread == pytest.approx(here.spread, abs=1e-9)


def test_fewer_than_two_moments_have_no_trend() -> None:
    assert fit_trend([]) is None
    assert fit_trend([(1.0, 5.0), (1.0, 6.0)]) is None
    assert fit_trend(points(SEED), since=6) is None


@given(st.lists(st.integers(0, 500), min_size=4, max_size=40), st.floats(0.1, 200))
def test_the_range_starts_at_the_last_reading_and_only_widens(series, ahead) -> None:
    trend = fit_trend([(float(at), float(value)) for at, value in enumerate(series)])
    assert trend is not None
    assert half_width(trend, 0) == 0
    assert half_width(trend, 2 * ahead) >= half_width(trend, ahead)


def test_a_goal_is_met_only_ahead() -> None:
    assert time_reached(at=6, now=64, goal=64, slope=0) == 6
    assert time_reached(at=6, now=64, goal=100, slope=0) is None
    assert time_reached(at=6, now=64, goal=100, slope=-3) is None
    assert time_reached(at=6, now=40, goal=20, slope=-4) == 11


@given(st.floats(0.01, 0.999), st.integers(1, 9))
def test_earned_schedule_agrees_with_the_whole_average_on_a_straight_plan(done, at) -> None:
    earned = earned_schedule(points(PLAN), at=at, done=done * 100)
    assert earned is not None
    assert earned.finish == pytest.approx(at / done)


def test_earned_schedule_of_a_falling_plan_mirrors_the_rising_one() -> None:
    up = earned_schedule([(0, 0), (4, 10), (10, 100)], at=5, done=40)
    down = earned_schedule([(0, 0), (4, -10), (10, -100)], at=5, done=-40)
    assert up == down
    assert up is not None
    assert up.earned == pytest.approx(6)


def test_earned_schedule_at_the_edges() -> None:
    plan = points(PLAN)
    assert earned_schedule(plan, at=0, done=5) is None
    nothing = earned_schedule(plan, at=5, done=-3)
    assert nothing is not None
    assert (nothing.earned, nothing.finish) == (0, None)
    beyond = earned_schedule(plan, at=5, done=140)
    assert beyond is not None
    assert (beyond.earned, beyond.finish) == (10, 5)


def test_earned_schedule_skips_level_stretches() -> None:
    earned = earned_schedule([(0, 0), (2, 50), (6, 50), (10, 100)], at=4, done=50)
    assert earned is not None
    assert earned.earned == 6
