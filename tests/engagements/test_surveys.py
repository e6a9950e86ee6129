"""Scores against worked examples, and against the same thing counted the long way."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements import surveys
from engagements.surveys import (
    NOTHING,
    Kind,
    OffTheScale,
    Score,
    Trust,
    compare,
    csat,
    effort_share,
    mean,
    nps,
    score,
    student,
    sus,
    sus_of,
    wilson,
)

BELIEVABLE = 1e-9


def test_nps_as_it_is_worked_by_hand() -> None:
    """Ten answers: 5 promoters, 2 detractors. (5 − 2) / 10 = 30; √((.7 − .09) / 10) = .247."""
    found = nps([10, 10, 9, 9, 9, 8, 7, 7, 6, 0])
    assert found.value == 30
    assert found.margin == pytest.approx(48.4, abs=0.05)
    assert found.n == 10
    assert dict(found.counts)[9] == 3 and dict(found.counts)[1] == 0


@pytest.mark.parametrize(
    ("answers", "value"),
    [([9], 100), ([6], -100), ([7, 8], 0), ([9, 6], 0), ([9] * 9 + [0] * 7, 13), ([0, 9, 8], 0)],
)
def test_nps_at_its_edges(answers: Sequence[int], value: int) -> None:
    assert nps(answers).value == value


def test_a_half_is_rounded_alike_on_both_sides_of_zero() -> None:
    """One of eight more promoters than detractors is 12.5."""
    assert nps([9, 9, 0] + [8] * 5).value == 13
    assert nps([0, 0, 9] + [8] * 5).value == -13


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_nps_is_what_counting_finds(answers: list[int]) -> None:
    each = [1 if a >= 9 else -1 if a <= 6 else 0 for a in answers]
    middle = sum(each) / len(each)
    spread = sum((one - middle) ** 2 for one in each) / len(each)
    found = nps(answers)
    assert found.value is not None and found.low is not None and found.high is not None
    assert abs(found.value - middle * 100) <= 0.5 + BELIEVABLE
    margin = surveys.Z * math.sqrt(spread / len(each)) * 100
    assert found.low == pytest.approx(max(middle * 100 - margin, -100), abs=1e-6)
    assert found.high == pytest.approx(min(middle * 100 + margin, 100), abs=1e-6)
    assert sum(count for _step, count in found.counts) == len(answers)


def test_csat_counts_fours_and_fives() -> None:
    found = csat([5, 4, 4, 3, 1])
    assert found.value == pytest.approx(0.6)
    # Wilson for 3 of 5: 0.231 to 0.882.
    assert (found.low, found.high) == pytest.approx((0.2307, 0.8824), abs=5e-4)


def test_effort_is_a_mean_and_a_share() -> None:
    answers = [7, 6, 5, 4, 3]
    assert score("ces", Kind.SCALE, answers, low=1, high=7).value == 5
    assert effort_share(answers).value == pytest.approx(0.6)


def test_a_mean_has_students_interval() -> None:
    """2, 4, 4, 5, 5: mean 4, s = 1.2247, t(4) = 2.776, so ± 1.5207, cut at the scale's end."""
    found = mean([2, 4, 4, 5, 5], low=1, high=5)
    assert found.value == 4
    assert found.low == pytest.approx(2.4793, abs=5e-4)
    assert found.high == 5
    assert mean([3], low=1, high=5).low is None


@given(st.integers(0, 80), st.integers(1, 80))
def test_wilson_solves_its_equation(hits: int, more: int) -> None:
    """At each end the share lies 1.96 standard errors away, computed with that end."""
    n = hits + more
    for end in wilson(hits, n):
        variance = end * (1 - end) / n
        assert (hits / n - end) ** 2 == pytest.approx(surveys.Z**2 * variance, abs=1e-9)


def density(x: float, freedom: int) -> float:
    top = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    head = math.exp(top) / math.sqrt(freedom * math.pi)
    return float(head * (1 + x * x / freedom) ** (-(freedom + 1) / 2))


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 29, 100, 999])
def test_students_t_leaves_a_fortieth_on_each_side(freedom: int) -> None:
    steps, end = 4000, student(freedom)
    width = end / steps
    inner = sum((4 if i % 2 else 2) * density(i * width, freedom) for i in range(1, steps))
    half = (density(0, freedom) + inner + density(end, freedom)) * width / 3
    assert half == pytest.approx(0.475, abs=2e-5)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_a_mean_lies_in_its_interval_on_the_scale(answers: list[int]) -> None:
    found = mean(answers, low=1, high=5)
    assert found.value is not None and found.low is not None and found.high is not None
    assert 1 <= found.low <= found.value + BELIEVABLE
    assert found.value - BELIEVABLE <= found.high <= 5
    assert found.value == pytest.approx(sum(answers) / len(answers))


def test_sus_as_it_is_worked_by_hand() -> None:
    """Odd: 4−1 + 5−1 + 4−1 + 4−1 + 5−1 = 17; even: 5−2 + 5−1 + 5−2 + 5−2 + 5−1 = 17; ·2.5 = 85."""
    assert sus_of([4, 2, 5, 1, 4, 2, 4, 2, 5, 1]) == 85
    assert sus_of([5, 1] * 5) == 100
    assert sus_of([1, 5] * 5) == 0
    assert sus_of([3] * 10) == 50


@given(st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_sus_lies_between_0_and_100_and_turns_with_the_answers(answers: list[int]) -> None:
    found = sus_of(answers)
    assert 0 <= found <= 100
    assert sus_of([6 - answer for answer in answers]) == 100 - found


def test_sus_needs_all_ten_answers() -> None:
    with pytest.raises(ValueError, match="ten"):
        sus_of([3] * 9)
    found = sus([[3] * 10, [5, 1] * 5, [3] * 9])
    assert (found.n, found.value) == (2, 75)
    assert [ten for ten, count in found.counts if count] == [50, 100]


@pytest.mark.parametrize("answers", [[11], [-1], [3, 12]])
def test_an_answer_off_the_scale_is_refused(answers: Sequence[int]) -> None:
    with pytest.raises(OffTheScale):
        nps(answers)
    with pytest.raises(OffTheScale):
        mean([6], low=1, high=5)


@pytest.mark.parametrize(
    ("n", "trust", "readable"),
    [
        (0, Trust.COUNTS_ONLY, False),
        (4, Trust.COUNTS_ONLY, False),
        (5, Trust.ROUGH, True),
        (29, Trust.ROUGH, True),
        (30, Trust.FAIR, True),
    ],
)
def test_how_far_a_score_may_be_trusted(n: int, trust: Trust, readable: bool) -> None:
    found = csat([4] * n)
    assert (found.trust, found.is_readable) == (trust, readable)


def test_waves_are_told_apart_only_where_their_intervals_are() -> None:
    low, high = Score(3, 2.5, 3.5, 20), Score(4, 3.6, 4.4, 20)
    near = Score(3.4, 2.9, 3.9, 20)
    apart = compare(low, high)
    assert apart is not None and (apart.difference, apart.distinguishable) == (1, True)
    close = compare(low, near)
    assert close is not None and not close.distinguishable
    back = compare(high, low)
    assert back is not None and (back.difference, back.distinguishable) == (-1, True)
    assert compare(low, Score(4, 3.6, 4.4, 4)) is None
    assert compare(NOTHING, high) is None


def test_yes_or_no_is_a_share() -> None:
    found = score("", Kind.YES_NO, [1, 1, 0, 1, 0], low=1, high=5)
    assert found.value == pytest.approx(0.6)
    assert found.counts == ((0, 2), (1, 3))
