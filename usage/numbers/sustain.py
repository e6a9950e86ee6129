"""Whether use lasts: present 28-day use against its own peak, and an alarm that small accounts
cannot set off by one person's holiday."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage.activity import MAU_DAYS, rolling_users
from usage.numbers.shares import FEWEST_USERS
from usage.numbers.use import Use

TRAILING_DAYS = 26 * 7
ALARM_DAYS = 28


@dataclass(frozen=True, slots=True)
class Alarm:
    """A fall by at least `fall` (a share) over four weeks, from at least `least` users."""

    fall: float = 0.2
    least: int = FEWEST_USERS


@dataclass(frozen=True, slots=True)
class Sustain:
    """MAU of the day, of its trailing peak (the latest day it stood so high) and of four weeks
    before; `lost` were active then and no longer, `gained` the other way round."""

    day: int
    now: int
    peak: int
    peak_day: int
    before: int
    lost: tuple[int, ...]
    gained: tuple[int, ...]
    is_alarming: bool

    @property
    def ratio(self) -> float | None:
        """0 to 1; None where nobody was active in all that time."""
        return self.now / self.peak if self.peak else None

    @property
    def change(self) -> float | None:
        """The change over four weeks as a share of what was; None from nothing."""
        return (self.now - self.before) / self.before if self.before else None


def sustain(use: Use, *, day: int, alarm: Alarm = Alarm()) -> Sustain:
    """Use of the 28 days that end on `day` ÷ the most of any day in the trailing 26 weeks."""
    first = day - TRAILING_DAYS + 1
    counts = rolling_users(use.user_days(), MAU_DAYS, group_count=1, first=first, last=day)[0]
    place = len(counts) - 1 - int(np.argmax(counts[::-1]))
    then, now = set(use.active(day - ALARM_DAYS, MAU_DAYS)), set(use.active(day, MAU_DAYS))
    fell = len(then) - len(now)
    return Sustain(
        day=day,
        now=len(now),
        peak=int(counts[place]),
        peak_day=first + place,
        before=len(then),
        lost=tuple(sorted(then - now)),
        gained=tuple(sorted(now - then)),
        is_alarming=len(then) >= max(alarm.least, 1)
        and fell > 0
        and fell / len(then) >= alarm.fall,
    )
