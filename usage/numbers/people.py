"""Each person's own use: what the list of users shows, and who it should be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from usage.activity import MAU_DAYS
from usage.numbers.roster import Patterns, Roster
from usage.numbers.use import WEEK_DAYS, Ints, Use

# Before every day there is.
NEVER_SEEN = -(2**62)


class Standing(StrEnum):
    """Active in the window that ends now; only in the one before it; longer ago; never."""

    ACTIVE = "active"
    STOPPED = "stopped"
    GONE = "gone"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PersonUse:
    """One user of the roster up to the day asked for. Days are ordinals, None where never seen.

    `active` and `expected` are days of the window, `weeks` how many of its weeks had use, `uses`
    how often in it.
    """

    user: int
    first: int | None
    last: int | None
    active: int
    expected: int
    weeks: int
    uses: int
    standing: Standing


def people_use(
    use: Use, roster: Roster, *, day: int, window: int = MAU_DAYS, patterns: Patterns
) -> tuple[PersonUse, ...]:
    """Everybody on the roster, by user; `use` must hold their whole history up to `day`."""
    expected = roster.expected(patterns, day - window + 1, day).sum(axis=1).tolist()
    columns = [column[roster.users].tolist() for column in _columns(use, roster, day, window)]
    return tuple(
        PersonUse(user, None, None, 0, meant, 0, 0, Standing.NEVER)
        if last == NEVER_SEEN
        else PersonUse(user, first, last, active, meant, weeks, uses, _standing(day - last, window))
        for user, meant, first, last, active, weeks, uses in zip(
            roster.users.tolist(), expected, *columns, strict=True
        )
    )


def _columns(use: Use, roster: Roster, day: int, window: int) -> tuple[Ints, ...]:
    """First and last day, and in the window the days, the weeks with use and the uses, by user."""
    rows = use.between(NEVER_SEEN, day)
    recent = rows.between(day - window + 1, day)
    size = int(max(roster.users.max(initial=-1), rows.users.max(initial=-1))) + 1
    # Rows ascend by user and day; of several written to one place the last one stays.
    firsts, lasts = np.full((2, size), NEVER_SEEN)
    firsts[rows.users[::-1]] = rows.days[::-1]
    lasts[rows.users] = rows.days
    weeks = np.unique(recent.users * window + (day - recent.days) // WEEK_DAYS) // window
    return (
        firsts,
        lasts,
        np.bincount(recent.users, minlength=size),
        np.bincount(weeks, minlength=size),
        np.bincount(recent.users, recent.counts, size).astype(np.int64),
    )


def _standing(ago: int, window: int) -> Standing:
    if ago < window:
        return Standing.ACTIVE
    return Standing.STOPPED if ago < 2 * window else Standing.GONE
