"""What a source of the demo sent in the last thirty days, and its last requests."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from uuid import uuid5
from zoneinfo import ZoneInfo

from usage import operations
from usage.adapters.passing import Passed
from usage.models import IntakeHour, Source, SourceKey

DAYS = 30
HOUR = timedelta(hours=1)
LIBRARIES = ("analytics-node 3.1.0", "analytics-python 2.4.0", "posthog-js 1.449.2")
FEATURES = ("Reports", "Work orders", "Inventory", "Approvals")
UNREADABLE = "neither “userId” nor “anonymousId” is given"
TIMELESS = "“2026-11-01T10:00:00” has no time zone: add Z or an offset such as +02:00"


def tell_intake(*, source: Source, time_zone: str, group: str, now: datetime) -> None:
    """Working days rise and fall; one afternoon a release sent items nobody could read."""
    zone = ZoneInfo(time_zone)
    latest = now.replace(minute=0, second=0, microsecond=0)
    moments = [latest - HOUR * ago for ago in range(1, DAYS * 24)]
    hours = [_hour(source, moment, moment.astimezone(zone)) for moment in moments]
    IntakeHour.objects.bulk_create(hour for hour in hours if hour.requests)
    for number in reversed(range(24)):
        passed = _request(source, number, group, now)
        operations.note_request(source_id=source.pk, passed=passed, day=now.astimezone(zone).date())
    SourceKey.objects.filter(source_id=source.pk).update(last_used_at=now - timedelta(minutes=2))


def _hour(source: Source, moment: datetime, local: datetime) -> IntakeHour:
    at_work = math.exp(-(((local.hour + 0.5) - 12.5) ** 2) / 14)
    busy = at_work * (0.12 if local.weekday() >= 5 else 1.0) * (0.9 + 0.1 * math.sin(local.day))
    accepted = round(420 * busy)
    fault = local.day == 12 and 13 <= local.hour <= 16
    return IntakeHour(
        source=source,
        starts_at=moment,
        epoch="demo",
        requests=accepted // 20 + bool(accepted),
        accepted=accepted,
        repeated=accepted // 40,
        told=accepted // 12,
        put_aside=accepted // 3 if fault else 0,
        refused=3 if fault else 0,
    )


def _request(source: Source, number: int, group: str, now: datetime) -> Passed:
    aside, refused = number % 9 == 4, number == 13
    feature = FEATURES[number % len(FEATURES)]
    items = 1 + number * 7 % 20
    counts = {"accepted": items - aside, "put_aside": int(aside), "told": number % 3}
    return Passed(
        id=str(uuid5(source.pk, f"request {number}")),
        at=now - timedelta(minutes=2 + 3 * number, seconds=17 * number % 60),
        path="/v1/batch",
        status=400 if refused else 200,
        library=LIBRARIES[number % len(LIBRARIES)],
        size=310 * items,
        counts={} if refused else counts,
        why=(("the body is not JSON", 1),) if refused else ((_why(number), 1),) if aside else (),
        first={} if refused else _first(feature, group, number, now),
        body='{"batch": [{"type": "track", ' if refused else _body(feature, group, number),
        milliseconds=4.2 + number % 5,
    )


def _why(number: int) -> str:
    return UNREADABLE if number % 2 else TIMELESS


def _first(feature: str, group: str, number: int, now: datetime) -> dict[str, str]:
    return {
        "name": "Feature Used",
        "feature": feature,
        "user": f"user-{number % 7 + 1}",
        "group": group,
        "occurred_at": (now - timedelta(minutes=3 * number + 3)).isoformat(),
    }


def _body(feature: str, group: str, number: int) -> str:
    return (
        f'{{"batch": [{{"type": "track", "event": "Feature Used", "userId": "user-{number % 7 + 1}",'
        f' "context": {{"groupId": "{group}"}}, "properties": {{"feature": "{feature}"}}}}], '
        '"sentAt": "…", "writeKey": "•••"}'
    )
