"""Retention: of those who began together, who comes back in the n-th week or month.

Two curves, named apart. Classic: active in period n. Rolling: active in period n or any later one.
A cohort are the users whose first active day lies in the same period, so all of them are active in
period 0. A period that is not over is unfinished: its count can still rise, and it is never taken
into an average nor drawn as a fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from usage.numbers.periods import Period, first_day, last_day, period_of
from usage.numbers.shares import Share
from usage.numbers.use import Ints, Use


@dataclass(frozen=True, slots=True)
class Cohort:
    """Users who began in the period of day `first`, and who came back in each period after.

    `classic[n]` and `rolling[n]` are of period n, up to the one that is running; `finished` is how
    many of them, from the first on, are over.
    """

    first: int
    users: tuple[int, ...]
    classic: tuple[Share, ...]
    rolling: tuple[Share, ...]
    finished: int


@dataclass(frozen=True, slots=True)
class RetentionPoint:
    """All cohorts together in period n: only those for which it is over."""

    period: int
    users: int
    of: int

    @property
    def value(self) -> float | None:
        return self.users / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Retention:
    period: Period
    closed: int
    cohorts: tuple[Cohort, ...]

    @property
    def classic(self) -> tuple[RetentionPoint, ...]:
        return self._together([cohort.classic for cohort in self.cohorts])

    @property
    def rolling(self) -> tuple[RetentionPoint, ...]:
        return self._together([cohort.rolling for cohort in self.cohorts])

    def _together(self, curves: Sequence[Sequence[Share]]) -> tuple[RetentionPoint, ...]:
        """Users summed before they are divided, so that large cohorts weigh what they are."""
        kept = [curve[: c.finished] for curve, c in zip(curves, self.cohorts, strict=True)]
        longest = max(map(len, kept), default=0)
        return tuple(
            RetentionPoint(
                number,
                sum(curve[number].count for curve in kept if len(curve) > number),
                sum(curve[number].size for curve in kept if len(curve) > number),
            )
            for number in range(longest)
        )


def retention(use: Use, *, closed: int, period: Period = Period.WEEK) -> Retention:
    """Every cohort up to `closed`, the last closed day; use after it is not looked at.

    `use` must hold the users' whole history, or old users would stand in young cohorts.
    """
    rows = use.between(int(use.days.min(initial=closed)), closed)
    numbers = period_of(rows.days, period)
    pairs = np.unique(np.column_stack([rows.users, numbers]), axis=0)
    users, places = np.unique(pairs[:, 0], return_index=True)
    begun = pairs[places, 1]
    ends = np.append(places[1:], len(pairs))
    latest = pairs[ends - 1, 1] if len(pairs) else begun
    now = int(period_of(np.array([closed]), period)[0])
    over = now if last_day(now, period) <= closed else now - 1
    return Retention(
        period,
        closed,
        tuple(
            _cohort(int(number), users, begun, latest, pairs, now, over, period)
            for number in np.unique(begun)
        ),
    )


def _cohort(
    number: int,
    users: Ints,
    begun: Ints,
    latest: Ints,
    pairs: Ints,
    now: int,
    over: int,
    period: Period,
) -> Cohort:
    members = users[begun == number]
    last = latest[begun == number]
    own = pairs[np.isin(pairs[:, 0], members)]
    known = tuple(members.tolist())
    steps = range(number, now + 1)
    return Cohort(
        first=first_day(number, period),
        users=known,
        classic=tuple(Share(tuple(own[own[:, 1] == n, 0].tolist()), known) for n in steps),
        rolling=tuple(Share(tuple(members[last >= n].tolist()), known) for n in steps),
        finished=max(over - number + 1, 0),
    )
