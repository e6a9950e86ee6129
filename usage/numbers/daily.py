"""Every number of every closed day of many customers at once, for the night.

The same definitions as the other files here, which take one customer and one day and name the users
they count; a test holds the two together. Whoever fulfils a condition does so on stretches of days,
and the running sum of their ends is the count of each day. So a year costs hardly more than a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from usage.activity import DAU_DAYS, MAU_DAYS, WAU_DAYS, Ints
from usage.numbers.depth import depth
from usage.numbers.features import feature_adoption
from usage.numbers.habits import habit
from usage.numbers.roster import NO_GROUP, THURSDAY, everybody
from usage.numbers.rules import Rules
from usage.numbers.use import WEEK_DAYS, FeatureUse


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Days on which something holds of a key: from `starts` up to the day before `ends`. By key and
    day, and those of one key never overlap."""

    keys: Ints
    starts: Ints
    ends: Ints

    def after(self, days: int) -> Stretches:
        """The same so many days later."""
        return Stretches(self.keys, self.starts + days, self.ends + days)


@dataclass(frozen=True, slots=True, eq=False)
class DaysOf:
    """The days on which each key was seen, by key and day, each once. Made by `DaysOf.of`."""

    keys: Ints
    days: Ints

    @classmethod
    def of(cls, keys: Ints, days: Ints) -> DaysOf:
        if not len(keys):
            return cls(keys, days)
        low = int(days.min())
        span = int(days.max()) - low + 1
        packed = np.sort(keys * span + (days - low))
        packed = packed[np.append(True, packed[1:] != packed[:-1])]
        return cls(packed // span, packed % span + low)

    def where(self, kept: npt.NDArray[np.bool_]) -> DaysOf:
        return DaysOf(self.keys[kept], self.days[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """A number for each customer and each day: arrays of (groups, days)."""

    dau: Ints
    wau: Ints
    mau: Ints
    deep: Ints
    habitual: Ints
    features_tried: Ints
    features_adopted: Ints
    adopters: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Who of many customers used which feature on which day, all numbered from 0, in any order.

    A user belongs to one customer, `group_of_user` by number; a feature is told apart within it,
    `group_of_feature`. Whatever is done is use of some feature, so that a user's days are theirs.
    """

    users: Ints
    features: Ints
    days: Ints
    group_of_user: Ints
    group_of_feature: Ints


def daily(seen: Seen, rules: Rules, *, group_count: int, first: int, last: int) -> Daily:
    """The numbers of every group on every day from `first` to `last`, both included.

    `seen` must hold all days from `first - rules.reach + 1` to `last`; others are harmless.
    """
    span = (group_count, first, last)
    people = DaysOf.of(seen.users, seen.days)
    windows = [active_in(people, days) for days in (DAU_DAYS, WAU_DAYS, rules.window)]
    conditions = [
        *windows,
        active_in(people, rules.window, rules.deep_days),
        with_habit(people, rules),
    ]
    counts = [counted(found, seen.group_of_user, *span) for found in conditions]
    return Daily(*counts, *_features(seen, rules, *span))


def day_of(use: FeatureUse, rules: Rules, day: int) -> dict[str, int]:
    """The numbers of one customer's day by the definitions that name their users: slower, and what
    `daily` is held to."""
    whole = use.of_feature(None)
    month, everybody_seen = whole.active(day, rules.window), np.unique(use.users).tolist()
    found = feature_adoption(
        use,
        dict.fromkeys(np.unique(use.features).tolist(), everybody_seen),
        day=day,
        window=rules.window,
        rule=rules.adopted,
    )
    adopted = [one.adopted.users for one in found if one.adopted.users]
    with_habit = habit(
        whole,
        everybody(everybody_seen),
        day=day,
        patterns={NO_GROUP: rules.pattern},
        rule=rules.habit,
    )
    return {
        "dau": len(whole.active(day, DAU_DAYS)),
        "wau": len(whole.active(day, WAU_DAYS)),
        "mau": len(month),
        "events": int(whole.between(day, day).counts.sum()),
        "deep": depth(
            whole, month, day=day, window=rules.window, least=rules.deep_days
        ).share.count,
        "habitual": len({*with_habit.share.users}.intersection(whole.active(day, MAU_DAYS))),
        "features_tried": sum(bool(one.tried.users) for one in found),
        "features_adopted": len(adopted),
        "adopters": len({user for users in adopted for user in users}),
    }


def active_in(seen: DaysOf, window: int, least: int = 1) -> Stretches:
    """When each key was seen on at least `least` of the `window` days that end on a day."""
    ahead = least - 1
    keys, days = seen.keys[ahead:], seen.days[ahead:]
    before_keys, before = seen.keys[: len(keys)], seen.days[: len(keys)]
    good = (before_keys == keys) & (days - before < window)
    return _joined(keys[good], days[good], before[good] + window)


def in_weeks(seen: DaysOf, window: int, least: int) -> Stretches:
    """When each key was seen in at least `least` of the blocks of seven days back from a day that
    the window holds."""
    if least <= 1:
        return active_in(seen, window)
    sizes = {back: min(WEEK_DAYS, window - back) for back in range(0, window, WEEK_DAYS)}
    found = {size: active_in(seen, size) for size in {*sizes.values()}}
    return together([found[size].after(back) for back, size in sizes.items()], least)


def with_habit(seen: DaysOf, rules: Rules) -> Stretches:
    """When each user had the habit: in enough of four weeks, on enough of the expected days."""
    expected = len(rules.pattern.weekdays) * (MAU_DAYS // WEEK_DAYS)
    needed = next(n for n in range(expected + 1) if n / expected >= rules.habit.share)
    on_days = seen.where(
        np.isin((seen.days + THURSDAY) % WEEK_DAYS, sorted(rules.pattern.weekdays))
    )
    often = active_in(on_days, MAU_DAYS, needed) if needed else active_in(seen, MAU_DAYS)
    weeks = in_weeks(seen.where(_are_in(seen.keys, often.keys)), MAU_DAYS, rules.habit.weeks)
    return together([often, weeks], 2)


def adopted_in(pairs: DaysOf, rules: Rules) -> Stretches:
    """When each pair of a user and a feature was adoption: on enough days, in enough weeks."""
    often = active_in(pairs, rules.window, rules.adopted.days)
    kept = pairs.where(_are_in(pairs.keys, often.keys))
    return together([often, in_weeks(kept, rules.window, rules.adopted.weeks)], 2)


def together(found: Iterable[Stretches], least: int) -> Stretches:
    """When at least `least` of several hold of a key."""
    parts = [part for part in found if len(part.keys)]
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Stretches(nothing, nothing, nothing)
    low = min(int(part.starts.min()) for part in parts)
    span = max(int(part.ends.max()) for part in parts) - low + 1
    # One number a change, which says key, day and whether something begins, sorts fastest.
    changes = [(part.keys * span + part.starts - low) * 2 + 1 for part in parts]
    changes += [(part.keys * span + part.ends - low) * 2 for part in parts]
    packed = np.sort(np.concatenate(changes))
    places, holds = packed >> 1, np.cumsum((packed & 1) * 2 - 1) >= least
    # Of several changes on one day the last says what holds from then on.
    settled = np.append(places[1:] != places[:-1], True)
    places, holds = places[settled], holds[settled]
    # Every key ends with nothing holding, so turns come in pairs of one key.
    turns = places[holds != np.concatenate(([False], holds[:-1]))]
    keys, days = turns // span, turns % span + low
    return Stretches(keys[::2], days[::2], days[1::2])


def _features(seen: Seen, rules: Rules, groups: int, first: int, last: int) -> tuple[Ints, ...]:
    """Features tried, features adopted by somebody, and users who adopted one, each day."""
    span = (groups, first, last)
    count = max(len(seen.group_of_feature), 1)
    tried = active_in(DaysOf.of(seen.features, seen.days), rules.window)
    pairs = DaysOf.of(seen.users * count + seen.features, seen.days)
    adopted = adopted_in(pairs, rules)
    by_feature = _relabelled(adopted, adopted.keys % count)
    by_user = _relabelled(adopted, adopted.keys // count)
    return (
        counted(tried, seen.group_of_feature, *span),
        counted(by_feature, seen.group_of_feature, *span),
        counted(by_user, seen.group_of_user, *span),
    )


def _relabelled(found: Stretches, keys: Ints) -> Stretches:
    """The same under keys that several may share: when any of them holds."""
    return together([Stretches(keys, found.starts, found.ends)], 1)


def counted(found: Stretches, group_of: Ints, groups: int, first: int, last: int) -> Ints:
    """Of how many keys of each group it holds on each day."""
    length = max(last - first + 1, 0)
    inside = (found.ends > first) & (found.starts <= last)
    rows = group_of[found.keys[inside]] * (length + 1)
    begins = rows + np.maximum(found.starts[inside] - first, 0)
    ends = rows + np.minimum(found.ends[inside] - first, length)
    size = groups * (length + 1)
    edges = np.bincount(begins, minlength=size) - np.bincount(ends, minlength=size)
    return np.cumsum(edges.reshape(groups, length + 1), axis=1)[:, :length]


def _joined(keys: Ints, starts: Ints, ends: Ints) -> Stretches:
    """Stretches by key and day, those that meet made one. Later ones never end earlier."""
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (starts[1:] > ends[:-1])
    closes = np.append(fresh[1:], True)[: len(keys)]
    return Stretches(keys[fresh], starts[fresh], ends[closes])


def _are_in(keys: Ints, wanted: Ints) -> npt.NDArray[np.bool_]:
    """Whether each of `keys` is among `wanted`; both ascend."""
    if not len(wanted):
        return np.zeros(len(keys), dtype=bool)
    places = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
    found: npt.NDArray[np.bool_] = wanted[places] == keys
    return found
