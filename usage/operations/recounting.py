"""Having days counted again: after events became another's, and after people or events went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tenancy.scope import current_tenant_id
from usage.activity import ordinal
from usage.models import DroppedEvents, Touch, UserDay, UserSpan
from usage.operations.clocks import get_clocks, get_states
from usage.operations.counting import keep_spans, whole_history
from usage.operations.holding import hold_night

FORGET_FEATURES = """
DELETE FROM usage_featureuserday f
USING unnest(%(customers)s::uuid[], %(days)s::date[], %(users)s::uuid[])
    AS d(customer_id, day, end_user_id)
WHERE f.tenant_id = %(tenant)s::uuid AND f.customer_id = d.customer_id AND f.day = d.day
    AND f.end_user_id = d.end_user_id
"""
# By the old user's days, which an index finds; it leaps from feature to feature of each.
JOIN_DAYS = """
WITH moving AS (
    SELECT d.customer_id, d.day, d.end_user_id AS old_id, m.new_id, d.events
    FROM unnest(%(olds)s::uuid[], %(news)s::uuid[]) AS m(old_id, new_id)
    CROSS JOIN LATERAL (
        SELECT u.* FROM usage_userday u
        WHERE u.tenant_id = %(tenant)s::uuid AND u.end_user_id = m.old_id
        OFFSET 0
    ) d
), features AS (
    INSERT INTO usage_featureuserday AS f
        (tenant_id, customer_id, day, end_user_id, feature, events)
    SELECT %(tenant)s::uuid, m.customer_id, m.day, m.new_id, o.feature, sum(o.events)
    FROM moving m
    CROSS JOIN LATERAL (
        SELECT u.feature, u.events FROM usage_featureuserday u
        WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = m.customer_id
            AND u.day = m.day AND u.end_user_id = m.old_id
        OFFSET 0
    ) o
    GROUP BY 2, 3, 4, 5
    ON CONFLICT (tenant_id, customer_id, day, end_user_id, feature) DO UPDATE
    SET events = f.events + excluded.events
)
INSERT INTO usage_userday AS d (tenant_id, customer_id, day, end_user_id, events)
SELECT %(tenant)s::uuid, customer_id, day, new_id, sum(events) FROM moving GROUP BY 2, 3, 4
ON CONFLICT (tenant_id, customer_id, day, end_user_id) DO UPDATE
SET events = d.events + excluded.events
"""


@transaction.atomic
def ask_for_recount(customer_ids: Iterable[UUID]) -> list[str]:
    """Touch, for each of these customers, all days on which any of them has events, so that the
    next night counts them. Returns the touches' ids.
    """
    customers = list(customer_ids)
    spans = whole_history(customers)
    if not spans:
        return []
    first, last = min(span.first_at for span in spans), max(span.last_at for span in spans)
    touch = Touch.objects.create(customers=customers, first_at=first, last_at=last)
    return [str(touch.pk)]


@transaction.atomic
def withdraw_recount(touch_ids: list[str], customer_ids: Iterable[UUID]) -> None:
    """Take touches back that no night has seen; after a night, ask to count once more."""
    waiting = Touch.objects.filter(pk__in=touch_ids)
    if waiting.count() == len(touch_ids):
        waiting.delete()
    else:
        ask_for_recount(customer_ids)


@transaction.atomic
def note_dropped(*, before_at: datetime) -> None:
    """Days with events from before this moment are kept as they were counted, whatever comes late.

    To be called with the first deletion of such events, in one transaction.
    """
    row = DroppedEvents.objects.select_for_update().first()
    if row is None:
        DroppedEvents.objects.create(before_at=before_at)
    elif row.before_at < before_at:
        row.before_at = before_at
        row.save(update_fields=["before_at"])


@transaction.atomic
def forget_days(*, end_user_ids: Iterable[UUID]) -> None:
    """Drop every day of these people, and have the numbers of those days computed again.

    Their events must go in the same transaction, or the next night brings the days back.
    """
    hold_night()
    users = list(end_user_ids)
    days = _days_of(users)
    _touch({(customer, day) for customer, day, _user in days})
    _forget_features(days)
    UserDay.objects.filter(end_user_id__in=users).delete()
    UserSpan.objects.filter(end_user_id__in=users).delete()


def join_days(moves: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Give the days of end users to others: (customer, old, new). The next night counts those days
    again wherever their events are still kept."""
    olds = [old for _customer, old, _new in moves]
    days = _days_of(olds)
    _touch({(customer, day) for customer, day, _user in days})
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "olds": [str(old) for old in olds],
        "news": [str(new) for _customer, _old, new in moves],
    }
    with connection.cursor() as cursor:
        cursor.execute(JOIN_DAYS, values)
    _forget_features(days)
    UserDay.objects.filter(end_user_id__in=olds).delete()
    UserSpan.objects.filter(end_user_id__in=olds).delete()
    keep_spans({(customer, new) for customer, _old, new in moves})


def _days_of(users: Sequence[UUID]) -> list[tuple[UUID, date, UUID]]:
    rows = UserDay.objects.filter(end_user_id__in=users)
    return list(rows.values_list("customer_id", "day", "end_user_id"))


def _touch(days: Iterable[tuple[UUID, date]]) -> None:
    """Say of these days that they are to be looked at again."""
    touched = sorted(days)
    owners = {customer_id for customer_id, _day in touched}
    clocks = get_clocks(get_states(owners), owners)
    touches = []
    for customer_id, day in touched:
        start = clocks[customer_id].start_of(ordinal(day))
        moment = datetime.fromtimestamp(start, UTC)
        touches.append(Touch(customers=[customer_id], first_at=moment, last_at=moment))
    Touch.objects.bulk_create(touches)


def _forget_features(days: Iterable[tuple[UUID, date, UUID]]) -> None:
    columns = list(zip(*days, strict=True)) or [(), (), ()]
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(key) for key in columns[0]],
        "days": list(columns[1]),
        "users": [str(key) for key in columns[2]],
    }
    with connection.cursor() as cursor:
        cursor.execute(FORGET_FEATURES, values)
