"""The day that is still open: what has come in so far, read from the events themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from engagements.models import Customer
from tenancy.scope import current_tenant_id
from usage.activity import date_of, ordinal
from usage.models import Exclusion, PastClock
from usage.numbers.clocks import Clock
from usage.queries.exclusions import get_excluded

# One range of the events' key: it costs as much as there is of today.
SO_FAR = """
SELECT count(DISTINCT e.end_user_id), count(*), max(e.occurred_at),
    count(DISTINCT coalesce(nullif(e.feature, ''), e.name))
FROM usage_event e
WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = %(customer)s::uuid
    AND e.occurred_at >= %(since)s AND e.end_user_id <> ALL (%(excluded)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class TodaySoFar:
    """A customer's open day up to a moment: it counts whatever was accepted until then, and is no
    day of any series before it is closed."""

    day: date
    as_of: datetime
    users: int
    events: int
    features: int
    last_at: datetime | None


def get_today_so_far(*, customer_id: UUID, now: datetime) -> TodaySoFar:
    """The customer's present day by its own clock. Raises Customer.DoesNotExist."""
    clock = _clock(Customer.objects.get(pk=customer_id))
    day = clock.day_of(now)
    out = get_excluded(exclusions=Exclusion.objects.all())
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customer": str(customer_id),
        "since": datetime.fromtimestamp(clock.start_of(day), UTC),
        "excluded": [str(user) for owner, user in out if owner == customer_id],
    }
    with connection.cursor() as cursor:
        cursor.execute(SO_FAR, values)
        users, events, last_at, features = cursor.fetchone()
    return TodaySoFar(date_of(day), now, users, events, features, last_at)


def _clock(customer: Customer) -> Clock:
    """The customer's zone holds from the first open day on, also before the night has seen it."""
    past = PastClock.objects.filter(customer_id=customer.pk)
    return Clock.of(
        customer.time_zone,
        [(ordinal(row.until_day), int(row.until_at.timestamp()), row.time_zone) for row in past],
    )
