"""First value: who reached it, within how many days of access, and how long it takes.

The day a user reaches it is a fact of their own use, whenever access was noted: use that came
before access counts as reached on the day of access.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from usage.numbers.periods import Period, first_day, last_day, period_of
from usage.numbers.roster import FAR, Roster
from usage.numbers.shares import Share
from usage.numbers.survival import Survival, survival
from usage.numbers.use import FeatureUse, Flags, Ints, ints


@dataclass(frozen=True, slots=True)
class FirstValue:
    """What the customer agreed to call first value: a feature (any where None) used so often."""

    feature: int | None = None
    uses: int = 1


class Start(StrEnum):
    """From where time to value runs; a figure without its start cannot be compared."""

    CONTRACT = "contract"
    KICKOFF = "kickoff"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class ActivationCohort:
    """Those given access in one period. `waiting` had access too short to be counted.

    The cohort is mature once the last of its days is.
    """

    first: int
    share: Share
    waiting: tuple[int, ...]
    is_mature: bool


@dataclass(frozen=True, slots=True)
class Activation:
    """`share` holds everybody whose `within` days are over; cohorts run by day of access."""

    within: int
    share: Share
    waiting: tuple[int, ...]
    cohorts: tuple[ActivationCohort, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TimeToValue:
    """Days from the start to first value by user, and the curve that holds who still waits.

    `reached` tells whether a duration ended with first value or is cut off at the last closed day
    or the end of access.
    """

    start: Start
    users: tuple[int, ...]
    days: tuple[int, ...]
    reached: tuple[bool, ...]
    curve: Survival

    @property
    def median(self) -> int | None:
        """Days by which half of all have reached it; None: not reached."""
        return self.curve.time_of(0.5)

    @property
    def p90(self) -> int | None:
        return self.curve.time_of(0.9)

    @property
    def waiting(self) -> tuple[int, ...]:
        pairs = zip(self.users, self.reached, strict=True)
        return tuple(user for user, reached in pairs if not reached)


def reached_days(use: FeatureUse, rule: FirstValue) -> dict[int, int]:
    """The day each user reached first value: when the uses counted so far come to `rule.uses`."""
    rows = use.of_feature(rule.feature)
    _users, starts = np.unique(rows.users, return_index=True)
    totals = np.cumsum(rows.counts)
    before = np.repeat(
        totals[starts] - rows.counts[starts], np.diff(np.append(starts, len(totals)))
    )
    enough = totals - before >= rule.uses
    found, places = np.unique(rows.users[enough], return_index=True)
    return dict(zip(found.tolist(), rows.days[enough][places].tolist(), strict=True))


def activation(
    reached: Mapping[int, int],
    roster: Roster,
    *,
    within: int,
    closed: int,
    by: Period = Period.WEEK,
) -> Activation:
    """Users who reached first value at most `within` days after access ÷ users given access.

    Only those given access `within` days or more before `closed`, the last closed day, count: who
    was fast among the newest would flatter, who was not yet would be blamed.
    """
    given = roster.since <= closed
    users, since = roster.users[given], roster.since[given]
    mature = since + within <= closed
    came = ints(reached.get(user, FAR) for user in users.tolist())
    on_time = came - since <= within
    numbers = period_of(since, by)
    cohorts = [
        _cohort(users[here], mature[here], on_time[here], int(number), by, closed - within)
        for number in np.unique(numbers)
        for here in [numbers == number]
    ]
    return Activation(
        within, _share(users, mature, on_time), tuple(users[~mature].tolist()), tuple(cohorts)
    )


def time_to_value(
    reached: Mapping[int, int], starts: Mapping[int, int], *, start: Start, closed: int,
    ends: Mapping[int, int] | None = None,
) -> TimeToValue:  # fmt: skip
    """From each user's start day to first value, in days; those who still wait are cut off.

    `starts` names every user to count, also those who never came; who starts after `closed` is
    left out. `ends` are days up to which access ran, where it ended.
    """
    users = sorted(user for user, day in starts.items() if day <= closed)
    days, done = [], []
    for user in users:
        last = max(min(closed, (ends or {}).get(user, FAR) - 1), starts[user])
        came = reached.get(user, FAR)
        done.append(came <= last)
        days.append(max(min(came, last) - starts[user], 0))
    return TimeToValue(start, tuple(users), tuple(days), tuple(done), survival(days, done))


def starts_with_access(roster: Roster) -> dict[int, int]:
    """The starts for `Start.ACCESS`: those who were given it."""
    pairs = zip(roster.users.tolist(), roster.since.tolist(), strict=True)
    return {user: since for user, since in pairs if since < FAR}


def ends_of_access(roster: Roster) -> dict[int, int]:
    """The day from which each user has access no longer, for those whose access ends."""
    pairs = zip(roster.users.tolist(), roster.until.tolist(), strict=True)
    return {user: until for user, until in pairs if until < FAR}


def _cohort(
    users: Ints, mature: Flags, on_time: Flags, number: int, by: Period, latest: int
) -> ActivationCohort:
    return ActivationCohort(
        first_day(number, by),
        _share(users, mature, on_time),
        tuple(users[~mature].tolist()),
        last_day(number, by) <= latest,
    )


def _share(users: Ints, mature: Flags, on_time: Flags) -> Share:
    return Share.of(users[mature & on_time].tolist(), users[mature].tolist())
