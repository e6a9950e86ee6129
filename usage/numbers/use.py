"""Who used what on which day: the rows that every number is made of.

Users and features are numbers the caller gives out; days are ordinals from 1970-01-01 in the
customer's own time zone. Rows may come in any order and more than once: those of one user, feature
and day are one row with the sum of their counts. Rows with no use in them are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from usage.activity import Floats, Ints, UserDays

__all__ = ["FeatureUse", "Flags", "Floats", "Ints", "RaggedRows", "Use", "blocks_back", "ints"]

Flags = npt.NDArray[np.bool_]
WEEK_DAYS = 7


class RaggedRows(ValueError):
    """The columns given are not of one length."""


def ints(numbers: Iterable[int] | npt.NDArray[Any]) -> Ints:
    if isinstance(numbers, np.ndarray):
        return numbers.astype(np.int64)
    return np.fromiter(numbers, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """User-days by user and day, each once, with how often. Made by `Use.of`."""

    users: Ints
    days: Ints
    counts: Ints

    @classmethod
    def of(
        cls, users: Iterable[int], days: Iterable[int], counts: Iterable[int] | None = None
    ) -> Use:
        """From rows in any order; each counts once where no counts are given.

        Raises RaggedRows.
        """
        keys, sums = _summed([users, days], counts)
        return cls(keys[0], keys[1], sums)

    def between(self, first: int, last: int) -> Use:
        """The days from `first` to `last`, both included."""
        return self._where((self.days >= first) & (self.days <= last))

    def by(self, users: Iterable[int]) -> Use:
        """The rows of some users alone, such as those of an impact group."""
        return self._where(np.isin(self.users, ints(users)))

    def active(self, day: int, window: int = 1) -> tuple[int, ...]:
        """The users of the `window` days that end on `day`, ascending."""
        return tuple(np.unique(self.between(day - window + 1, day).users).tolist())

    def matrix(self, users: Ints, first: int, last: int) -> Flags:
        """Whether each of `users` (ascending) was active on each day: shape (users, days)."""
        seen = np.zeros((len(users), max(last - first + 1, 0)), dtype=bool)
        rows = self.between(first, last).by(users)
        seen[np.searchsorted(users, rows.users), rows.days - first] = True
        return seen

    def user_days(self) -> UserDays:
        """The same days for `usage.activity`, as one group."""
        return UserDays(np.zeros_like(self.users), self.users, self.days)

    def first_days(self) -> dict[int, int]:
        """Each user's first day."""
        users, places = np.unique(self.users, return_index=True)
        return dict(zip(users.tolist(), self.days[places].tolist(), strict=True))

    def _where(self, kept: Flags) -> Use:
        return Use(self.users[kept], self.days[kept], self.counts[kept])


@dataclass(frozen=True, slots=True, eq=False)
class FeatureUse:
    """User-days of each feature by user, feature and day, each once. Made by `FeatureUse.of`."""

    users: Ints
    features: Ints
    days: Ints
    counts: Ints

    @classmethod
    def of(
        cls,
        users: Iterable[int],
        features: Iterable[int],
        days: Iterable[int],
        counts: Iterable[int] | None = None,
    ) -> FeatureUse:
        """From rows in any order; each counts once where no counts are given.

        Raises RaggedRows.
        """
        keys, sums = _summed([users, features, days], counts)
        return cls(keys[0], keys[1], keys[2], sums)

    def between(self, first: int, last: int) -> FeatureUse:
        """The days from `first` to `last`, both included."""
        return self._where((self.days >= first) & (self.days <= last))

    def by(self, users: Iterable[int]) -> FeatureUse:
        """The rows of some users alone."""
        return self._where(np.isin(self.users, ints(users)))

    def of_features(self, features: Iterable[int]) -> FeatureUse:
        """The rows of some features alone."""
        return self._where(np.isin(self.features, ints(features)))

    def renamed(self, numbers: Iterable[int]) -> FeatureUse:
        """The same with other numbers for features, each in the place of the one it had."""
        return FeatureUse.of(self.users, ints(numbers)[self.features], self.days, self.counts)

    def of_feature(self, feature: int | None) -> Use:
        """The user-days of one feature, or of all together."""
        kept = self._where(self.features == feature) if feature is not None else self
        return Use.of(kept.users, kept.days, kept.counts)

    def _where(self, kept: Flags) -> FeatureUse:
        return FeatureUse(self.users[kept], self.features[kept], self.days[kept], self.counts[kept])


def blocks_back(days: Ints, day: int) -> Ints:
    """In which seven days before `day` each day lies: 0 are the seven that end on it."""
    return np.floor_divide(day - days, WEEK_DAYS)


def _summed(columns: list[Iterable[int]], counts: Iterable[int] | None) -> tuple[list[Ints], Ints]:
    keys = [ints(column) for column in columns]
    sizes = np.ones_like(keys[0]) if counts is None else ints(counts)
    if len({len(column) for column in (*keys, sizes)}) > 1:
        raise RaggedRows("Users, features, days and counts have one row each.")
    kept = sizes > 0
    keys, sizes = [column[kept] for column in keys], sizes[kept]
    order = np.lexsort(tuple(reversed(keys)))
    keys, sizes = [column[order] for column in keys], sizes[order]
    fresh = np.ones(len(sizes), dtype=bool)
    fresh[1:] = np.any([np.diff(column) != 0 for column in keys], axis=0)
    starts = np.flatnonzero(fresh)
    sums = np.add.reduceat(sizes, starts) if len(starts) else sizes
    return [column[starts] for column in keys], sums
