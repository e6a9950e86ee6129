"""What a source sends: its last requests, its keys, and how much came hour by hour or day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engagements.models import Customer
from tenancy import meters
from usage.adapters.passing import COUNTED, Passed, unpacked
from usage.models import GroupName, IntakeHour, Source, SourceKey

HOUR_SECONDS = 3_600
ONE_DAY = timedelta(days=1)
# So many hours are still with the counter; what was written down of them is as old as the night.
LIVE_HOURS = 80
HOURS_SHOWN, DAYS_SHOWN = 48, 30
REVOKED_SHOWN = 5
ONLY = ("taken", "aside", "refused")


@dataclass(frozen=True, slots=True)
class RequestList:
    """The last requests of a source, newest first, and how many there are of each kind.

    `is_known` is false while nobody can say, which happens when the memory is away.
    """

    rows: tuple[Passed, ...]
    counts: dict[str, int]
    is_known: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class VolumePoint:
    """What came in one hour, or in one day of the workspace's calendar. `requests`, `refused` and,
    of these, `wrong_key` count requests, the others items."""

    starts_at: datetime
    requests: int = 0
    accepted: int = 0
    repeated: int = 0
    put_aside: int = 0
    told: int = 0
    left_out: int = 0
    refused: int = 0
    wrong_key: int = 0

    @property
    def items(self) -> int:
        return self.accepted + self.repeated + self.put_aside + self.told + self.left_out


@dataclass(frozen=True, slots=True)
class Volume:
    """Points without gaps, oldest first; the last one is still going on."""

    points: tuple[VolumePoint, ...]
    by_hour: bool
    total: VolumePoint

    @property
    def is_empty(self) -> bool:
        return not self.total.requests


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source with its live keys, the newest first, and those revoked last."""

    source: Source
    keys: tuple[SourceKey, ...]
    revoked: tuple[SourceKey, ...] = ()

    @property
    def last_used_at(self) -> datetime | None:
        return max((key.last_used_at for key in self.keys if key.last_used_at), default=None)


@dataclass(frozen=True, slots=True)
class Understood:
    """A request and the customer its first event was for, where the group it names is known."""

    request: Passed
    customer: Customer | None


def get_source_page(*, source: Source) -> SourcePage:
    keys = SourceKey.objects.filter(source_id=source.pk)
    revoked = keys.exclude(revoked_at=None).order_by("-revoked_at")[:REVOKED_SHOWN]
    return SourcePage(source, tuple(keys.filter(revoked_at=None)), tuple(revoked))


def get_requests(*, source_id: UUID, only: str = "") -> RequestList:
    """What was asked of a source last; `only` is one of ONLY or empty for all."""
    entries = meters.last_entries(door=str(source_id))
    rows = [unpacked(entry) for entry in entries or ()]
    counts = Counter(row.state for row in rows)
    shown = tuple(row for row in rows if only in ("", row.state))
    return RequestList(shown, {state: counts[state] for state in ONLY}, entries is not None)


def get_request(*, source_id: UUID, request_id: str) -> Understood | None:
    """One of the last requests; None when it is not among them any more."""
    rows = get_requests(source_id=source_id).rows
    found = next((row for row in rows if row.id == request_id), None)
    return None if found is None else understood(found)


def get_first_request(*, source_id: UUID, since: datetime) -> Understood | None:
    """The newest request with items since a moment, or the newest refused one without any."""
    rows = [row for row in get_requests(source_id=source_id).rows if row.at >= since]
    found = next((row for row in rows if row.items), rows[0] if rows else None)
    return None if found is None else understood(found)


def understood(request: Passed) -> Understood:
    said = request.first.get("group", "")
    if not said:
        return Understood(request, None)
    name = GroupName.objects.select_related("customer").filter(said=said).first()
    customer = Customer.objects.filter(external_id=said).first()
    return Understood(request, customer or (name.customer if name else None))


def get_volume(*, source_id: UUID, by_hour: bool, time_zone: str, now: datetime) -> Volume:
    """The last two days hour by hour, or the last thirty days day by day, as of now."""
    zone = ZoneInfo(time_zone)
    starts = _hours(now) if by_hour else _days(now.astimezone(zone).date(), zone)
    counts = _counted(source_id, starts[0], now)
    place = _hour_start if by_hour else _day_start(zone)
    sums: dict[datetime, Counter[str]] = {start: Counter() for start in starts}
    for hour, numbers in counts.items():
        if (start := place(hour)) in sums:
            sums[start].update(numbers)
    points = tuple(VolumePoint(start, **sums[start]) for start in starts)
    total: Counter[str] = Counter()
    for numbers in sums.values():
        total.update(numbers)
    return Volume(points, by_hour, VolumePoint(starts[0], **total))


def _hours(now: datetime) -> list[datetime]:
    latest = int(now.timestamp()) // HOUR_SECONDS
    return [_moment(hour) for hour in range(latest - HOURS_SHOWN + 1, latest + 1)]


def _days(today: date, zone: ZoneInfo) -> list[datetime]:
    days = [today - ONE_DAY * ago for ago in reversed(range(DAYS_SHOWN))]
    return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]


def _hour_start(moment: datetime) -> datetime:
    return moment


def _day_start(zone: ZoneInfo) -> Callable[[datetime], datetime]:
    def start(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        return datetime(local.year, local.month, local.day, tzinfo=zone)

    return start


def _counted(source_id: UUID, since: datetime, now: datetime) -> dict[datetime, Counter[str]]:
    """By hour. What the counter says of an epoch is newer than what was written down of it."""
    latest = int(now.timestamp()) // HOUR_SECONDS
    hours = range(latest - LIVE_HOURS, latest + 1)
    found = {(row.starts_at, row.epoch): _numbers(row) for row in _rows(source_id, since)}
    for tally in meters.tallies(door=str(source_id), hours=hours):
        known = {name: number for name, number in tally.counts.items() if name in COUNTED}
        found[_moment(tally.hour), tally.epoch] = known
    sums: dict[datetime, Counter[str]] = {}
    for (hour, _epoch), numbers in found.items():
        if hour >= since:
            sums.setdefault(hour, Counter()).update(numbers)
    return sums


def _rows(source_id: UUID, since: datetime) -> Iterable[Any]:
    return IntakeHour.objects.filter(source_id=source_id, starts_at__gte=since)


def _numbers(row: IntakeHour) -> dict[str, int]:
    return {name: getattr(row, name) for name in COUNTED}


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * HOUR_SECONDS, UTC)
