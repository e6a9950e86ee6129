"""User-days counted from events: only the days that something touched, each from scratch.

A day is counted again rather than added to, so counting twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import (
    DAY_SECONDS,
    date_of,
    days_between,
    local_day,
    offset_spans,
    ordinal,
)
from usage.models import Exclusion
from usage.queries.exclusions import get_excluded

# No zone is further from UTC; a wider search only reads events that are then sorted out by day.
WIDEST_OFFSET_SECONDS = 26 * 3600

TAKE_TOUCHES = """
DELETE FROM usage_touch WHERE tenant_id = %(tenant)s::uuid RETURNING customer_id, first_at, last_at
"""
EVER_TOUCHED = """
SELECT customer_id, min(occurred_at), max(occurred_at) FROM usage_event
WHERE tenant_id = %(tenant)s::uuid AND customer_id = ANY(%(customers)s::uuid[])
GROUP BY customer_id
"""
# Laterals keep to one index range a stretch or piece, whatever the planner believes about tables it
# has not counted yet; joins could compare everything with everything.
FORGET = """
DELETE FROM usage_userday WHERE ctid = ANY (ARRAY(
    SELECT f.ctid
    FROM unnest(%(customers)s::uuid[], %(firsts)s::date[], %(lasts)s::date[])
        AS s(customer_id, first_day, last_day)
    CROSS JOIN LATERAL (
        SELECT d.ctid FROM usage_userday d
        WHERE d.tenant_id = %(tenant)s::uuid AND d.customer_id = s.customer_id
            AND d.day BETWEEN s.first_day AND s.last_day
        OFFSET 0
    ) f
))
"""
COUNT = """
INSERT INTO usage_userday (tenant_id, customer_id, day, end_user_id, events)
SELECT %(tenant)s::uuid, p.customer_id, c.day, c.end_user_id, sum(c.events)
FROM unnest(%(customers)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
            %(offsets)s::integer[], %(firsts)s::date[], %(lasts)s::date[])
     AS p(customer_id, starts_at, ends_at, shift, first_day, last_day)
CROSS JOIN LATERAL (
    SELECT e.end_user_id, count(*) AS events,
           (e.occurred_at AT TIME ZONE 'UTC' + make_interval(secs => p.shift))::date AS day
    FROM usage_event e
    WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = p.customer_id
        AND e.occurred_at >= p.starts_at AND e.occurred_at < p.ends_at
        AND e.end_user_id <> ALL (%(excluded)s::uuid[])
    GROUP BY 1, 3
) c
WHERE c.day BETWEEN p.first_day AND p.last_day
GROUP BY 2, 3, 4
"""

BOUNDS = """
SELECT w.customer_id, f.day, l.day FROM unnest(%(customers)s::uuid[]) AS w(customer_id)
CROSS JOIN LATERAL (
    SELECT d.day FROM usage_userday d
    WHERE d.tenant_id = %(tenant)s::uuid AND d.customer_id = w.customer_id
    ORDER BY d.day LIMIT 1
) f
CROSS JOIN LATERAL (
    SELECT d.day FROM usage_userday d
    WHERE d.tenant_id = %(tenant)s::uuid AND d.customer_id = w.customer_id
    ORDER BY d.day DESC LIMIT 1
) l
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive local days of one customer, both ends included."""

    customer_id: UUID
    time_zone: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments between which events of a customer arrived."""

    customer_id: UUID
    first_at: datetime
    last_at: datetime


def take_touches() -> list[Span]:
    """What arrived since the last time, taken away in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TOUCHES, {"tenant": str(current_tenant_id())})
        return [Span(*row) for row in cursor.fetchall()]


def whole_history(customers: Sequence[UUID]) -> list[Span]:
    """From the first to the last event of each customer that has any."""
    if not customers:
        return []
    tenant, wanted = str(current_tenant_id()), [str(key) for key in customers]
    with connection.cursor() as cursor:
        cursor.execute(EVER_TOUCHED, {"tenant": tenant, "customers": wanted})
        return [Span(*row) for row in cursor.fetchall()]


def stretches_of(spans: Iterable[Span], zones: dict[UUID, str]) -> list[Stretch]:
    """The local days that spans lie on, merged where they meet."""
    days: dict[UUID, set[int]] = {}
    for span in spans:
        touched = days_between(span.first_at, span.last_at, zones[span.customer_id])
        days.setdefault(span.customer_id, set()).update(touched)
    return [
        Stretch(customer_id, zones[customer_id], date_of(first), date_of(last))
        for customer_id, known in sorted(days.items())
        for first, last in merged(sorted(known))
    ]


def merged(days: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending days as ranges without gaps."""
    ranges: list[tuple[int, int]] = []
    for day in days:
        if ranges and day <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return ranges


def count_user_days(stretches: Sequence[Stretch]) -> None:
    """Count every user-day of those days from the events."""
    if not stretches:
        return
    tenant = str(current_tenant_id())
    with connection.cursor() as cursor:
        cursor.execute(
            FORGET,
            {
                "tenant": tenant,
                "customers": [str(stretch.customer_id) for stretch in stretches],
                "firsts": [stretch.first for stretch in stretches],
                "lasts": [stretch.last for stretch in stretches],
            },
        )
        out = get_excluded(exclusions=Exclusion.objects.all())
        cursor.execute(
            COUNT, {"tenant": tenant, "excluded": [str(pk) for _, pk in out], **_pieces(stretches)}
        )


def get_bounds(customers: Iterable[UUID]) -> dict[UUID, tuple[date, date]]:
    """First and last day with an event of each customer that has any."""
    tenant, wanted = str(current_tenant_id()), [str(key) for key in customers]
    with connection.cursor() as cursor:
        cursor.execute(BOUNDS, {"tenant": tenant, "customers": wanted})
        return {customer_id: (first, last) for customer_id, first, last in cursor.fetchall()}


def _pieces(stretches: Sequence[Stretch]) -> dict[str, list[object]]:
    """Each stretch cut where its zone changes the clock: within a piece the offset is one."""
    pieces: dict[str, list[object]] = {
        name: [] for name in ("customers", "starts", "ends", "offsets", "firsts", "lasts")
    }
    for stretch in stretches:
        for starts, ends, offset in _cut(stretch):
            pieces["customers"].append(str(stretch.customer_id))
            pieces["starts"].append(datetime.fromtimestamp(starts, UTC))
            pieces["ends"].append(datetime.fromtimestamp(ends, UTC))
            pieces["offsets"].append(offset)
            pieces["firsts"].append(stretch.first)
            pieces["lasts"].append(stretch.last)
    return pieces


def _cut(stretch: Stretch) -> list[tuple[int, int, int]]:
    """(start, end, offset) in seconds since 1970 and from UTC."""
    begin = ordinal(stretch.first) * DAY_SECONDS - WIDEST_OFFSET_SECONDS
    end = (ordinal(stretch.last) + 1) * DAY_SECONDS + WIDEST_OFFSET_SECONDS
    spans = offset_spans(stretch.time_zone, begin, end)
    starts = [max(begin, int(start)) for start in spans.starts]
    ends = [*starts[1:], end]
    return [
        (start, stop, int(offset))
        for start, stop, offset in zip(starts, ends, spans.offsets, strict=True)
        if start < min(stop, end)
    ]


def yesterday(now: datetime, zone: str, latest: date) -> date:
    """The last day that is over in a zone, not after `latest`."""
    return min(date_of(local_day(now, zone) - 1), latest)
