"""Sparklines, meters and small multiples."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.sparkline import (
    MULTIPLE,
    SPARK,
    elapsed,
    meter,
    multiple,
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
    assert (line.mark_x, line.gap_width, line.late_width) == (None, 0, 0)


def test_noise_stays_quiet() -> None:
    drawn = heights(sparkline([910, 905, 915, 912]).path)
    assert max(drawn) - min(drawn) < 1.5
    assert value_range([910, 905, 915, 912]) == pytest.approx((772.75, 1047.25))


def test_a_line_without_use_lies_at_the_bottom() -> None:
    assert set(heights(sparkline([0, 0, 0]).path)) == {31.0}


def test_nothing_known_draws_no_line() -> None:
    assert (sparkline([]).path, sparkline([]).gap_width) == ("", 0)
    assert (sparkline([None, None]).path, sparkline([None, None]).gap_width) == ("", 128)
    assert multiple([None], baseline=1, target=2) is None


def test_what_comes_before_the_first_point_is_a_gap_and_a_hole_breaks_the_line() -> None:
    line = sparkline([None, 10, None, 20, 30])
    assert line.path.count("M") == 2 and line.path.count("L") == 1
    assert (line.gap_width, line.late_width) == (30.5, 0)


def test_points_missing_at_the_end_leave_the_dot_at_the_last_known() -> None:
    line = sparkline([10, 20, 30, None, None])
    assert (line.end_x, line.late_x, line.late_width) == (62, 65, 59)
    assert line.gap_width == 0


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
    assert 0 <= line.late_x + line.late_width <= 128 and 0 <= line.gap_width <= 128


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


def test_a_multiple_stands_between_its_levels() -> None:
    drawn = multiple([268, 402, 330], baseline=13, target=480)
    assert drawn is not None
    assert (drawn.target_y, drawn.baseline_y) == ("8", "87.6")
    assert (drawn.target_label_y, drawn.baseline_label_y) == ("12", "91.6")
    assert drawn.path == "M4 44.1 L128 21.3 L252 33.6"


def test_labels_of_near_levels_keep_apart() -> None:
    above = multiple([50, 100], baseline=99, target=100)
    below = multiple([50, 100], baseline=100, target=99)
    for drawn in (above, below):
        assert drawn is not None and drawn.baseline_label_y and drawn.target_label_y
        assert abs(float(drawn.baseline_label_y) - float(drawn.target_label_y)) == 14


def test_a_multiple_without_levels_has_none() -> None:
    drawn = multiple([1, 2])
    assert drawn is not None
    assert (drawn.baseline_y, drawn.target_y, drawn.target_label_y) == (None, None, None)


@given(st.lists(st.none() | amounts, min_size=1, max_size=20), st.none() | amounts, amounts)
def test_no_multiple_leaves_its_drawing(
    points: list[float | None], baseline: float | None, target: float
) -> None:
    drawn = multiple(points, baseline=baseline, target=target)
    if drawn is not None:
        for height in heights(drawn.path):
            assert MULTIPLE.top - 0.05 <= height <= MULTIPLE.bottom + 0.05


def test_a_meter_is_filled_to_its_share_and_cut_at_its_milestones() -> None:
    track = meter(0.68, gaps=(0, 0.31, 0.66, 1))
    assert (track.width, track.fill, track.target_x) == ("192", "130.6", "191")
    assert track.gaps == ("59.5", "126.7")


@pytest.mark.parametrize(("share", "fill"), [(-0.4, "0"), (0, "0"), (1, "192"), (1.7, "192")])
def test_a_meter_never_leaves_its_track(share: float, fill: str) -> None:
    assert meter(share).fill == fill


def test_what_is_over_comes_in_steps_of_five() -> None:
    start, end = date(2026, 10, 5).toordinal(), date(2026, 12, 18).toordinal()
    assert elapsed(start, end, date(2026, 11, 18).toordinal()) == 60
    assert elapsed(start, end, start - 30) == 5
    assert elapsed(start, end, end + 30) == 95
    assert elapsed(start, start, start) == 95


def test_coordinates_are_short() -> None:
    assert [text(number) for number in (3.0, 3.14, -0.5, -0.01)] == ["3", "3.1", "-0.5", "0"]
