from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.budget import Burn, Line, burn, total

D = Decimal
amounts = st.decimals(0, 10**9, places=2)
lines = st.builds(
    Line,
    budget=amounts,
    committed=amounts,
    actual=amounts,
    done=st.decimals(0, 1, places=2),
)


def test_a_line_says_what_is_left_earned_and_expected() -> None:
    line = Line(budget=D(1000), committed=D(200), actual=D(450), done=D("0.4"))
    assert (line.remaining, line.earned, line.deviation) == (D(350), D("400.00"), D("50.00"))
    assert line.expected == D("1125.00")
    assert not line.notable


@pytest.mark.parametrize(
    ("actual", "committed", "notable"),
    [("500", "0", False), ("500.01", "0", True), ("400", "600", False), ("400", "600.01", True)],
)
def test_a_line_deviates_from_a_tenth_on_or_when_it_is_overdrawn(
    actual: str, committed: str, notable: bool
) -> None:
    line = Line(budget=D(1000), committed=D(committed), actual=D(actual), done=D("0.4"))
    assert line.notable is notable


def test_before_anything_is_done_nothing_is_expected() -> None:
    assert Line(budget=D(1000), actual=D(10)).expected is None


def test_cheaper_than_planned_is_no_deviation_to_explain() -> None:
    line = Line(budget=D(1000), actual=D(100), done=D("0.9"))
    assert (line.deviation, line.notable) == (D("-800.00"), False)


@given(st.lists(lines, max_size=8))
def test_the_sum_of_lines_has_their_sums(found: list[Line]) -> None:
    whole = total(found)
    assert whole.budget == sum((line.budget for line in found), D(0))
    assert whole.remaining == sum((line.remaining for line in found), D(0))
    assert 0 <= whole.done <= 1
    # Rounding to the cent happens once in the whole and once in each line.
    earned = sum((line.earned for line in found), D(0))
    assert abs(whole.earned - earned) <= D("0.01") * (len(found) + 1)


@given(lines)
def test_a_line_overdrawn_is_overdrawn_by_what_is_missing(line: Line) -> None:
    assert line.overdrawn == (line.overdraft > 0)
    assert line.overdraft + line.budget >= line.committed + line.actual


def test_the_reserve_burns_faster_than_time() -> None:
    reserve = [Line(budget=D(800), actual=D(300)), Line(budget=D(200), committed=D(100))]
    found = burn(reserve, D("0.5"))
    assert (found.used, found.projected) == (D("0.4"), D("0.8"))


def test_without_a_reserve_or_a_window_nothing_is_projected() -> None:
    assert burn([], D("0.5")) == Burn(None, D("0.5"))
    assert burn([], D("0.5")).projected is None
    assert burn([Line(budget=D(10), actual=D(5))], None).projected is None
