"""Kaplan and Meier's product limit: how long something takes, with those who still wait.

Source: Kaplan and Meier 1958. The variance is Greenwood's; the range is taken on the scale of
log(-log S), after Kalbfleisch and Prentice, so that it stays between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from usage.numbers.use import Flags, Floats, Ints, ints

# Two-sided 95 %.
Z95 = 1.959963984540054
# Products of fractions miss a half by less than this.
HAIR = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """The share for whom it has not happened yet, a step for each time at which it happened.

    `at_risk` were still waiting just before, for `happened` it came then; `low` and `high` bound
    `surviving` with 95 % confidence. `size` people in all, `seen` of them to the end.
    """

    times: Ints
    at_risk: Ints
    happened: Ints
    surviving: Floats
    low: Floats
    high: Floats
    size: int
    seen: int

    def at(self, time: int) -> float:
        """The share still waiting after `time`; 1 before anything happened."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.surviving[place - 1]) if place else 1.0

    def time_of(self, share: float) -> int | None:
        """By when it has happened for `share` of them (0.5 is the median); None: not reached."""
        return _first(self.times, self.surviving, share)

    def range_of(self, share: float) -> tuple[int | None, int | None]:
        """The 95 % range of `time_of` (Brookmeyer and Crowley); None where an end is open."""
        return _first(self.times, self.low, share), _first(self.times, self.high, share)


def survival(durations: Iterable[int], happened: Iterable[bool]) -> Survival:
    """From a duration each, and whether it ended because the thing happened or is cut off there.

    Whoever is cut off at a time at which it happens for others was still at risk then. Durations
    are whole numbers of any unit, from 0.
    """
    spans, ends = ints(durations), np.array(list(happened), dtype=bool)
    times, counts = np.unique(spans[ends], return_counts=True)
    at_risk = (len(spans) - np.searchsorted(np.sort(spans), times)).astype(np.int64)
    surviving: Floats = np.cumprod(1 - counts / at_risk).astype(np.float64)
    low, high = _range(at_risk, counts.astype(np.int64), surviving)
    return Survival(
        times, at_risk, counts.astype(np.int64), surviving, low, high, len(spans), int(ends.sum())
    )


def greenwood(at_risk: Ints, happened: Ints) -> Floats:
    """Greenwood's sum of d ÷ (n (n - d)) up to each time; infinite once nobody is left."""
    rest = at_risk * (at_risk - happened)
    terms = np.divide(happened, rest, out=np.full(len(rest), np.inf), where=rest > 0)
    sums: Floats = np.cumsum(terms)
    return sums


def _range(at_risk: Ints, happened: Ints, surviving: Floats) -> tuple[Floats, Floats]:
    """Where nobody is left the range reaches from 0 to where it ended before."""
    low, high = np.zeros(len(surviving)), np.ones(len(surviving))
    inside: Flags = at_risk > happened
    logs = np.log(surviving[inside])
    spread = Z95 * np.sqrt(greenwood(at_risk, happened)[inside]) / np.abs(logs)
    low[inside] = surviving[inside] ** np.exp(spread)
    high[inside] = surviving[inside] ** np.exp(-spread)
    if len(high) > 1 and not inside[-1]:
        high[-1] = high[-2]
    return low, high


def _first(times: Ints, shares: Floats, share: float) -> int | None:
    places = np.flatnonzero(shares <= 1 - share + HAIR)
    return int(times[places[0]]) if len(places) else None
