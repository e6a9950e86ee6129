"""User-days counted from events: only the days that something touched, each from scratch.

A day is counted again rather than added to, so counting twice changes nothing. Days whose events
were dropped for their age stay as they were counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tenancy.scope import current_tenant_id
from usage.activity import date_of
from usage.models import DroppedEvents, Exclusion
from usage.numbers.clocks import Clock
from usage.queries.exclusions import get_excluded

# All that begin on one day are one span: nothing lies between them but that day. A customer who is
# gone by now has nothing to be counted. `customer_id` is written by the version before this one.
TAKE_TOUCHES = """
WITH taken AS (
    DELETE FROM usage_touch WHERE tenant_id = %(tenant)s::uuid
    RETURNING customers || customer_id AS customers, first_at, last_at
)
SELECT c.id, min(t.first_at), max(t.last_at)
FROM taken t CROSS JOIN unnest(t.customers) AS named(customer_id)
JOIN engagements_customer c ON c.tenant_id = %(tenant)s::uuid AND c.id = named.customer_id
GROUP BY c.id, date_trunc('day', t.first_at, 'UTC')
"""
# Laterals keep to one index range a stretch or piece, whatever the planner believes about tables it
# has not counted yet; joins could compare everything with everything.
EVENTS_SINCE = """
SELECT w.customer_id, f.occurred_at, l.occurred_at
FROM unnest(%(customers)s::uuid[], %(since)s::timestamptz[]) AS w(customer_id, since)
CROSS JOIN LATERAL (
    SELECT e.occurred_at FROM usage_event e
    WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = w.customer_id
        AND e.occurred_at >= w.since
    ORDER BY e.occurred_at LIMIT 1
) f
CROSS JOIN LATERAL (
    SELECT e.occurred_at FROM usage_event e
    WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = w.customer_id
        AND e.occurred_at >= w.since
    ORDER BY e.occurred_at DESC LIMIT 1
) l
"""
# Whose days went: their spans are looked up again, while new days can only widen one.
NOTE_USERS = """
CREATE TEMPORARY TABLE IF NOT EXISTS usage_left_users (customer_id uuid, end_user_id uuid)
ON COMMIT DELETE ROWS;
DELETE FROM usage_left_users
"""
NAME_USERS = """
INSERT INTO usage_left_users SELECT * FROM unnest(%(customers)s::uuid[], %(users)s::uuid[])
"""
FORGET = """
WITH gone AS (
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
    )) RETURNING customer_id, end_user_id
)
INSERT INTO usage_left_users SELECT DISTINCT customer_id, end_user_id FROM gone
"""
FORGET_FEATURES = """
DELETE FROM usage_featureuserday WHERE ctid = ANY (ARRAY(
    SELECT f.ctid
    FROM unnest(%(customers)s::uuid[], %(firsts)s::date[], %(lasts)s::date[])
        AS s(customer_id, first_day, last_day)
    CROSS JOIN LATERAL (
        SELECT d.ctid FROM usage_featureuserday d
        WHERE d.tenant_id = %(tenant)s::uuid AND d.customer_id = s.customer_id
            AND d.day BETWEEN s.first_day AND s.last_day
        OFFSET 0
    ) f
))
"""
# One reading of the events, with bounds for all, so that the planner opens no other months. Rows go in
# by the order of their keys, beside each other in the index.
COUNT = """
WITH seen AS MATERIALIZED (
    SELECT p.customer_id, c.day, c.end_user_id, c.feature, sum(c.events) AS events
    FROM unnest(%(customers)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
                %(offsets)s::integer[], %(lows)s::date[], %(highs)s::date[])
         AS p(customer_id, starts_at, ends_at, shift, low, high)
    CROSS JOIN LATERAL (
        SELECT e.end_user_id, coalesce(nullif(e.feature, ''), e.name) AS feature,
               count(*) AS events,
               least(greatest((e.occurred_at AT TIME ZONE 'UTC'
                   + make_interval(secs => p.shift))::date, p.low), p.high) AS day
        FROM usage_event e
        WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = p.customer_id
            AND e.occurred_at >= p.starts_at AND e.occurred_at < p.ends_at
            AND e.occurred_at >= %(begin)s AND e.occurred_at < %(end)s
            AND e.end_user_id <> ALL (%(excluded)s::uuid[])
        GROUP BY 1, 2, 4
    ) c
    GROUP BY 1, 2, 4, 3
    ORDER BY 1, 2, 4, 3
), features AS (
    INSERT INTO usage_featureuserday (tenant_id, customer_id, day, end_user_id, feature, events)
    SELECT %(tenant)s::uuid, customer_id, day, end_user_id, feature, events FROM seen
), days AS (
    INSERT INTO usage_userday (tenant_id, customer_id, day, end_user_id, events)
    SELECT %(tenant)s::uuid, customer_id, day, end_user_id, sum(events)
    FROM seen GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
    RETURNING customer_id, end_user_id, day
)
INSERT INTO usage_userspan AS s (tenant_id, customer_id, end_user_id, first_day, last_day)
SELECT %(tenant)s::uuid, customer_id, end_user_id, min(day), max(day) FROM days GROUP BY 2, 3
ON CONFLICT (tenant_id, customer_id, end_user_id) DO UPDATE
SET first_day = least(s.first_day, excluded.first_day),
    last_day = greatest(s.last_day, excluded.last_day)
