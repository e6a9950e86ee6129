"""Activation and time to value: mature cohorts, and those who still wait."""

from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import (
    FIVES,
    PLACES,
    ROWS,
    Place,
    Row,
    day_of,
    feature_use_of,
    roster_of,
    since,
)
from usage.numbers.activation import (
    FirstValue,
    Start,
    activation,
    ends_of_access,
    reached_days,
    starts_with_access,
    time_to_value,
)
from usage.numbers.periods import Period

RULES = st.builds(FirstValue, st.none() | st.integers(0, 3), st.integers(1, 4))


def reached_plainly(rows: list[Row], rule: FirstValue) -> dict[int, int]:
    found: dict[int, int] = {}
    so_far: dict[int, int] = {}
    for user, feature, day, count in sorted(rows, key=lambda row: row[2]):
        if rule.feature in (None, feature):
            so_far[user] = so_far.get(user, 0) + count
            if so_far[user] >= rule.uses:
                found.setdefault(user, day)
    return found


@given(ROWS, RULES)
def test_first_value_is_the_day_the_uses_are_together(rows: list[Row], rule: FirstValue):
    assert reached_days(feature_use_of(rows), rule) == reached_plainly(rows, rule)


@given(ROWS, PLACES, st.sampled_from([0, 5, 14]), FIVES, st.sampled_from(Period))
def test_only_those_whose_days_are_over_are_counted(
    rows: list[Row], places: list[Place], within: int, closed: int, by: Period
):
    reached = reached_days(feature_use_of(rows), FirstValue())
    found = activation(reached, roster_of(places), within=within, closed=closed, by=by)
    given_access = {place[0]: since(place) for place in places if since(place) <= closed}
    mature = {user for user, day in given_access.items() if day + within <= closed}
    on_time = {u for u in mature if u in reached and reached[u] - given_access[u] <= within}
    assert (set(found.share.users), set(found.share.among)) == (on_time, mature)
    assert set(found.waiting) == given_access.keys() - mature
    assert sorted(u for c in found.cohorts for u in c.share.among) == sorted(mature)
    for cohort in found.cohorts:
        assert all(given_access[user] >= cohort.first for user in cohort.share.among)
        assert not (cohort.is_mature and cohort.waiting)


def test_a_cohort_is_mature_when_the_last_of_its_days_is():
    monday = day_of(2026, 11, 2)
    roster = roster_of([(1, monday, None, None), (2, monday + 2, None, None)])
    found = activation({1: monday + 14}, roster, within=14, closed=monday + 14).cohorts
    assert [(c.first, c.share.users, c.share.among, c.waiting, c.is_mature) for c in found] == [
        (monday, (1,), (1,), (2,), False)
    ]
    reached = {1: monday + 15, 2: monday + 3}
    later = activation(reached, roster, within=14, closed=monday + 20).cohorts
    assert [(c.share.users, c.share.value, c.is_mature) for c in later] == [((2,), 0.5, True)]


@given(ROWS, PLACES, FIVES)
def test_who_still_waits_is_cut_off_at_the_last_closed_day_or_the_end_of_access(
    rows: list[Row], places: list[Place], closed: int
):
    reached = reached_days(feature_use_of(rows), FirstValue())
    roster = roster_of(places)
    starts, ends = starts_with_access(roster), ends_of_access(roster)
    found = time_to_value(reached, starts, start=Start.ACCESS, closed=closed, ends=ends)
    for user, days, done in zip(found.users, found.days, found.reached, strict=True):
        begun = starts[user]
        last = max(begun, min(closed, ends.get(user, closed + 1) - 1))
        came = user in reached and reached[user] <= last
        assert done is came
        assert days == (max(reached[user] - begun, 0) if came else last - begun)
    assert set(found.users) == {user for user, day in starts.items() if day <= closed}


def test_the_mean_of_those_who_came_flatters_and_the_median_does_not():
    starts = dict.fromkeys(range(6), 0)
    early = time_to_value({0: 2, 1: 4}, starts, start=Start.KICKOFF, closed=30)
    assert (early.median, early.waiting) == (None, (2, 3, 4, 5))
    late = time_to_value({0: 2, 1: 4, 2: 21}, starts, start=Start.KICKOFF, closed=30)
    assert (late.median, late.p90) == (21, None)


def test_the_last_closed_day_counts_and_the_day_access_ends_does_not():
    starts = {1: 0, 2: 0, 3: 0}
    found = time_to_value(
        {1: 9, 2: 5, 3: 4}, starts, start=Start.ACCESS, closed=9, ends={2: 5, 3: 5}
    )
    assert (found.days, found.reached) == ((9, 4, 4), (True, False, True))
