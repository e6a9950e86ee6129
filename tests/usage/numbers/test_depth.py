"""Depth and frequency, and bands without holes."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import (
    FIVES,
    PLACES,
    ROWS,
    Place,
    Row,
    day_of,
    days_of,
    expected,
    roster_of,
    use_of,
)
from usage.numbers.depth import DEPTH_EDGES, depth, frequency
from usage.numbers.roster import EVERY_DAY, NamedTwice, Pattern, Roster
from usage.numbers.shares import Share, band
from usage.numbers.use import Use

SHIFTS = frozenset({5, 6, 0})
PATTERNS = {1: Pattern(SHIFTS)}


@given(ROWS, st.integers(0, 80), st.integers(1, 12), st.frozensets(st.integers(0, 8)))
def test_depth_is_the_share_at_or_above_the_line(
    rows: list[Row], day: int, least: int, among: frozenset[int]
):
    found = depth(use_of(rows), among, day=day, least=least).share
    window = {*range(day - 27, day + 1)}
    assert set(found.users) == {u for u in among if len(days_of(rows, u) & window) >= least}
    assert set(found.among) == among


@given(ROWS, PLACES, FIVES)
def test_frequency_is_active_of_expected_days_in_the_median_over_all(
    rows: list[Row], places: list[Place], day: int
):
    found = frequency(use_of(rows), roster_of(places), day=day, patterns=PATTERNS)
    meant = {p[0]: set(expected(p, day - 27, day, {1: SHIFTS})) for p in places}
    wanted = {
        user: (len(own & days_of(rows, user)), len(own)) for user, own in meant.items() if own
    }
    pairs = zip(found.active, found.expected, strict=True)
    assert dict(zip(found.users, pairs, strict=True)) == wanted
    assert set(found.left_out) == meant.keys() - wanted.keys()
    shares = [came / of for came, of in wanted.values()]
    assert found.median == (pytest.approx(median(shares)) if shares else None)


def test_free_days_are_not_expected_and_use_on_them_is_not_counted():
    monday = day_of(2026, 11, 2)
    roster = Roster.of([(1, monday, None, None)])
    patterns = {-1: Pattern(free=frozenset({monday}))}
    use = Use.of([1, 1, 1], [monday, monday + 1, monday + 5])
    found = frequency(use, roster, day=monday + 6, window=7, patterns=patterns)
    assert (found.active, found.expected) == ((1,), (4,))


def test_an_edge_belongs_to_the_band_above_it():
    shares = [Share.of(range(n), range(20)) for n in (0, 1, 2, 4, 6, 7, 10, 20)]
    assert [band(share.value or 0, DEPTH_EDGES) for share in shares] == [0, 0, 1, 2, 2, 3, 4, 4]


def test_ten_days_are_deep_and_one_expected_day_is_enough_to_count():
    use = Use.of([1] * 10 + [2] * 9, [*range(100, 110), *range(100, 109)])
    assert depth(use, [1, 2], day=127).share.users == (1,)
    one_day = {-1: Pattern(frozenset({0}))}
    found = frequency(use, Roster.of([(1, 0, None, None)]), day=104, window=7, patterns=one_day)
    assert (found.expected, found.left_out) == ((1,), ())


def test_access_ends_the_day_before_it_is_over():
    roster = Roster.of([(1, 5, 8, None), (2, None, None, None), (3, 8, 8, None)])
    assert [roster.with_access(day) for day in (4, 5, 7, 8)] == [(), (1,), (1,), ()]
    assert roster.throughout(5, 7).users.tolist() == [1]
    assert roster.throughout(5, 8).users.tolist() == []
    assert roster.expected({-1: EVERY_DAY}, 4, 8)[0].tolist() == [False, True, True, True, False]


def test_few_people_are_marked_as_few():
    assert Share.of([1], [1, 2, 3]).is_small
    assert not Share.of([1], range(5)).is_small
    assert Share.of([1, 9], []).value is None


def test_a_user_has_one_place_on_a_roster():
    with pytest.raises(NamedTwice):
        Roster.of([(1, 3, None, None), (1, None, None, 2)])
