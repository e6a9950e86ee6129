"""Breadth of every day at once against breadth of one day by the definition that names features."""

import numpy as np
import pytest

from usage.numbers.breadth import breadth_days
from usage.numbers.features import breadth, feature_matrix
from usage.numbers.roster import Roster
from usage.numbers.rules import Rules
from usage.numbers.use import FeatureUse

FIRST, LAST = 20_030, 20_060
INTENDED = {0: (0, 1), 1: (1, 2, 3)}


def played(seed: int) -> tuple[FeatureUse, Roster]:
    """Twelve people of three groups, one without anything intended, with access at odd times."""
    dice = np.random.default_rng(seed)
    size = 900
    use = FeatureUse.of(
        dice.integers(0, 12, size),
        dice.integers(0, 5, size),
        dice.integers(FIRST - 40, LAST + 5, size),
    )
    rows = [
        (
            user,
            None if dice.random() < 0.2 else int(FIRST + dice.integers(-60, 40)),
            None if dice.random() < 0.7 else int(FIRST + dice.integers(5, 40)),
            user % 3,
        )
        for user in range(12)
    ]
    return use, Roster.of(rows)


@pytest.mark.parametrize("seed", range(6))
def test_every_day_is_as_the_day_by_itself(seed: int) -> None:
    use, roster = played(seed)
    rules = Rules()
    found = breadth_days(use, roster, INTENDED, rules, first=FIRST, last=LAST)
    for day in range(FIRST, LAST + 1):
        overall = feature_matrix(
            use, roster, INTENDED, day=day, window=rules.window, rule=rules.adopted
        ).overall
        own = breadth(overall, [one.feature for one in overall if one.is_intended])
        at = day - FIRST
        assert (found.adopted[at], found.intended[at]) == (len(own.adopted), len(own.intended)), day


def test_nothing_intended_and_nobody_there_is_no_breadth() -> None:
    empty = FeatureUse.of([], [], [])
    found = breadth_days(empty, Roster.of(()), {}, Rules(), first=FIRST, last=LAST)
    assert not found.adopted.any()
    assert not found.intended.any()
    assert len(found.adopted) == LAST - FIRST + 1
