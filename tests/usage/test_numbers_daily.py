"""The night's arithmetic for many customers and days, against that of one customer and one day."""

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from usage.numbers.daily import Daily, Seen, daily, day_of
from usage.numbers.features import Adopted
from usage.numbers.habits import HabitRule
from usage.numbers.rules import Rules
from usage.numbers.use import FeatureUse

USERS, FEATURES, GROUPS = 4, 3, 2
ROWS = st.lists(
    st.tuples(st.integers(0, USERS - 1), st.integers(0, FEATURES - 1), st.integers(-50, 60)),
    max_size=150,
)
RULES = st.builds(
    Rules,
    window=st.sampled_from([7, 10, 28, 30, 45]),
    with_weekends=st.booleans(),
    adopted=st.builds(Adopted, st.integers(1, 4), st.integers(1, 3)),
    deep_days=st.integers(1, 6),
    habit=st.builds(HabitRule, st.integers(1, 4), st.sampled_from([0.0, 0.1, 0.25, 0.7])),
)


NAMES = [one.name for one in fields(Daily) if one.name != "first_day"]


def group_of(user: int) -> int:
    return user % GROUPS


@settings(deadline=None, max_examples=60)
@given(ROWS, RULES, st.integers(-20, 40), st.integers(0, 12))
def test_a_night_counts_as_the_definitions_do(
    rows: list[tuple[int, int, int]], rules: Rules, first: int, length: int
) -> None:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    users, features, days = table[:, 0], table[:, 1], table[:, 2]
    owners = np.array([group_of(user) for user in range(USERS)], dtype=np.int64)
    # A feature of each customer is a feature of its own.
    seen = Seen(
        users=users,
        features=features + FEATURES * owners[users],
        days=days,
        group_of_user=owners,
        group_of_feature=np.repeat(np.arange(GROUPS), FEATURES),
    )
    last = first + length
    found = daily(seen, rules, group_count=GROUPS, first=first, last=last)
    for group in range(GROUPS):
        own = [row for row in rows if group_of(row[0]) == group]
        columns = [[row[place] for row in own] for place in range(3)]
        use = FeatureUse.of(*columns)
        for day in range(first, last + 1):
            wanted = day_of(use, rules, day)
            assert wanted == {"events": wanted["events"]} | {
                name: getattr(found, name)[group, day - first] for name in NAMES
            }
