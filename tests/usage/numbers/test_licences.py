"""Seats as of each day; deployed and active are two numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import (
    FIVES,
    PLACES,
    ROWS,
    Place,
    Row,
    roster_of,
    seen,
    use_of,
    with_access,
)
from usage.numbers.licences import (
    Seats,
    beyond,
    deployed_band,
    engaged_band,
    idle,
    licence_use,
)
from usage.numbers.roster import everybody
from usage.numbers.use import Use

STEPS = st.dictionaries(FIVES, st.integers(0, 20), max_size=5)


@given(ROWS, PLACES, STEPS, FIVES, st.sampled_from([0, 5, 25]))
def test_each_day_is_held_against_its_own_seats(
    rows: list[Row], places: list[Place], steps: dict[int, int], first: int, length: int
):
    last = first + length
    use, roster = use_of(rows), roster_of(places)
    found = licence_use(use, roster, Seats.of(steps.items()), first=first, last=last)
    days = range(first, last + 1)
    held = [[steps[at] for at in sorted(steps) if at <= day][-1:] for day in days]
    assert found.known.tolist() == [bool(own) for own in held]
    assert found.seats.tolist() == [own[0] if own else 0 for own in held]
    assert found.assigned.tolist() == [len(with_access(places, day)) for day in days]
    assert found.active.tolist() == [len(seen(rows, day - 27, day)) for day in days]
    total = found.total
    known = [day for day, own in zip(days, held, strict=True) if own]
    assert total.active == sum(len(seen(rows, day - 27, day)) for day in known)
    assert (total.days, total.days_known) == (length + 1, len(known))
    assert set(idle(use, roster, last)) == with_access(places, last) - seen(rows, last - 27, last)
    assert set(beyond(use, roster, last)) == seen(rows, last - 27, last) - with_access(places, last)


def test_history_is_not_held_against_todays_seats():
    use = Use.of([1, 2], [10, 10])
    found = licence_use(use, everybody([1, 2]), Seats.of([(12, 8), (10, 4)]), first=9, last=12)
    assert [None if math.isnan(x) else x for x in found.used.tolist()] == [None, 0.5, 0.5, 0.25]
    assert (found.total.used, found.total.seats) == (pytest.approx(6 / 16), 16)


def test_of_two_counts_on_one_day_the_larger_holds():
    seats = Seats.of([(10, 4), (10, 9), (2, 1)])
    assert (seats.days.tolist(), seats.seats.tolist()) == ([2, 10], [1, 9])


def test_bands_follow_the_age_of_the_licences():
    assert [engaged_band(share) for share in (0.49, 0.5, 0.799, 0.8)] == [0, 1, 1, 2]
    assert deployed_band(0.9, 1) is None
    assert [deployed_band(share, 3) for share in (0.09, 0.1, 0.49, 0.5)] == [0, 1, 1, 2]
    assert [deployed_band(share, 6) for share in (0.49, 0.5, 0.74, 0.75)] == [0, 1, 1, 2]
    assert [deployed_band(share, 9) for share in (0.1, 0.749, 0.75)] == [0, 0, 2]
