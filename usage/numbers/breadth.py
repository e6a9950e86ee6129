"""Breadth on every day of a stretch, by the definition of `features.breadth`: for courses and measures.

Features that people with access are meant to use that day, and of them those that half of these
people had adopted by then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage.activity import Ints
from usage.numbers.daily import DaysOf, Stretches, adopted_in, counted, together
from usage.numbers.features import HALF, Intended
from usage.numbers.roster import Roster
from usage.numbers.rules import Rules
from usage.numbers.use import FeatureUse, ints


@dataclass(frozen=True, slots=True, eq=False)
class BreadthDays:
    """Features adopted, and features intended, on each day from `first_day`."""

    first_day: int
    adopted: Ints
    intended: Ints


def breadth_days(
    use: FeatureUse, roster: Roster, intended: Intended, rules: Rules, *, first: int, last: int
) -> BreadthDays:
    """`use` must hold the window before `first` too."""
    count = max((feature + 1 for own in intended.values() for feature in own), default=1)
    meant = use.of_features(range(count))
    # A user stands in one group, so a pair of user and feature has one stretch of access.
    access = _access(roster, intended, count, first, last)
    pairs = DaysOf.of(meant.users * count + meant.features, meant.days)
    both = together([adopted_in(pairs, rules), access], 2)
    size = 1 + max(int(access.keys.max(initial=0)), int(pairs.keys.max(initial=0)))
    feature_of = np.arange(size, dtype=np.int64) % count
    had, may = (counted(found, feature_of, count, first, last) for found in (both, access))
    adopted = (may > 0) & (had >= HALF * may)
    return BreadthDays(first, adopted.sum(axis=0), (may > 0).sum(axis=0))


def _access(roster: Roster, intended: Intended, count: int, first: int, last: int) -> Stretches:
    """When each user had access to each feature they are meant to use, cut to the days asked for."""
    keys, starts, ends = [], [], []
    for group in sorted(intended):
        own = roster.in_group(group)
        for feature in sorted(set(intended[group])):
            keys.append(own.users * count + feature)
            starts.append(np.clip(own.since, first, last + 1))
            ends.append(np.clip(own.until, first, last + 1))
    columns = [np.concatenate(parts) if parts else ints(()) for parts in (keys, starts, ends)]
    order = np.argsort(columns[0], kind="stable")
    kept = order[columns[1][order] < columns[2][order]]
    return Stretches(columns[0][kept], columns[1][kept], columns[2][kept])
