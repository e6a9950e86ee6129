"""What passes the door of a source: held to its limits, remembered for a while, counted for good.

Limits and memory are Valkey's (`tenancy.meters`); the night writes the hours down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tenancy import meters
from usage.adapters.passing import COUNTED, OUTCOMES, Passed, packed
from usage.models import IntakeHour, Source, SourceKey

HOUR_SECONDS = 3_600
HOURS_WRITTEN = 80
KEY_USE_EVERY = timedelta(minutes=1)


def admit_request(*, source: Source, day: date) -> int:
    """Seconds after which the sender should come back; 0 when the request may go on.

    `day` is the workspace's.
    """
    return meters.admit(
        door=str(source.pk),
        a_second=source.requests_a_second,
        a_day=source.events_a_day,
        day=day,
    )


def note_request(*, source_id: UUID, passed: Passed, day: date) -> None:
    """Remember a request and count it. Never fails: what it tells of is stored already."""
    meters.note(
        door=str(source_id),
        entry=packed(passed),
        counts=passed.totals(),
        hour=hour_of(passed.at),
        day=day,
        items=sum(passed.counts.get(name, 0) for name in OUTCOMES),
    )


def note_key_use(*, key: SourceKey, now: datetime) -> None:
    """Note when a key was used last, once in a while. Needs no scope."""
    late = now - KEY_USE_EVERY
    if key.last_used_at is None or key.last_used_at < late:
        rows = SourceKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=late), pk=key.pk)
        rows.update(last_used_at=now)
        # The key is held for a moment, and need not be noted again meanwhile.
        key.last_used_at = now


@transaction.atomic
def keep_hours(*, business_date: date, now: datetime) -> int:
    """Write down what the sources of the workspace sent in the last days, hour by hour.

    Totals replace totals, so that a second time changes nothing. Returns the hours written.
    """
    latest = hour_of(now)
    hours = range(latest - HOURS_WRITTEN, latest + 1)
    rows = [row for source in Source.objects.all() for row in _hours(source, hours)]
    IntakeHour.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "source", "starts_at", "epoch"],
        update_fields=COUNTED,
    )
    return len(rows)


def _hours(source: Source, hours: range) -> Iterable[IntakeHour]:
    for tally in meters.tallies(door=str(source.pk), hours=hours):
        counts = {name: number for name, number in tally.counts.items() if name in COUNTED}
        yield IntakeHour(
            source=source, starts_at=moment_of(tally.hour), epoch=tally.epoch, **counts
        )


def hour_of(moment: datetime) -> int:
    """Hours since 1970."""
    return int(moment.timestamp()) // HOUR_SECONDS


def moment_of(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * HOUR_SECONDS, UTC)
