"""Habit: use as part of the working day, by regularity rather than volume.

All of it runs over expected days (those of the group's working pattern, while there is access), so
weekends and holidays neither break a streak nor lengthen a gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from usage.activity import MAU_DAYS
from usage.numbers.roster import Patterns, Roster
from usage.numbers.shares import Share
from usage.numbers.survival import Survival, survival
from usage.numbers.use import Flags, Ints, Use, blocks_back

FEWEST_GAPS = 3


@dataclass(frozen=True, slots=True)
class HabitRule:
    """Active in at least `weeks` of the last four weeks and on at least `share` of expected days."""

    weeks: int = 3
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Habit:
    """Who has the habit, among those with access all through the window.

    `too_new` had access on its last day and not all through, so they cannot have it yet.
    """

    day: int
    share: Share
    too_new: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Streak:
    """Active expected days in a row, from the first to the last of them.

    It is running when no expected day has followed it.
    """

    user: int
    first: int
    last: int
    length: int
    is_running: bool


def habit(
    use: Use, roster: Roster, *, day: int, patterns: Patterns, rule: HabitRule = HabitRule()
) -> Habit:
    """The habit over the 28 days that end on `day`, in weeks of seven days that end with it."""
    first = day - MAU_DAYS + 1
    settled = roster.throughout(first, day)
    expected = settled.expected(patterns, first, day)
    seen = use.matrix(settled.users, first, day)
    weeks = _weeks(seen, first, day)
    meant, came = expected.sum(axis=1), (seen & expected).sum(axis=1)
    kept = meant > 0
    good = kept & (weeks >= rule.weeks) & (came / np.maximum(meant, 1) >= rule.share)
    new = set(roster.with_access(day)).difference(settled.users.tolist())
    return Habit(
        day,
        Share.of(settled.users[good].tolist(), settled.users[kept].tolist()),
        tuple(sorted(new)),
    )


def regularity(
    use: Use, roster: Roster, *, first: int, last: int, patterns: Patterns
) -> dict[int, float]:
    """1 − the entropy of a user's gaps ÷ the highest it could be: 1 is always the same gap.

    A gap is how many expected days lie from one active expected day to the next. Users with fewer
    than three gaps are left out: nothing can be said of them.
    """
    expected = roster.expected(patterns, first, last)
    seen = use.matrix(roster.users, first, last) & expected
    order = np.cumsum(expected, axis=1)
    rows = zip(roster.users.tolist(), order, seen, strict=True)
    gaps = {user: np.diff(places[came]) for user, places, came in rows}
    return {user: _evenness(own) for user, own in gaps.items() if len(own) >= FEWEST_GAPS}


def streaks(
    use: Use, roster: Roster, *, first: int, last: int, patterns: Patterns
) -> tuple[Streak, ...]:
    """Every streak from `first` to `last`, by user and day."""
    expected = roster.expected(patterns, first, last)
    rows, days = np.nonzero(expected)
    came = use.matrix(roster.users, first, last)[rows, days]
    # Expected days one after the other, user by user: a streak ends where the next one differs.
    opens, closes = np.ones((2, len(rows)), dtype=bool)
    opens[1:] = closes[:-1] = rows[1:] != rows[:-1]
    is_last = closes.copy()
    opens[1:] |= ~came[:-1]
    closes[:-1] |= ~came[1:]
    begins, ends = np.flatnonzero(came & opens), np.flatnonzero(came & closes)
    columns = (
        roster.users[rows[begins]],
        first + days[begins],
        first + days[ends],
        ends - begins + 1,
        is_last[ends],
    )
    return tuple(map(Streak, *(column.tolist() for column in columns)))


def streak_survival(found: Iterable[Streak]) -> Survival:
    """How many expected days streaks last, those still running cut off where they are.

    Each streak counts for itself, also several of one user.
    """
    known = list(found)
    return survival((one.length for one in known), (not one.is_running for one in known))


def _weeks(seen: Flags, first: int, day: int) -> Ints:
    """In how many of the four weeks each was active."""
    blocks = blocks_back(np.arange(first, day + 1, dtype=np.int64), day)
    found = [seen[:, blocks == block].any(axis=1) for block in np.unique(blocks)]
    weeks: Ints = np.sum(found, axis=0, dtype=np.int64)
    return weeks


def _evenness(gaps: Ints) -> float:
    _sizes, counts = np.unique(gaps, return_counts=True)
    shares = counts / counts.sum()
    entropy = -float((shares * np.log(shares)).sum())
    return max(0.0, 1 - entropy / float(np.log(len(gaps))))
