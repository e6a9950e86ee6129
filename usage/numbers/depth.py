"""How deep and how frequent use is: users above a line, and active days of expected days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from usage.activity import MAU_DAYS
from usage.numbers.roster import Patterns, Roster
from usage.numbers.shares import Share, band
from usage.numbers.use import Use

# Gainsight's healthy active user, with any qualifying use in place of a log-in.
HEALTHY_DAYS = 10
# Its five bands of the share of healthy users, from 0 to 4.
DEPTH_EDGES = (0.10, 0.20, 0.35, 0.50)


@dataclass(frozen=True, slots=True)
class Depth:
    """Users active on at least `least` days of the window ÷ the users asked about."""

    day: int
    window: int
    least: int
    share: Share

    @property
    def band(self) -> int | None:
        """0, the lowest, to 4; None where there is nobody."""
        return None if self.share.value is None else band(self.share.value, DEPTH_EDGES)


@dataclass(frozen=True, slots=True)
class Frequency:
    """Each user's active days among their expected days, by user.

    `left_out` had no expected day in the window, so that nothing can be said of them.
    """

    day: int
    window: int
    users: tuple[int, ...]
    active: tuple[int, ...]
    expected: tuple[int, ...]
    left_out: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        pairs = zip(self.active, self.expected, strict=True)
        return tuple(active / expected for active, expected in pairs)

    @property
    def median(self) -> float | None:
        """Over all users with an expected day, whether they came or not; None without any."""
        return float(np.median(self.shares)) if self.users else None


def depth(
    use: Use,
    among: Iterable[int],
    *,
    day: int,
    window: int = MAU_DAYS,
    least: int = HEALTHY_DAYS,
) -> Depth:
    """The share of `among` (users with access, or active ones: say which) at or above the line."""
    users, days = np.unique(use.between(day - window + 1, day).users, return_counts=True)
    return Depth(day, window, least, Share.of(users[days >= least].tolist(), among))


def frequency(
    use: Use, roster: Roster, *, day: int, window: int = MAU_DAYS, patterns: Patterns
) -> Frequency:
    """Active days ÷ expected days. Use on a day off is use, but not of an expected day."""
    first = day - window + 1
    expected = roster.expected(patterns, first, day)
    seen = use.matrix(roster.users, first, day) & expected
    meant, came = expected.sum(axis=1), seen.sum(axis=1)
    kept = meant > 0
    return Frequency(
        day,
        window,
        tuple(roster.users[kept].tolist()),
        tuple(came[kept].tolist()),
        tuple(meant[kept].tolist()),
        tuple(roster.users[~kept].tolist()),
    )
