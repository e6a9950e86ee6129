"""PURE how adoption grew under one person's care, and how a customer compares with others.

A customer success manager is judged by what changed since the customer became theirs, not by
where it stood; a score that compares customers says nothing about any of them alone.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DAYS_COMPARED = 14
# Among fewer customers of one kind a percentile is a rank and nothing more.
FEWEST_PEERS = 5


class LeftOut(StrEnum):
    """Why a customer does not count in a change of adoption."""

    NOT_READ = "not_read"
    OTHER_VERSION = "other_version"
    NO_SEATS = "no_seats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Adoption (0 to 1) of one customer when it was assigned and now, with the versions of the
    definition they were counted by, and the seats it weighs with: those held at the assignment."""

    key: str
    seats: float
    then: float | None
    now: float | None
    then_version: tuple[int, ...] = ()
    now_version: tuple[int, ...] = ()

    @property
    def left_out(self) -> LeftOut | None:
        if self.then is None or self.now is None:
            return LeftOut.NOT_READ
        if self.then_version != self.now_version:
            return LeftOut.OTHER_VERSION
        return LeftOut.NO_SEATS if self.seats <= 0 else None


@dataclass(frozen=True, slots=True)
class Growth:
    """The change of adoption over all customers in points of one, weighted by seats.

    None where no customer counts; `left_out` says which do not and why.
    """

    difference: float | None
    counted: tuple[str, ...]
    seats: float
    left_out: tuple[tuple[str, LeftOut], ...]


def growth(accounts: Sequence[Account]) -> Growth:
    """Sum of seats * (now - then) / sum of seats, over customers counted by one definition."""
    counted = [one for one in accounts if one.left_out is None]
    seats = math.fsum(one.seats for one in counted)
    moved = math.fsum(one.seats * ((one.now or 0.0) - (one.then or 0.0)) for one in counted)
    return Growth(
        difference=moved / seats if seats else None,
        counted=tuple(one.key for one in counted),
        seats=seats,
        left_out=tuple((one.key, one.left_out) for one in accounts if one.left_out is not None),
    )


def engagement_percentile(
    actions: float, peers: Sequence[float], *, days: int = DAYS_COMPARED
) -> float | None:
    """Where a customer's average daily actions lie among customers of the same status, 0 to 100.

    `actions` and `peers` are totals over the same full days; fewer than one action a day is 0.
    Ties count half. None among fewer than five peers. The score can fall while use rises.
    """
    if len(peers) < FEWEST_PEERS:
        return None
    if actions / max(1, days) < 1:
        return 0.0
    ordered = sorted(peers)
    below, up_to = bisect_left(ordered, actions), bisect_right(ordered, actions)
    return 100 * (below + up_to) / 2 / len(ordered)
