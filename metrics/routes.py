"""PURE how much work takes the new route, how much still takes the others, and which of those
were to be shut off.

    periods = shares(routes)
    periods[-1].share, periods[-1].unread

Volumes are counted by period; the day of a volume is the last day of its period.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Volume:
    """How many requests took a route in the period that ends on a day."""

    day: date
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way of getting the same thing done: the new one, or one that competes with it.

    `shut_off_date` is when it is to end and `shut_date` when it did; volumes in order of days.
    """

    key: str
    name: str
    is_new: bool = False
    shut_off_date: date | None = None
    shut_date: date | None = None
    volumes: tuple[Volume, ...] = ()

    def amount_on(self, day: date) -> float | None:
        """The volume of the period that ends on the day; 0 once it was shut before it, else None."""
        found = next((volume.amount for volume in self.volumes if volume.day == day), None)
        is_over = self.shut_date is not None and self.shut_date < day
        return 0.0 if found is None and is_over else found

    @property
    def last(self) -> Volume | None:
        return self.volumes[-1] if self.volumes else None


@dataclass(frozen=True, slots=True)
class PeriodShare:
    """One period: requests by the new route, by the others, and the routes nobody counted."""

    day: date
    new: float
    other: float
    unread: tuple[str, ...]

    @property
    def total(self) -> float:
        return self.new + self.other

    @property
    def share(self) -> float | None:
        """0 to 1. None without any request, and where a route was not counted: an unknown volume
        left out of the denominator would flatter the new route."""
        return None if self.unread or not self.total else self.new / self.total


def shares(routes: Sequence[Route]) -> tuple[PeriodShare, ...]:
    """Every period in which at least one route was counted, oldest first.

    A route counts from its first volume on: nobody misses what was not yet known.
    """
    days = sorted({volume.day for route in routes for volume in route.volumes})
    return tuple(_share(routes, day) for day in days)


def _share(routes: Sequence[Route], day: date) -> PeriodShare:
    known = [route for route in routes if route.volumes and route.volumes[0].day <= day]
    amounts = [(route, route.amount_on(day)) for route in known]
    return PeriodShare(
        day=day,
        new=math.fsum(amount or 0.0 for route, amount in amounts if route.is_new),
        other=math.fsum(amount or 0.0 for route, amount in amounts if not route.is_new),
        unread=tuple(route.key for route, amount in amounts if amount is None),
    )


class State(StrEnum):
    """Where a competing route stands."""

    UNPLANNED = "unplanned"
    OPEN = "open"
    OVERDUE = "overdue"
    SHUT = "shut"
    LEAKING = "leaking"


@dataclass(frozen=True, slots=True)
class Standing:
    """A competing route with what is left of it: its last volume and its share of all then."""

    route: Route
    state: State
    left: Volume | None
    share: float | None


def standings(routes: Sequence[Route], *, today: date) -> tuple[Standing, ...]:
    """The competing routes, the largest first.

    Leaking: shut, and counted with requests after that. Overdue: still open after its day.
    """
    periods = {period.day: period for period in shares(routes)}
    found = [_standing(route, periods, today) for route in routes if not route.is_new]
    return tuple(sorted(found, key=lambda one: -(one.left.amount if one.left else 0.0)))


def _standing(route: Route, periods: dict[date, PeriodShare], today: date) -> Standing:
    last = route.last
    period = None if last is None else periods[last.day]
    share = None
    if last is not None and period is not None and not period.unread and period.total:
        share = last.amount / period.total
    return Standing(route, _state(route, today), last, share)


def _state(route: Route, today: date) -> State:
    if route.shut_date is not None and route.shut_date <= today:
        shut = route.shut_date
        leaks = any(volume.day > shut and volume.amount > 0 for volume in route.volumes[-1:])
        return State.LEAKING if leaks else State.SHUT
    if route.shut_off_date is None:
        return State.UNPLANNED
    return State.OVERDUE if route.shut_off_date < today else State.OPEN


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of all volume the services of a phase carry."""

    services: int
    volume: float
    total: float

    @property
    def share(self) -> float | None:
        return self.volume / self.total if self.total else None


def covered(volumes: Sequence[tuple[float, bool]]) -> Covered:
    """Of services as (volume, is in the phase): how much of all requests the phase covers."""
    return Covered(
        services=sum(chosen for _, chosen in volumes),
        volume=math.fsum(volume for volume, chosen in volumes if chosen),
        total=math.fsum(volume for volume, _ in volumes),
    )


def best_covered(volumes: Sequence[float], *, services: int) -> Covered:
    """What that many services could cover at most: those with the highest volumes first."""
    ranked = sorted(volumes, reverse=True)
    return Covered(min(services, len(ranked)), math.fsum(ranked[:services]), math.fsum(ranked))
