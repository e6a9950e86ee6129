"""Everything counted again from the events, some customers at a time.

Each portion is one transaction, so pages show the old numbers until the new ones are there. Those
who still wait are marked in the database: whoever is interrupted goes on with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from engagements.models import Customer
from tenancy.scope import current_tenant_id
from usage.activity import ordinal
from usage.models import DailyUse, UsageState, UserSpan
from usage.numbers import DEFINITION_VERSION
from usage.operations.closing import Night, begin_night, count_and_compute
from usage.operations.counting import Stretch, stretches_of, whole_history
from usage.operations.holding import hold_night

NOT_COUNTED = 0
SPANS = """
INSERT INTO usage_userspan (tenant_id, customer_id, end_user_id, first_day, last_day)
SELECT %(tenant)s::uuid, d.customer_id, d.end_user_id, d.first_day, d.last_day
FROM unnest(%(customers)s::uuid[]) AS w(customer_id)
CROSS JOIN LATERAL (
    SELECT u.customer_id, u.end_user_id, min(u.day) AS first_day, max(u.day) AS last_day
    FROM usage_userday u
    WHERE u.tenant_id = %(tenant)s::uuid AND u.customer_id = w.customer_id
    GROUP BY 1, 2
) d
"""


@transaction.atomic
def ask_for_rebuild() -> int:
    """Mark every customer with use as not counted, unless some are waiting already: then an
    earlier rebuild was interrupted and goes on. Returns how many wait.
    """
    hold_night()
    waiting = UsageState.objects.exclude(definition_version=DEFINITION_VERSION)
    if not waiting.exists():
        UsageState.objects.update(definition_version=NOT_COUNTED)
    return waiting.count()


def waiting_for_rebuild() -> list[UUID]:
    """Customers marked as not counted, and those that have no numbers at all."""
    counted = UsageState.objects.filter(definition_version=DEFINITION_VERSION)
    rows = Customer.objects.exclude(pk__in=counted.values("customer_id"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def rebuild_days(*, customer_ids: Sequence[UUID], now: datetime) -> int:
    """Count the whole history of these customers again and compute every closed day of it.

    Days whose events were dropped stay as they were counted. Returns how many days were stored.
    """
    night = begin_night(customer_ids)
    for state in night.states.values():
        state.definition_version = NOT_COUNTED
    DailyUse.objects.filter(customer_id__in=customer_ids).delete()
    done = count_and_compute(night, _everything(night, customer_ids), lambda _clock: date.min, now)
    UserSpan.objects.filter(customer_id__in=customer_ids).delete()
    values: dict[str, Any] = {
        "tenant": str(current_tenant_id()),
        "customers": [str(key) for key in customer_ids],
    }
    with connection.cursor() as cursor:
        cursor.execute(SPANS, values)
    return done.days


def _everything(night: Night, customer_ids: Sequence[UUID]) -> list[Stretch]:
    """From the first day with an event, or said to have one, to the last."""
    bounds: dict[UUID, tuple[int, int]] = {
        key: (ordinal(state.first_day), ordinal(state.last_day))
        for key, state in night.states.items()
    }
    for stretch in stretches_of(whole_history(customer_ids), night.clocks):
        first, last = bounds.get(stretch.customer_id, (stretch.first, stretch.last))
        bounds[stretch.customer_id] = min(first, stretch.first), max(last, stretch.last)
    return [Stretch(key, first, last) for key, (first, last) in sorted(bounds.items())]
