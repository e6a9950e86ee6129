"""Habit, regularity and streaks over expected days."""

from collections import Counter
from itertools import pairwise
from math import log

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
    has_access,
    roster_of,
    use_of,
)
from usage.numbers.habits import HabitRule, habit, regularity, streak_survival, streaks
from usage.numbers.roster import EVERY_DAY, Pattern, everybody
from usage.numbers.use import Use

SHIFTS = frozenset({1, 3, 6})
PATTERNS = {0: EVERY_DAY, 1: Pattern(SHIFTS)}
PLAIN = {0: frozenset(range(7)), 1: SHIFTS}
MONDAY = day_of(2026, 11, 2)


@given(ROWS, PLACES, FIVES, st.integers(1, 4), st.sampled_from([0.0, 0.1, 0.25]))
def test_the_habit_is_weeks_and_a_share_of_expected_days(
    rows: list[Row], places: list[Place], day: int, weeks: int, share: float
):
    rule = HabitRule(weeks, share)
    found = habit(use_of(rows), roster_of(places), day=day, patterns=PATTERNS, rule=rule)
    settled = [p for p in places if all(has_access(p, at) for at in range(day - 27, day + 1))]
    good = set()
    for place in settled:
        days = {at for at in days_of(rows, place[0]) if day - 28 < at <= day}
        meant = expected(place, day - 27, day, PLAIN)
        enough = len(days.intersection(meant)) >= share * len(meant)
        if len({(day - at) // 7 for at in days}) >= weeks and enough:
            good.add(place[0])
    assert (set(found.share.users), set(found.share.among)) == (good, {p[0] for p in settled})
    now = {place[0] for place in places if has_access(place, day)}
    assert set(found.too_new) == now - {place[0] for place in settled}


def test_half_of_the_expected_days_in_three_of_four_weeks_is_the_habit():
    half = [MONDAY + week * 7 + at for week, n in ((1, 4), (2, 3), (3, 3)) for at in range(n)]
    use = Use.of([1] * 10 + [2] * 9, half + half[1:])
    roster = roster_of([(1, 0, None, None), (2, 0, None, None), (3, MONDAY + 1, None, None)])
    found = habit(use, roster, day=MONDAY + 27, patterns={})
    assert (found.share.users, found.share.among, found.too_new) == ((1,), (1, 2), (3,))


def runs(rows: list[Row], place: Place, first: int, last: int) -> list[tuple[int, int, int, bool]]:
    meant = expected(place, first, last, PLAIN)
    came = days_of(rows, place[0])
    found: list[list[int]] = [[]]
    for day in meant:
        if day in came:
            found[-1].append(day)
        else:
            found.append([])
    return [(own[0], own[-1], len(own), own[-1] == meant[-1]) for own in found if own]


@given(ROWS, PLACES, st.integers(-10, 20), st.integers(0, 60))
def test_streaks_are_runs_of_expected_days(
    rows: list[Row], places: list[Place], first: int, length: int
):
    last = first + length
    found = streaks(use_of(rows), roster_of(places), first=first, last=last, patterns=PATTERNS)
    wanted = [
        (place[0], *run) for place in sorted(places) for run in runs(rows, place, first, last)
    ]
    assert [(s.user, s.first, s.last, s.length, s.is_running) for s in found] == wanted


def test_a_weekend_does_not_break_a_streak_and_a_running_one_is_cut_off():
    days = [MONDAY + at for at in (0, 1, 4, 7, 8, 9)]
    found = streaks(
        Use.of([1] * 6, days), everybody([1]), first=MONDAY, last=MONDAY + 9, patterns={}
    )
    assert [(s.length, s.is_running) for s in found] == [(2, False), (4, True)]
    curve = streak_survival(found)
    assert (curve.times.tolist(), curve.surviving.tolist(), curve.seen) == ([2], [0.5], 1)


@given(ROWS, PLACES)
def test_regularity_is_one_less_the_entropy_of_gaps(rows: list[Row], places: list[Place]):
    found = regularity(use_of(rows), roster_of(places), first=-10, last=80, patterns=PATTERNS)
    wanted = {}
    for place in places:
        meant = expected(place, -10, 80, PLAIN)
        places_come = [at for at, day in enumerate(meant) if day in days_of(rows, place[0])]
        gaps = [right - left for left, right in pairwise(places_come)]
        if len(gaps) >= 3:
            shares = [n / len(gaps) for n in Counter(gaps).values()]
            wanted[place[0]] = 1 + sum(p * log(p) for p in shares) / log(len(gaps))
    assert found == pytest.approx(wanted, abs=1e-9)


def test_every_working_day_is_as_regular_as_every_second_one():
    daily = [MONDAY + at for at in range(20) if at % 7 < 5]
    use = Use.of([1] * len(daily) + [2] * len(daily[::2]), daily + daily[::2])
    found = regularity(use, everybody([1, 2, 3]), first=MONDAY, last=MONDAY + 19, patterns={})
    assert found == {1: 1.0, 2: 1.0}


def test_uneven_gaps_are_less_regular_than_even_ones():
    days = [MONDAY + at for at in (0, 1, 2, 3, 7)]
    found = regularity(
        Use.of([1] * 5, days), everybody([1]), first=MONDAY, last=MONDAY + 9, patterns={}
    )
    entropy = -(3 / 4 * log(3 / 4) + 1 / 4 * log(1 / 4))
    assert found == {1: pytest.approx(1 - entropy / log(4))}
