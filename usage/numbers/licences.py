"""Licences: how many seats are given out, and how many are used, with the seats of each day.

Deployed is assigned ÷ seats, active is MAU ÷ seats, engaged is MAU ÷ assigned: three numbers that
fail in three ways. Bands after GitLab's, with the edges half open so that no value falls between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from usage.activity import MAU_DAYS, rolling_users
from usage.numbers.roster import Roster
from usage.numbers.shares import band
from usage.numbers.use import Flags, Floats, Ints, Use

# Lower edges of watch and good.
ENGAGED_EDGES = (0.50, 0.80)
# Lower edges of watch and good from so many months after the licences began. Before that there is
# nothing to expect; after nine months whatever is not good is bad.
DEPLOYED_EDGES = ((2, (0.10, 0.50)), (6, (0.50, 0.75)), (9, (0.75, 0.75)))


@dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """Seats held from a day on, by day. Made by `Seats.of`."""

    days: Ints
    seats: Ints

    @classmethod
    def of(cls, steps: Iterable[tuple[int, int]]) -> Seats:
        """From (day, seats) in any order; of two on one day the larger holds."""
        table = np.array(sorted(steps), dtype=np.int64).reshape(-1, 2)
        last = np.append(np.diff(table[:, 0]) != 0, np.ones(min(len(table), 1), dtype=bool))
        return cls(table[last, 0], table[last, 1])

    def on(self, days: Ints) -> tuple[Ints, Flags]:
        """The seats valid on each day, and whether any are known for it."""
        places = np.searchsorted(self.days, days, side="right")
        known = places > 0
        return np.append(0, self.seats)[places], known


@dataclass(frozen=True, slots=True)
class SeatDays:
    """A stretch of days summed: only days with known seats, and how many those are of all."""

    seats: int
    assigned: int
    active: int
    days: int
    days_known: int

    @property
    def deployed(self) -> float | None:
        return self.assigned / self.seats if self.seats else None

    @property
    def used(self) -> float | None:
        return self.active / self.seats if self.seats else None


@dataclass(frozen=True, slots=True, eq=False)
class LicenceUse:
    """One entry a day from `first`; active over the `window` days that end on it. Where `known` is
    False no seats are on record for the day."""

    first: int
    window: int
    seats: Ints
    known: Flags
    assigned: Ints
    active: Ints

    @property
    def days(self) -> Ints:
        return np.arange(self.first, self.first + len(self.seats), dtype=np.int64)

    @property
    def deployed(self) -> Floats:
        """Above 1 where more was given out than bought; not a number without seats."""
        return _ratio(self.assigned, self.seats)

    @property
    def used(self) -> Floats:
        return _ratio(self.active, self.seats)

    @property
    def engaged(self) -> Floats:
        return _ratio(self.active, self.assigned)

    @property
    def total(self) -> SeatDays:
        """Seat-days: the days summed before they are divided, since seats change within."""
        kept = self.known
        return SeatDays(
            seats=int(self.seats[kept].sum()),
            assigned=int(self.assigned[kept].sum()),
            active=int(self.active[kept].sum()),
            days=len(kept),
            days_known=int(kept.sum()),
        )


def licence_use(
    use: Use, roster: Roster, seats: Seats, *, first: int, last: int, window: int = MAU_DAYS
) -> LicenceUse:
    """Seats, users with access, and users of the `window` days that end on each day.

    Everybody active counts, with a seat or without: that is what the customer pays for and what
    they get. `beyond` names those without.
    """
    days = np.arange(first, last + 1, dtype=np.int64)
    held, known = seats.on(days)
    begun = np.searchsorted(np.sort(roster.since), days, side="right")
    over = np.searchsorted(np.sort(np.maximum(roster.until, roster.since)), days, side="right")
    active = rolling_users(use.user_days(), window, group_count=1, first=first, last=last)[0]
    return LicenceUse(first, window, held, known, (begun - over).astype(np.int64), active)


def idle(use: Use, roster: Roster, day: int, window: int = MAU_DAYS) -> tuple[int, ...]:
    """Who has access on the day and was not active in the window."""
    return tuple(sorted(set(roster.with_access(day)).difference(use.active(day, window))))


def beyond(use: Use, roster: Roster, day: int, window: int = MAU_DAYS) -> tuple[int, ...]:
    """Who was active in the window and has no access on the day."""
    return tuple(sorted(set(use.active(day, window)).difference(roster.with_access(day))))


def engaged_band(share: float) -> int:
    """0 below half, 1 below four fifths, 2 from there on."""
    return band(share, ENGAGED_EDGES)


def deployed_band(share: float, months: float) -> int | None:
    """0, 1 or 2 by the age of the licences in months; None in the first two months."""
    fitting = [edges for least, edges in DEPLOYED_EDGES if months >= least]
    return band(share, fitting[-1]) if fitting else None


def _ratio(upper: Ints, lower: Ints) -> Floats:
    out = np.full(len(upper), np.nan)
    shares: Floats = np.divide(upper, lower, out=out, where=lower > 0)
    return shares
