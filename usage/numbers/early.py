"""The first weeks after go-live, day by day: who has come, who is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from usage.numbers.roster import Roster
from usage.numbers.shares import Share
from usage.numbers.use import Use

EARLY_DAYS = 42


@dataclass(frozen=True, slots=True)
class EarlyDay:
    """Day `number` after go-live (0 is the day itself).

    `newcomers` were seen for the first time since go-live; `reached` are those with access who had
    been seen by the end of the day, `active` everybody seen on it, `uses` how often.
    """

    day: int
    number: int
    active: tuple[int, ...]
    newcomers: tuple[int, ...]
    reached: Share
    uses: int


@dataclass(frozen=True, slots=True)
class EarlyUse:
    """One entry a closed day from go-live on. `missing` have access and were never seen since."""

    go_live: int
    days: tuple[EarlyDay, ...]
    missing: tuple[int, ...]


def early_use(
    use: Use, roster: Roster, *, go_live: int, closed: int, length: int = EARLY_DAYS
) -> EarlyUse:
    """The first `length` days from `go_live`, as far as they are closed.

    Use before go-live (a pilot, a test) does not count as having come.
    """
    last = min(closed, go_live + length - 1)
    rows = use.between(go_live, last)
    firsts = rows.first_days()
    days = tuple(_day(rows, roster, firsts, day, go_live) for day in range(go_live, last + 1))
    return EarlyUse(go_live, days, days[-1].reached.others if days else ())


def by_group(
    use: Use, roster: Roster, *, go_live: int, closed: int, length: int = EARLY_DAYS
) -> Mapping[int, EarlyUse]:
    """The same for each impact group of the roster."""
    found = {}
    for group in np.unique(roster.groups).tolist():
        people = roster.in_group(group)
        own = use.by(people.users)
        found[group] = early_use(own, people, go_live=go_live, closed=closed, length=length)
    return found


def _day(rows: Use, roster: Roster, firsts: Mapping[int, int], day: int, go_live: int) -> EarlyDay:
    seen = [user for user, first in firsts.items() if first <= day]
    return EarlyDay(
        day=day,
        number=day - go_live,
        active=rows.active(day),
        newcomers=tuple(sorted(user for user in seen if firsts[user] == day)),
        reached=Share.of(seen, roster.with_access(day)),
        uses=int(rows.between(day, day).counts.sum()),
    )
