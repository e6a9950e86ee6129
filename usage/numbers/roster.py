"""Who is expected to use it, since when, and on which days of the week.

Access runs from `since` up to the day before `until`. FAR stands for a day that has not come:
no access yet, or no end of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from usage.numbers.use import WEEK_DAYS, Flags, Ints, ints

FAR = 2**31 - 1
NO_GROUP = -1
# 1970-01-01 was a Thursday: Monday is 0.
THURSDAY = 3
OFFICE_WEEKDAYS = frozenset(range(5))


class NamedTwice(ValueError):
    """A user stands on the roster more than once."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The weekdays on which use is expected (Monday is 0), and the days that are free."""

    weekdays: frozenset[int] = OFFICE_WEEKDAYS
    free: frozenset[int] = frozenset()

    def expects(self, first: int, last: int) -> Flags:
        """Whether each day from `first` to `last` is one of theirs."""
        days = np.arange(first, last + 1, dtype=np.int64)
        works = np.isin((days + THURSDAY) % WEEK_DAYS, sorted(self.weekdays))
        return works & ~np.isin(days, sorted(self.free))


OFFICE = Pattern()
EVERY_DAY = Pattern(frozenset(range(WEEK_DAYS)))
Patterns = Mapping[int, Pattern]


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """One row a user, by user: access from, access up to, and impact group. Made by `of`."""

    users: Ints
    since: Ints
    until: Ints
    groups: Ints

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int | None, int | None, int | None]]) -> Roster:
        """From rows of user, since, until and group in any order; None where there is none.

        Raises NamedTwice.
        """
        missing = (0, FAR, FAR, NO_GROUP)
        filled = sorted(
            tuple(m if cell is None else cell for cell, m in zip(row, missing, strict=True))
            for row in rows
        )
        table = np.array(filled, dtype=np.int64).reshape(-1, 4)
        if len(np.unique(table[:, 0])) < len(table):
            raise NamedTwice("A user has one place on a roster.")
        return cls(table[:, 0], table[:, 1], table[:, 2], table[:, 3])

    def in_group(self, group: int) -> Roster:
        return self._where(self.groups == group)

    def with_access(self, day: int) -> tuple[int, ...]:
        """E(a, d): the users who have access on a day, ascending."""
        return tuple(self.users[(self.since <= day) & (day < self.until)].tolist())

    def throughout(self, first: int, last: int) -> Roster:
        """Those who have access on every day from `first` to `last`."""
        return self._where((self.since <= first) & (last < self.until))

    def expected(self, patterns: Patterns, first: int, last: int) -> Flags:
        """On which days each is expected: shape (users, days). Groups without a pattern, and
        people without a group, keep office days."""
        days = np.arange(first, last + 1, dtype=np.int64)
        wanted = (self.since[:, None] <= days) & (days < self.until[:, None])
        for group in np.unique(self.groups).tolist():
            works = patterns.get(group, OFFICE).expects(first, last)
            wanted[self.groups == group] &= works
        return wanted

    def _where(self, kept: Flags) -> Roster:
        return Roster(self.users[kept], self.since[kept], self.until[kept], self.groups[kept])


def everybody(users: Iterable[int]) -> Roster:
    """A roster of users who always had access, where nothing is known of it."""
    return Roster.of((user, -FAR, None, None) for user in np.unique(ints(users)).tolist())
