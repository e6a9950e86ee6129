"""User-days in, active users out: exact rolling distinct counts and local days.

Days are ordinals counted from 1970-01-01 (`numpy.datetime64[D]` as an integer), instants are
microseconds since 1970-01-01 UTC. Definitions: DAU, WAU and MAU are the sizes of the union of a
customer's users over the 1, 7 and 28 days that end on a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAU_DAYS, WAU_DAYS, MAU_DAYS = 1, 7, 28
DAY_SECONDS = 86_400
MICROSECONDS = 1_000_000
_PROBE_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class UserDays:
    """Who was active when: one entry a user-day, in any order, repeats allowed.

    `groups` numbers the customers from 0, `users` tells users apart within a group, `days` are
    ordinals. All three have the same length.
    """

    groups: Ints
    users: Ints
    days: Ints

    @classmethod
    def of(cls, users: Iterable[int], days: Iterable[int]) -> UserDays:
        """The user-days of a single customer."""
        known = np.fromiter(users, dtype=np.int64)
        return cls(np.zeros_like(known), known, np.fromiter(days, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class ActiveUsers:
    """Active users on every calendar day from `first_day`: arrays of shape (groups, days)."""

    first_day: int
    dau: Ints
    wau: Ints
    mau: Ints

    @property
    def days(self) -> Ints:
        return np.arange(self.first_day, self.first_day + self.dau.shape[1], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class OffsetSpans:
    """A zone's clock between two instants: `offsets[i]` seconds hold from `starts[i]` (seconds)."""

    starts: Ints
    offsets: Ints


def active_users(seen: UserDays, *, group_count: int, first: int, last: int) -> ActiveUsers:
    """DAU, WAU and MAU of every group on every day from `first` to `last`, both included.

    `seen` must hold all user-days from `first - 27` to `last`; others are harmless.
    """
    ordered = _in_order(seen)
    span = (group_count, first, last)
    return ActiveUsers(
        first_day=first,
        dau=_rolling(ordered, DAU_DAYS, *span),
        wau=_rolling(ordered, WAU_DAYS, *span),
        mau=_rolling(ordered, MAU_DAYS, *span),
    )


def rolling_users(seen: UserDays, window: int, *, group_count: int, first: int, last: int) -> Ints:
    """Distinct users over the `window` days ending on each day; shape (groups, days)."""
    return _rolling(_in_order(seen), window, group_count, first, last)


def stickiness(dau: Ints, mau: Ints, window: int = MAU_DAYS) -> Floats:
    """The DAU/MAU ratio: mean DAU of the `window` days ending on a day ÷ MAU of that day.

    Along the last axis; `dau` begins `window - 1` days before `mau`. Not a number where MAU is 0.
    """
    sums = np.cumsum(dau, axis=-1, dtype=np.int64)
    ending = sums[..., window - 1 :].copy()
    ending[..., 1:] -= sums[..., :-window]
    return _ratio(ending.astype(np.float64) / window, mau)


def _ratio(upper: Floats, lower: Ints) -> Floats:
    out = np.full(upper.shape, np.nan)
    shares: Floats = np.divide(upper, lower, out=out, where=lower > 0)
    return shares


def _in_order(seen: UserDays) -> UserDays:
    """The same user-days by group, user and day, each once."""
    order = np.lexsort((seen.days, seen.users, seen.groups))
    groups, users, days = seen.groups[order], seen.users[order], seen.days[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(groups) != 0) | (np.diff(users) != 0) | (np.diff(days) != 0)
    return UserDays(groups[fresh], users[fresh], days[fresh])


def _rolling(ordered: UserDays, window: int, group_count: int, first: int, last: int) -> Ints:
    """Islands: a user-day counts on `window` days; each unbroken union is +1 at its start and -1
    after its end, and the running sum of those edges is the count."""
    length = max(last - first + 1, 0)
    edges = np.zeros((group_count, length + 1), dtype=np.int64)
    groups, starts, ends = _islands(ordered, window)
    inside = (ends > first) & (starts <= last)
    groups = groups[inside]
    np.add.at(edges, (groups, np.maximum(starts[inside] - first, 0)), 1)
    np.add.at(edges, (groups, np.minimum(ends[inside] - first, length)), -1)
    return np.cumsum(edges, axis=1)[:, :length]


