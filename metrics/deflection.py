"""PURE whether support makes itself needless: callers walked through instead of served.

Deflected, contained and resolved are three things, and no standard defines the first. Three figures
are offered, each under its own name; the trend of how-to tickets is the one to prefer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# With fewer contacts one of them moves a share too far.
FEWEST_CONTACTS = 5
# Below this many active users a rate per 100 multiplies noise.
FEWEST_USERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """What the help desk did in the period that ends on a day.

    `coached` callers were walked through, for `did_for` the work was done for them; `unclassed`
    contacts carry neither class. `how_to` counts tickets that ask how, `active_users` those who
    could ask. None is unknown, not zero.
    """

    day: date
    coached: int = 0
    did_for: int = 0
    unclassed: int = 0
    how_to: int | None = None
    active_users: int | None = None
    help_readers: int | None = None
    ticket_users: int | None = None

    @property
    def classed(self) -> int:
        return self.coached + self.did_for

    @property
    def coached_share(self) -> float | None:
        """coached / (coached + did for the user), 0 to 1; None where nothing was classed."""
        return self.coached / self.classed if self.classed else None

    @property
    def classed_share(self) -> float | None:
        """How much of all contacts the coached share speaks for."""
        total = self.classed + self.unclassed
        return self.classed / total if total else None

    @property
    def is_small(self) -> bool:
        return self.classed < FEWEST_CONTACTS

    @property
    def per_hundred(self) -> float | None:
        """How-to tickets per 100 active users; None below 20 active users or where unknown."""
        if self.how_to is None or self.active_users is None or self.active_users < FEWEST_USERS:
            return None
        return 100 * self.how_to / self.active_users

    @property
    def self_service(self) -> float | None:
        """People who read the help ÷ people who wrote a ticket; None where nobody did."""
        if self.help_readers is None or not self.ticket_users:
            return None
        return self.help_readers / self.ticket_users


@dataclass(frozen=True, slots=True)
class Turn:
    """From the first to the last period that both have a figure: what changed since when."""

    since: date
    day: date
    before: float
    now: float

    @property
    def difference(self) -> float:
        return self.now - self.before


def coached_turn(periods: Sequence[Contacts]) -> Turn | None:
    """How the coached share moved, over periods that are not too small; None with fewer than two."""
    known = [(one.day, one.coached_share) for one in periods if not one.is_small]
    return _turn([(day, share) for day, share in known if share is not None])


def how_to_turn(periods: Sequence[Contacts]) -> Turn | None:
    """How the tickets per 100 active users moved; falling is better."""
    known = [(one.day, one.per_hundred) for one in periods]
    return _turn([(day, rate) for day, rate in known if rate is not None])


def _turn(points: Sequence[tuple[date, float]]) -> Turn | None:
    ordered = sorted(points)
    if len(ordered) < 2:
        return None
    (since, before), (day, now) = ordered[0], ordered[-1]
    return Turn(since, day, before, now)
