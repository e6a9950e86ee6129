"""Monthly partitions of the events, made ahead.

A function of the owner's makes them, since the app may not make tables; see the migration.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

MONTHS_AHEAD = 24


def make_partitions(*, today: date) -> list[str]:
    """Partitions for this month and the 24 to come; returns the names of those that were missing.

    Safe to repeat, and to run twice at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT usage_make_months(%s, %s)", [today, MONTHS_AHEAD])
        return [name for (name,) in cursor.fetchall()]
