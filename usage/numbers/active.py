"""Active users over windows of days, the DAU/MAU ratio, and the active-days distribution.

Two things go by the name of stickiness; they are kept apart here. The ratio is mean DAU ÷ MAU; the
distribution is how many users were active on how many days of the window (its 28-day form is known
as L28, or the power-user curve). Windows end on a day and hold each day back to `window - 1` before
it; distinct users of a window are the union of its days, never a sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from usage.activity import DAU_DAYS, MAU_DAYS, WAU_DAYS, active_users
from usage.numbers.roster import EVERY_DAY, Pattern
from usage.numbers.use import Ints, Use


@dataclass(frozen=True, slots=True)
class ActiveOn:
    """DAU, WAU and MAU of one day as the users they hold."""

    day: int
    dau: tuple[int, ...]
    wau: tuple[int, ...]
    mau: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DauMau:
    """Mean DAU over the days that count ÷ the users of the whole window.

    `user_days` are those on days that count, `days` how many days count.
    """

    user_days: int
    days: int
    users: tuple[int, ...]

    @property
    def value(self) -> float | None:
        """0 to 1; None where nobody was active or no day counts."""
        if not self.users or not self.days:
            return None
        return self.user_days / self.days / len(self.users)


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """How many days of the window each user was active on, by user; 0 for those expected."""

    day: int
    window: int
    users: tuple[int, ...]
    days: tuple[int, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Users by number of active days, from 0 to the whole window."""
        return tuple(np.bincount(self.days, minlength=self.window + 1).tolist())

    def users_on(self, least: int, most: int) -> tuple[int, ...]:
        """Who was active on `least` to `most` days: what one bar holds."""
        pairs = zip(self.users, self.days, strict=True)
        return tuple(user for user, days in pairs if least <= days <= most)


def active_on(use: Use, day: int) -> ActiveOn:
    """The users behind the three counts of a day."""
    return ActiveOn(
        day, use.active(day, DAU_DAYS), use.active(day, WAU_DAYS), use.active(day, MAU_DAYS)
    )


def active_series(use: Use, first: int, last: int) -> tuple[Ints, Ints, Ints]:
    """DAU, WAU and MAU on each day from `first` to `last`: three arrays of that length."""
    found = active_users(use.user_days(), group_count=1, first=first, last=last)
    return found.dau[0], found.wau[0], found.mau[0]


def dau_mau(use: Use, *, day: int, window: int = MAU_DAYS, pattern: Pattern = EVERY_DAY) -> DauMau:
    """The DAU/MAU ratio of the window that ends on `day`.

    With a pattern only its days count towards the mean, so that who works five days a week can
    reach 1; the users below the line are always those of the whole window.
    """
    first = day - window + 1
    counted = pattern.expects(first, day)
    rows = use.between(first, day)
    return DauMau(
        user_days=int(counted[rows.days - first].sum()),
        days=int(counted.sum()),
        users=use.active(day, window),
    )


def active_days(
    use: Use, *, day: int, window: int = MAU_DAYS, among: Iterable[int] = ()
) -> ActiveDays:
    """The active-days distribution of the window that ends on `day`.

    `among` are users who stand in it with 0 days when they were not seen.
    """
    users, days = np.unique(use.between(day - window + 1, day).users, return_counts=True)
    found = dict.fromkeys(among, 0) | dict(zip(users.tolist(), days.tolist(), strict=True))
    ordered = sorted(found.items())
    return ActiveDays(
        day, window, tuple(user for user, _ in ordered), tuple(days for _, days in ordered)
    )