WHERE excluded.first_day < s.first_day OR excluded.last_day > s.last_day
"""
SPAN = """
INSERT INTO usage_userspan AS s (tenant_id, customer_id, end_user_id, first_day, last_day)
SELECT %(tenant)s::uuid, w.customer_id, w.end_user_id, f.day, l.day
FROM (SELECT DISTINCT customer_id, end_user_id FROM usage_left_users OFFSET 0) w
CROSS JOIN LATERAL (
    SELECT d.customer_id, d.day FROM usage_userday d
    WHERE d.tenant_id = %(tenant)s::uuid AND d.end_user_id = w.end_user_id
    ORDER BY d.day LIMIT 1
) f
CROSS JOIN LATERAL (
    SELECT d.customer_id, d.day FROM usage_userday d
    WHERE d.tenant_id = %(tenant)s::uuid AND d.end_user_id = w.end_user_id
    ORDER BY d.day DESC LIMIT 1
) l
WHERE f.customer_id = w.customer_id AND l.customer_id = w.customer_id
ON CONFLICT (tenant_id, customer_id, end_user_id) DO UPDATE
SET first_day = excluded.first_day, last_day = excluded.last_day
WHERE (s.first_day, s.last_day) <> (excluded.first_day, excluded.last_day)
"""
UNSPAN = """
DELETE FROM usage_userspan WHERE ctid = ANY (ARRAY(
    SELECT f.ctid
    FROM (SELECT DISTINCT customer_id, end_user_id FROM usage_left_users OFFSET 0) w
    CROSS JOIN LATERAL (
        SELECT s.ctid FROM usage_userspan s
        WHERE s.tenant_id = %(tenant)s::uuid AND s.customer_id = w.customer_id
            AND s.end_user_id = w.end_user_id AND NOT EXISTS (
                SELECT FROM usage_userday d
                WHERE d.tenant_id = %(tenant)s::uuid AND d.end_user_id = w.end_user_id
            )
        OFFSET 0
    ) f
))
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
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days of one customer as ordinals, both ends included."""

    customer_id: UUID
    first: int
    last: int


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


def events_since(moments: Mapping[UUID, datetime]) -> list[Span]:
    """From the first to the last event of each customer from a moment on, if it has any."""
    if not moments:
        return []
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(key) for key in moments],
        "since": list(moments.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(EVENTS_SINCE, values)
        return [Span(*row) for row in cursor.fetchall()]


def whole_history(customers: Iterable[UUID]) -> list[Span]:
    """From the first to the last event of each customer that has any."""
    return events_since(dict.fromkeys(customers, BEGINNING))


def stretches_of(spans: Iterable[Span], clocks: Mapping[UUID, Clock]) -> list[Stretch]:
    """The days that spans lie on, merged where they meet."""
    days: dict[UUID, set[int]] = {}
    for span in spans:
        touched = clocks[span.customer_id].days_between(span.first_at, span.last_at)
        days.setdefault(span.customer_id, set()).update(touched)
    return [
        Stretch(customer_id, first, last)
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


def count_user_days(stretches: Iterable[Stretch], clocks: Mapping[UUID, Clock]) -> None:
    """Count every user-day of those days from the events, and since when each user came."""
    countable = _countable(stretches, clocks)
    if not countable:
        return
    days: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(stretch.customer_id) for stretch in countable],
        "firsts": [date_of(stretch.first) for stretch in countable],
        "lasts": [date_of(stretch.last) for stretch in countable],
    }
    out = get_excluded(exclusions=Exclusion.objects.all())
    excluded = {"excluded": [str(pk) for _, pk in out]}
    with connection.cursor() as cursor:
        cursor.execute(NOTE_USERS)
        cursor.execute(FORGET, days)
        were_there = cursor.rowcount > 0
        cursor.execute(FORGET_FEATURES, days)
        if pieces := _pieces(countable, clocks):
            cursor.execute(COUNT, days | excluded | pieces)
        if were_there:
            cursor.execute(SPAN, days)
            cursor.execute(UNSPAN, days)


def keep_spans(users: Iterable[tuple[UUID, UUID]]) -> None:
    """Find the first and last day of (customer, end user) again."""
    rows = [(str(customer), str(user)) for customer, user in users]
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [customer for customer, _user in rows],
        "users": [user for _customer, user in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE_USERS)
        cursor.execute(NAME_USERS, values)
        cursor.execute(SPAN, values)
        cursor.execute(UNSPAN, values)


def _countable(stretches: Iterable[Stretch], clocks: Mapping[UUID, Clock]) -> list[Stretch]:
    """What of the stretches has all its events still."""
    dropped = DroppedEvents.objects.first()
    if dropped is None:
        return list(stretches)
    found = []
    for stretch in stretches:
        first = max(stretch.first, first_whole_day(clocks[stretch.customer_id], dropped.before_at))
        if first <= stretch.last:
            found.append(Stretch(stretch.customer_id, first, stretch.last))
    return found


def first_whole_day(clock: Clock, moment: datetime) -> int:
    """The first day that does not begin before a moment."""
    day = clock.day_of(moment)
    return day if clock.start_of(day) >= moment.timestamp() else day + 1


def get_bounds(customers: Iterable[UUID]) -> dict[UUID, tuple[date, date]]:
    """First and last day with an event of each customer that has any."""
    tenant, wanted = str(current_tenant_id()), [str(key) for key in customers]
    with connection.cursor() as cursor:
        cursor.execute(BOUNDS, {"tenant": tenant, "customers": wanted})
        return {customer_id: (first, last) for customer_id, first, last in cursor.fetchall()}


def _pieces(stretches: Iterable[Stretch], clocks: Mapping[UUID, Clock]) -> dict[str, Any]:
    """Each stretch cut where its customer's clock changes: within a piece the offset is one. Nothing
    where no moment lies on any of these days, as on one that a zone left out."""
    rows = [
        (
            str(stretch.customer_id),
            datetime.fromtimestamp(piece.starts, UTC),
            datetime.fromtimestamp(piece.ends, UTC),
            piece.offset,
            # A bound outside the stretch moves nothing into it, and may be no date at all.
            date_of(piece.low) if piece.low >= stretch.first else date.min,
            date_of(piece.high) if piece.high <= stretch.last else date.max,
        )
        for stretch in stretches
        for piece in clocks[stretch.customer_id].pieces(stretch.first, stretch.last)
    ]
    if not rows:
        return {}
    names = ("customers", "starts", "ends", "offsets", "lows", "highs")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return columns | {"begin": min(columns["starts"]), "end": max(columns["ends"])}


def yesterday(now: datetime, clock: Clock, latest: date) -> date:
    """The last day that is over by a clock, not after `latest`."""
    return min(date_of(clock.day_of(now) - 1), latest)