def _islands(ordered: UserDays, window: int) -> tuple[Ints, Ints, Ints]:
    """Group, first day and day after the last of each stretch in which a user counts."""
    groups, days = ordered.groups, ordered.days
    breaks = (np.diff(groups) != 0) | (np.diff(ordered.users) != 0) | (np.diff(days) > window)
    opens = np.concatenate(([True], breaks)) if len(days) else np.zeros(0, dtype=bool)
    closes = np.concatenate((breaks, [True])) if len(days) else np.zeros(0, dtype=bool)
    return groups[opens], days[opens], days[closes] + window


def local_days(instants: Ints, zone: str) -> Ints:
    """The calendar day in `zone` (IANA name) of each instant, by the zone's own history."""
    if not len(instants):
        return np.zeros(0, dtype=np.int64)
    seconds = np.floor_divide(instants, MICROSECONDS)
    spans = offset_spans(zone, int(seconds.min()), int(seconds.max()))
    offsets = spans.offsets[np.searchsorted(spans.starts, seconds, side="right") - 1]
    return np.floor_divide(seconds + offsets, DAY_SECONDS)


def local_day(instant: datetime, zone: str) -> int:
    """The calendar day of one aware moment, as an ordinal."""
    return ordinal(instant.astimezone(ZoneInfo(zone)).date())


def days_between(first: datetime, last: datetime, zone: str) -> list[int]:
    """Every local day on which a moment from `first` to `last` can lie, ascending.

    Where the clock is put back over midnight a later moment can lie on an earlier day; around a
    change of the clock one day more on either side is named.
    """
    spans = offset_spans(zone, int(first.timestamp()), int(last.timestamp()))
    low, high = sorted((local_day(first, zone), local_day(last, zone)))
    changes = len(spans.starts) > 1 and bool(
        ((spans.starts > first.timestamp()) & (spans.starts <= last.timestamp())).any()
    )
    return list(range(low - changes, high + changes + 1))


def ordinal(day: date) -> int:
    """Days from 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH_ORDINAL)


def offset_spans(zone: str, first: int, last: int) -> OffsetSpans:
    """Every offset from UTC in force between two moments (seconds since 1970), in order."""
    years = range(_year(first), _year(last) + 1)
    changes = [change for year in years for change in _year_spans(zone, year)]
    starts = np.array([start for start, _ in changes], dtype=np.int64)
    offsets = np.array([offset for _, offset in changes], dtype=np.int64)
    kept = np.concatenate(([True], np.diff(offsets) != 0))
    return OffsetSpans(starts[kept], offsets[kept])


@lru_cache(maxsize=4096)
def _year_spans(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """(start, offset) of each stretch of one UTC year. A clock changed twice within an hour is
    not known to exist, so hourly probes find every change and bisection its second."""
    tz = ZoneInfo(zone)
    begin = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(year + 1, 1, 1, tzinfo=UTC).timestamp())
    found = [(begin, _offset(tz, begin))]
    for probe in range(begin + _PROBE_SECONDS, end + 1, _PROBE_SECONDS):
        if _offset(tz, probe) != found[-1][1]:
            change = _change_between(tz, probe - _PROBE_SECONDS, probe)
            found.append((change, _offset(tz, change)))
    return tuple(span for span in found if span[0] < end)


def _change_between(tz: ZoneInfo, low: int, high: int) -> int:
    """The first second in (low, high] with another offset than `low`."""
    before = _offset(tz, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(tz: ZoneInfo, second: int) -> int:
    shift = datetime.fromtimestamp(second, tz).utcoffset()
    return 0 if shift is None else int(shift.total_seconds())


def _year(second: int) -> int:
    return datetime.fromtimestamp(second, UTC).year


_EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
