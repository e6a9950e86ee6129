"""Features: tried, adopted, by whom of those who are meant to; and how broad use is.

Tried is used once; adopted is used on several days in several weeks. The denominator are eligible
users: with access, in an impact group that is meant to use the feature. Weeks are the blocks of
seven days that end on the day asked for, so that every week of the window is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from usage.activity import MAU_DAYS
from usage.numbers.roster import Roster
from usage.numbers.shares import Share
from usage.numbers.use import FeatureUse, blocks_back

Intended = Mapping[int, Iterable[int]]
# From this share of eligible users on, a feature counts as adopted by a group.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Adopted:
    """The agreed line between trying and adopting: distinct days, in distinct weeks."""

    days: int = 3
    weeks: int = 2


@dataclass(frozen=True, slots=True)
class FeatureAdoption:
    """One feature in a window. `outsiders` used it though nobody meant them to."""

    feature: int
    tried: Share
    adopted: Share
    outsiders: tuple[int, ...]

    @property
    def is_intended(self) -> bool:
        return self.tried.size > 0


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """A cell for each feature (down) and impact group (across), and each feature over all."""

    day: int
    window: int
    features: tuple[int, ...]
    groups: tuple[int, ...]
    cells: Mapping[tuple[int, int], FeatureAdoption]
    overall: tuple[FeatureAdoption, ...]


@dataclass(frozen=True, slots=True)
class Breadth:
    """Distinct adopted features ÷ intended features. `beyond` are used and were not intended."""

    adopted: tuple[int, ...]
    intended: tuple[int, ...]
    beyond: tuple[int, ...]

    @property
    def value(self) -> float | None:
        return len(self.adopted) / len(self.intended) if self.intended else None


def eligible_users(roster: Roster, intended: Intended, day: int) -> dict[int, tuple[int, ...]]:
    """The users each feature is meant for and who have access on `day`; features named by a group
    without anybody in it have nobody."""
    found: dict[int, set[int]] = {}
    for group, features in intended.items():
        people = roster.in_group(group).with_access(day)
        for feature in features:
            found.setdefault(feature, set()).update(people)
    return {feature: tuple(sorted(users)) for feature, users in sorted(found.items())}


def feature_adoption(
    use: FeatureUse,
    eligible: Mapping[int, Iterable[int]],
    *,
    day: int,
    window: int = MAU_DAYS,
    rule: Adopted = Adopted(),
) -> tuple[FeatureAdoption, ...]:
    """Each feature that is intended or was used in the window that ends on `day`, by number."""
    tried, adopted = _by_feature(use, day, window, rule)
    return tuple(
        _one(feature, tried.get(feature, ()), adopted.get(feature, ()), eligible.get(feature, ()))
        for feature in sorted({*tried, *eligible})
    )


def feature_matrix(
    use: FeatureUse,
    roster: Roster,
    intended: Intended,
    *,
    day: int,
    window: int = MAU_DAYS,
    rule: Adopted = Adopted(),
) -> FeatureMatrix:
    """Every feature against every impact group that intends something."""
    tried, adopted = _by_feature(use, day, window, rule)
    groups = tuple(sorted(intended))
    people = {group: set(roster.in_group(group).users.tolist()) for group in groups}
    cells = {}
    for group in groups:
        eligible = eligible_users(roster, {group: intended[group]}, day)
        for feature in sorted({*tried, *(f for own in intended.values() for f in own)}):
            own = people[group].intersection(tried.get(feature, ()))
            kept = own.intersection(adopted.get(feature, ()))
            cells[feature, group] = _one(feature, own, kept, eligible.get(feature, ()))
    overall = feature_adoption(
        use, eligible_users(roster, intended, day), day=day, window=window, rule=rule
    )
    return FeatureMatrix(day, window, tuple(one.feature for one in overall), groups, cells, overall)


def breadth(
    found: Iterable[FeatureAdoption], intended: Iterable[int], *, least: float = HALF
) -> Breadth:
    """Of the intended features, those adopted by at least `least` of their eligible users."""
    meant = set(intended)
    rows = list(found)
    good = {one.feature for one in rows if (one.adopted.value or 0.0) >= least}
    used = {one.feature for one in rows if one.tried.users or one.outsiders}
    return Breadth(tuple(sorted(meant & good)), tuple(sorted(meant)), tuple(sorted(used - meant)))


def breadth_of_users(
    use: FeatureUse,
    roster: Roster,
    intended: Intended,
    *,
    day: int,
    window: int = MAU_DAYS,
    rule: Adopted = Adopted(),
) -> dict[int, Breadth]:
    """For each user with access on `day` in a group that intends something: their own breadth."""
    tried, adopted = _by_feature(use, day, window, rule)
    own_tried, own_adopted = _by_user(tried), _by_user(adopted)
    found = {}
    for group in sorted(intended):
        meant = set(intended[group])
        for user in roster.in_group(group).with_access(day):
            used, good = own_tried.get(user, set()), own_adopted.get(user, set())
            found[user] = Breadth(
                tuple(sorted(meant & good)), tuple(sorted(meant)), tuple(sorted(used - meant))
            )
    return dict(sorted(found.items()))


def _by_feature(
    use: FeatureUse, day: int, window: int, rule: Adopted
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Who tried and who adopted each feature used in the window, eligible or not."""
    rows = use.between(day - window + 1, day)
    pairs = np.stack([rows.features, rows.users], axis=1)
    weekly = np.unique(np.column_stack([pairs, blocks_back(rows.days, day)]), axis=0)
    both, days = np.unique(pairs, axis=0, return_counts=True)
    _same, weeks = np.unique(weekly[:, :2], axis=0, return_counts=True)
    kept = both[(days >= rule.days) & (weeks >= rule.weeks)]
    return _sets(both.tolist()), _sets(kept.tolist())


def _sets(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, member in pairs:
        found.setdefault(key, set()).add(member)
    return found


def _by_user(by_feature: Mapping[int, set[int]]) -> dict[int, set[int]]:
    return _sets((user, feature) for feature, users in by_feature.items() for user in users)


def _one(
    feature: int, tried: Iterable[int], adopted: Iterable[int], eligible: Iterable[int]
) -> FeatureAdoption:
    meant = tuple(eligible)
    outsiders = tuple(sorted(set(tried).difference(meant)))
    return FeatureAdoption(feature, Share.of(tried, meant), Share.of(adopted, meant), outsiders)
