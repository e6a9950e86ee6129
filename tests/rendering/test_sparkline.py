"""Sparklines and trends."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.sparkline import (
    SPARK,
    TREND,
    elapsed,
    path_of,
    sparkline,
    text,
    value_range,
)

amounts = st.floats(min_value=0, max_value=1e9, allow_nan=False)
series = st.lists(st.none() | amounts, min_size=1, max_size=60)


def heights(path: str) -> list[float]:
    return [float(part.split()[1]) for part in re.split("[ML]", path) if part]


def test_the_line_runs_from_the_lowest_to_the_highest_point() -> None:
    line = sparkline([13, 200, 409, 330])
    assert line.path == "M3 31 L42.3 19.2 L81.7 6 L121 11"
    assert (line.end_x, line.end_y) == pytest.approx((121, 10.99), abs=0.01)
    assert (line.mark_x, line.late_x, line.late_width) == (None, 0, 0)


def test_noise_stays_quiet() -> None:
    drawn = heights(sparkline([910, 905, 915, 912]).path)
    assert max(drawn) - min(drawn) < 1.5
    assert value_range([910, 905, 915, 912]) == pytest.approx((772.75, 1047.25))


def test_a_line_without_use_lies_at_the_bottom() -> None:
    assert set(heights(sparkline([0, 0, 0]).path)) == {31.0}


def test_nothing_known_draws_no_line() -> None:
    assert (sparkline([]).path, sparkline([]).highest) == ("", 0)
    assert (sparkline([None, None]).path, sparkline([None, None]).highest) == ("", 0)


def test_nothing_stands_before_the_first_point_and_a_hole_breaks_the_line() -> None:
    line = sparkline([None, 10, None, 20, 30])
    assert line.path.count("M") == 2 and line.path.count("L") == 1
    assert line.path.startswith("M32.5 ") and line.late_width == 0


def test_points_missing_at_the_end_leave_the_dot_at_the_last_known() -> None:
    line = sparkline([10, 20, 30, None, None])
    assert (line.end_x, line.late_x, line.late_width) == (62, 65, 59)


def test_go_live_stands_at_its_point() -> None:
    assert sparkline([1, 2, 3], 1).mark_x == 62
    assert sparkline([None, None, None], 1).mark_x == 62


def test_a_single_point_is_a_dot() -> None:
    line = sparkline([5])
    assert (line.path, line.end_x, line.end_y) == ("M3 18.5", 3, 18.5)


@given(series, st.integers(0, 59))
def test_no_point_leaves_the_drawing(points: list[float | None], mark: int) -> None:
    line = sparkline(points, min(mark, len(points) - 1))
    drawn = heights(line.path)
    assert all(SPARK.top - 0.05 <= height <= SPARK.bottom + 0.05 for height in drawn)
    assert len(drawn) == sum(point is not None for point in points)
    assert line.mark_x is not None and SPARK.left <= line.mark_x <= SPARK.right
    assert 0 <= line.late_x + line.late_width <= 128


@given(st.lists(amounts, min_size=1, max_size=60))
def test_the_range_holds_every_value_and_is_never_too_narrow(values: list[float]) -> None:
    low, high = value_range(values)
    assert low <= min(values) and high >= max(values)
    assert high - low >= 0.3 * max(values) * (1 - 1e-9)


@given(st.lists(amounts, min_size=2, max_size=30))
def test_a_higher_value_is_never_drawn_lower(values: list[float]) -> None:
    drawn = heights(path_of(values, SPARK, *value_range(values)))
    for first, second, one, other in zip(values, values[1:], drawn, drawn[1:], strict=False):
        assert first <= second or one <= other
        assert first >= second or one >= other


def test_the_same_points_fill_a_larger_box() -> None:
    line = sparkline([0, 50, 100], 1, box=TREND)
    assert line.path == "M4 84 L165 50 L326 16"
    assert (line.mark_x, line.end_x, line.end_y, line.highest) == (165, 326, 16, 100)


def test_what_is_over_comes_in_steps_of_five() -> None:
    start, end = date(2026, 10, 5).toordinal(), date(2026, 12, 18).toordinal()
    assert elapsed(start, end, date(2026, 11, 18).toordinal()) == 60
    assert elapsed(start, end, start - 30) == 5
    assert elapsed(start, end, end + 30) == 95
    assert elapsed(start, start, start) == 95


def test_coordinates_are_short() -> None:
    assert [text(number) for number in (3.0, 3.14, -0.5, -0.01)] == ["3", "3.1", "-0.5", "0"]
