"""What changes over time: sustained use, the first weeks, and each person's own course."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import (
    FIVES,
    PLACES,
    ROWS,
    Place,
    Row,
    days_of,
    expected,
    roster_of,
    seen,
    use_of,
    with_access,
)
from usage.numbers.early import by_group, early_use
from usage.numbers.people import Standing, people_use
from usage.numbers.sustain import Alarm, sustain
from usage.numbers.use import Use


@given(ROWS, st.integers(0, 120))
def test_sustained_use_is_held_against_the_latest_peak_of_half_a_year(rows: list[Row], day: int):
    found = sustain(use_of(rows), day=day)
    trailing = range(day - 181, day + 1)
    peak = max(len(seen(rows, at - 27, at)) for at in trailing)
    assert (found.now, found.peak) == (len(seen(rows, day - 27, day)), peak)
    assert found.peak_day == max(at for at in trailing if len(seen(rows, at - 27, at)) == peak)
    before, now = seen(rows, day - 55, day - 28), seen(rows, day - 27, day)
    assert (set(found.lost), set(found.gained)) == (before - now, now - before)
    assert found.ratio == (len(now) / peak if peak else None)


def test_a_peak_more_than_half_a_year_ago_is_forgotten():
    use = Use.of([1, 2, 3, 1], [0, 0, 0, 200])
    last, gone = sustain(use, day=208), sustain(use, day=209)
    assert (last.peak, last.peak_day, last.ratio) == (3, 27, pytest.approx(1 / 3))
    assert (gone.peak, gone.peak_day, gone.ratio) == (1, 209, 1.0)


def active(users: int, day: int) -> tuple[list[int], list[int]]:
    return list(range(users)), [day] * users


def test_the_alarm_needs_users_and_a_fall():
    def alarm(before: int, now: int, least: int = 5) -> bool:
        (one, days), (two, later) = active(before, 60), active(now, 90)
        use = Use.of([*one, *two], [*days, *later])
        return sustain(use, day=90, alarm=Alarm(0.2, least)).is_alarming

    assert alarm(10, 8)
    assert not alarm(10, 9)
    assert not alarm(4, 0)
    assert alarm(4, 0, least=3)
    assert not alarm(5, 9)
    assert not alarm(0, 0, least=0)


@given(ROWS, PLACES, FIVES, FIVES)
def test_the_first_weeks_tell_who_came_and_who_is_missing(
    rows: list[Row], places: list[Place], go_live: int, closed: int
):
    found = early_use(use_of(rows), roster_of(places), go_live=go_live, closed=closed, length=30)
    last = min(closed, go_live + 29)
    assert [day.day for day in found.days] == list(range(go_live, last + 1))
    for day in found.days:
        came = seen(rows, go_live, day.day)
        assert set(day.active) == seen(rows, day.day, day.day)
        assert set(day.newcomers) == came - seen(rows, go_live, day.day - 1)
        assert set(day.reached.users) == came & with_access(places, day.day)
        assert day.uses == sum(row[3] for row in rows if row[2] == day.day)
    missing = with_access(places, last) - seen(rows, go_live, last) if found.days else set()
    assert set(found.missing) == missing


def test_groups_have_their_own_first_weeks():
    roster = roster_of([(1, 0, None, 4), (2, 0, None, 5), (3, 0, None, 5)])
    found = by_group(Use.of([1, 2, 9], [10, 11, 11]), roster, go_live=10, closed=11)
    assert [day.reached.value for day in found[4].days] == [1.0, 1.0]
    assert [day.reached.value for day in found[5].days] == [0.0, 0.5]
    assert found[5].missing == (3,)


@given(ROWS, PLACES, FIVES)
def test_a_persons_line_follows_from_their_days(rows: list[Row], places: list[Place], day: int):
    found = people_use(use_of(rows), roster_of(places), day=day, patterns={})
    assert [one.user for one in found] == sorted(place[0] for place in places)
    by_user = {place[0]: place for place in places}
    for one in found:
        days = {at for at in days_of(rows, one.user) if at <= day}
        inside = {at for at in days if at > day - 28}
        assert (one.first, one.last) == (min(days, default=None), max(days, default=None))
        assert (one.active, one.weeks) == (len(inside), len({(day - at) // 7 for at in inside}))
        assert one.expected == len(expected(by_user[one.user], day - 27, day, {}))
        assert one.uses == sum(r[3] for r in rows if r[0] == one.user and day - 28 < r[2] <= day)


def test_four_ways_to_stand():
    use = Use.of([1, 2, 3, 5], [73, 72, 44, 45])
    roster = roster_of([(user, 0, None, None) for user in (1, 2, 3, 4, 5)])
    found = people_use(use, roster, day=100, patterns={})
    assert [one.standing for one in found] == [
        Standing.ACTIVE,
        Standing.STOPPED,
        Standing.GONE,
        Standing.NEVER,
        Standing.STOPPED,
    ]
