"""Retention by cohort: two curves, and periods that are not over."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import EPOCH, ROWS, Row, day_of, days_of, use_of
from usage.numbers.periods import Period, first_day, last_day, period_of
from usage.numbers.retention import retention
from usage.numbers.use import Use, ints


def period_plainly(day: int, by: Period) -> tuple[int, int]:
    at = EPOCH + timedelta(days=day)
    return at.isocalendar()[:2] if by is Period.WEEK else (at.year, at.month)


def steps(first: int, last: int, by: Period) -> list[tuple[int, int]]:
    """Every period from the one of a day to that of another, in order."""
    return list(dict.fromkeys(period_plainly(day, by) for day in range(first, last + 1)))


@given(ROWS, st.integers(-10, 90), st.sampled_from(Period))
def test_both_curves_equal_their_sets_and_stop_at_what_is_over(
    rows: list[Row], closed: int, by: Period
):
    found = retention(use_of(rows), closed=closed, period=by)
    own = {u: {d for d in days_of(rows, u) if d <= closed} for u in range(6)}
    known = {user: days for user, days in own.items() if days}
    assert sorted(u for c in found.cohorts for u in c.users) == sorted(known)
    for cohort in found.cohorts:
        periods = steps(cohort.first, closed, by)
        members = {u for u, days in known.items() if period_plainly(min(days), by) == periods[0]}
        assert set(cohort.users) == members
        assert len(cohort.classic) == len(cohort.rolling) == len(periods)
        for number, period in enumerate(periods):
            came = {u for u in members if any(period_plainly(d, by) == period for d in known[u])}
            later = {u for u in members if any(period_plainly(d, by) >= period for d in known[u])}
            assert set(cohort.classic[number].users) == came
            assert set(cohort.rolling[number].users) == later
        is_over = period_plainly(closed + 1, by) != periods[-1]
        assert cohort.finished == len(periods) - (not is_over)


def test_the_average_weighs_cohorts_by_size_and_leaves_the_running_week_out():
    monday = day_of(2026, 11, 2)
    days = {1: [0, 7, 14], 2: [1, 8], 3: [2], 4: [7, 15]}
    rows = [(user, monday + day) for user, own in days.items() for day in own]
    use = Use.of([user for user, _ in rows], [day for _, day in rows])
    found = retention(use, closed=monday + 15)
    points = [(point.users, point.of) for point in found.classic]
    assert points == [(4, 4), (2, 3)]
    assert [cohort.finished for cohort in found.cohorts] == [2, 1]
    assert found.cohorts[0].classic[2].users == (1,)
    assert [(point.users, point.of) for point in found.rolling] == [(4, 4), (2, 3)]
    over = retention(use, closed=monday + 20)
    assert [(point.users, point.of) for point in over.classic] == [(4, 4), (3, 4), (1, 3)]


@given(st.integers(-30_000, 60_000), st.sampled_from(Period))
def test_periods_follow_the_calendar(day: int, by: Period):
    number = int(period_of(ints([day]), by)[0])
    assert first_day(number, by) <= day <= last_day(number, by)
    assert period_plainly(first_day(number, by), by) == period_plainly(day, by)
    assert period_plainly(first_day(number, by) - 1, by) != period_plainly(day, by)
    assert period_plainly(last_day(number, by), by) == period_plainly(day, by)
