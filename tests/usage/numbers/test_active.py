"""Active users, the DAU/MAU ratio and the active-days distribution against plain sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import ROWS, Row, day_of, days_of, seen, use_of, weekday
from usage.numbers.active import active_days, active_on, active_series, dau_mau
from usage.numbers.roster import OFFICE
from usage.numbers.use import FeatureUse, RaggedRows, Use

MONDAY = day_of(2026, 11, 2)


@given(ROWS, st.randoms(use_true_random=False), st.integers(-5, 90))
def test_windows_hold_the_union_of_their_days_whatever_the_order(rows: list[Row], dice, day: int):
    found = active_on(use_of(rows), day)
    for users, window in ((found.dau, 1), (found.wau, 7), (found.mau, 28)):
        assert set(users) == seen(rows, day - window + 1, day)
    shuffled = dice.sample(rows, len(rows))
    assert active_on(use_of(shuffled), day) == found


@given(ROWS, st.integers(-5, 60), st.integers(0, 30))
def test_a_tile_and_the_last_point_of_its_line_are_one_number(rows: list[Row], first: int, n: int):
    dau, wau, mau = active_series(use_of(rows), first, first + n)
    tile = active_on(use_of(rows), first + n)
    assert [dau[-1], wau[-1], mau[-1]] == [len(tile.dau), len(tile.wau), len(tile.mau)]


def test_user_days_are_one_row_each_with_their_counts_summed():
    use = Use.of([2, 1, 2, 2], [5, 5, 5, 4], [1, 2, 3, 0])
    rows = zip(use.users.tolist(), use.days.tolist(), use.counts.tolist(), strict=True)
    assert list(rows) == [(1, 5, 2), (2, 5, 4)]
    features = FeatureUse.of([1, 1, 1], [7, 8, 7], [3, 3, 3])
    assert features.of_feature(None).counts.tolist() == [3]
    assert features.of_feature(7).counts.tolist() == [2]


def test_rows_of_unlike_length_are_refused():
    with pytest.raises(RaggedRows):
        Use.of([1, 2], [5])


@given(ROWS, st.integers(0, 80), st.integers(1, 28))
def test_the_ratio_is_mean_dau_over_mau(rows: list[Row], day: int, window: int):
    found = dau_mau(use_of(rows), day=day, window=window)
    users = seen(rows, day - window + 1, day)
    daily = [len(seen(rows, at, at)) for at in range(day - window + 1, day + 1)]
    assert found.value == pytest.approx(sum(daily) / window / len(users) if users else None)


def test_five_working_days_a_week_are_a_ratio_of_one_once_weekends_are_left_out():
    days = [MONDAY + at for at in range(28) if weekday(MONDAY + at) < 5]
    use, last = Use.of([1] * len(days), days), MONDAY + 27
    assert dau_mau(use, day=last).value == pytest.approx(5 / 7)
    assert dau_mau(use, day=last, pattern=OFFICE).value == 1
    assert dau_mau(Use.of([1], [MONDAY + 5]), day=last, pattern=OFFICE).value == 0


@given(ROWS, st.integers(0, 80), st.frozensets(st.integers(0, 9)))
def test_the_distribution_counts_the_active_days_of_each(
    rows: list[Row], day: int, roster: frozenset[int]
):
    found = active_days(use_of(rows), day=day, among=roster)
    window = range(day - 27, day + 1)
    wanted = {u: len(days_of(rows, u) & {*window}) for u in roster | seen(rows, day - 27, day)}
    assert dict(zip(found.users, found.days, strict=True)) == wanted
    assert found.counts == tuple([*wanted.values()].count(number) for number in range(29))
    assert set(found.users_on(1, 28)) == seen(rows, day - 27, day)
