"""Monthly partitions of the events: made ahead, and emptied once no workspace keeps them.

Functions of the owner's do it, since the app may neither make nor empty tables; see the migrations.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from usage.models import Event
from usage.queries.keeping import get_keeping

MONTHS_AHEAD = 24


def make_partitions(*, today: date) -> list[str]:
    """Partitions for this month and the 24 to come; returns the names of those that were missing.

    Safe to repeat, and to run twice at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT usage_make_months(%s, %s)", [today, MONTHS_AHEAD])
        return [name for (name,) in cursor.fetchall()]


@transaction.atomic
def empty_months(*, business_date: date, now: datetime) -> list[str]:
    """Empty, each at once, the months of which every workspace with events in them has let go;
    returns their partitions. Receipts and days are looked after as by `drop_old_events`, which
    sees to the months that somebody else still keeps.

    Asks nothing where this workspace has nothing to let go. A partition is locked until the
    transaction ends, so nothing else belongs into it.
    """
    since = get_keeping().since(now)
    if since is None or not Event.objects.filter(occurred_at__lt=since).exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT usage_empty_months()")
        return [name for (name,) in cursor.fetchall()]
