"""Tried and adopted, by whom of those who are meant to, and how broad use is."""

from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import (
    FIVES,
    INTENDED,
    PLACES,
    ROWS,
    Place,
    Row,
    days_of,
    feature_use_of,
    has_access,
    roster_of,
)
from usage.numbers.features import (
    Adopted,
    breadth,
    breadth_of_users,
    eligible_users,
    feature_adoption,
    feature_matrix,
)
from usage.numbers.use import FeatureUse

RULES = st.builds(Adopted, st.integers(1, 4), st.integers(1, 3))
Meant = dict[int, frozenset[int]]


def eligible_plainly(places: list[Place], meant: Meant, feature: int, day: int) -> set[int]:
    return {
        place[0]
        for place in places
        if has_access(place, day) and place[3] is not None and feature in meant.get(place[3], ())
    }


def adopters(rows: list[Row], feature: int, day: int, rule: Adopted) -> set[int]:
    found = set()
    for user in {row[0] for row in rows}:
        days = {at for at in days_of(rows, user, feature) if day - 28 < at <= day}
        weeks = {(day - at) // 7 for at in days}
        if len(days) >= rule.days and len(weeks) >= rule.weeks:
            found.add(user)
    return found


@given(ROWS, PLACES, INTENDED, FIVES, RULES)
def test_each_cell_counts_eligible_users_and_names_the_others(
    rows: list[Row], places: list[Place], meant: Meant, day: int, rule: Adopted
):
    found = feature_matrix(feature_use_of(rows), roster_of(places), meant, day=day, rule=rule)
    used = {f for u, f, at, count in rows if count and day - 28 < at <= day}
    assert set(found.features) == used | {f for own in meant.values() for f in own}
    for one in found.overall:
        eligible = eligible_plainly(places, meant, one.feature, day)
        tried = {
            user
            for user in range(7)
            if any(day - 28 < at <= day for at in days_of(rows, user, one.feature))
        }
        assert set(one.tried.among) == set(one.adopted.among) == eligible
        assert set(one.tried.users) == tried & eligible
        assert set(one.outsiders) == tried - eligible
        assert set(one.adopted.users) == adopters(rows, one.feature, day, rule) & eligible
        for group in found.groups:
            cell = found.cells[one.feature, group]
            members = {place[0] for place in places if place[3] == group}
            own = {group: meant[group]}
            assert set(cell.tried.among) == eligible_plainly(places, own, one.feature, day)
            assert {*cell.tried.users, *cell.outsiders} == tried & members


@given(ROWS, PLACES, INTENDED, FIVES)
def test_a_persons_breadth_is_of_what_their_group_is_meant_to_use(
    rows: list[Row], places: list[Place], meant: Meant, day: int
):
    found = breadth_of_users(feature_use_of(rows), roster_of(places), meant, day=day)
    wanted = {p[0]: meant[p[3]] for p in places if p[3] in meant and has_access(p, day)}
    assert {user: set(own.intended) for user, own in found.items()} == {
        user: set(features) for user, features in wanted.items()
    }
    for user, own in found.items():
        good = {f for f in wanted[user] if user in adopters(rows, f, day, Adopted())}
        assert set(own.adopted) == good
        assert own.value == (len(good) / len(wanted[user]) if wanted[user] else None)


def test_three_days_of_one_week_are_trying_and_of_two_weeks_adopting():
    use = FeatureUse.of([1, 1, 1, 2, 2, 2, 3], [0] * 7, [94, 95, 96, 92, 93, 96, 96])
    [one] = feature_adoption(use, {0: [1, 2, 4, 5]}, day=99)
    assert (one.tried.users, one.adopted.users, one.outsiders) == ((1, 2), (2,), (3,))
    assert (one.tried.value, one.adopted.value, one.adopted.others) == (0.5, 0.25, (1, 4, 5))


def test_breadth_counts_features_that_half_of_their_users_adopted():
    days = [88, 92, 96, 99]
    rows = [(user, feature, day) for user, feature in [(1, 0), (2, 0), (1, 1)] for day in days]
    rows += [(user, 2, 99) for user in (1, 2, 3)]
    use = FeatureUse.of(*([row[place] for row in rows] for place in range(3)))
    roster = roster_of([(user, 0, None, 0) for user in (1, 2, 3, 4)])
    found = feature_adoption(use, eligible_users(roster, {0: [0, 2]}, 99), day=99)
    own = breadth(found, [0, 2])
    assert (own.adopted, own.intended, own.beyond, own.value) == ((0,), (0, 2), (1,), 0.5)
    assert breadth(found, [0, 2], least=0.51).adopted == ()
