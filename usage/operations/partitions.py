"""Monthly partitions of the events, made ahead by the role that owns the table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connections, transaction

from tenancy.rls import policies

MONTHS_AHEAD = 24
LOCK = "SELECT pg_advisory_xact_lock(hashtext('usage_event partitions'))"


def make_partitions(*, today: date) -> list[str]:
    """Partitions for this month and the 24 to come; returns the names of those that were missing.

    Needs the owner's connection. Safe to repeat, and to run twice at once.
    """
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'usage_event'::regclass"
        )
        present = {name for (name,) in cursor.fetchall()}
        missing = [
            (name_of(month), month, following)
            for month, following in _months(today)
            if name_of(month) not in present
        ]
        for name, month, following in missing:
            for statement in _making(name, month, following):
                cursor.execute(statement)
    return [name for name, _month, _following in missing]


def name_of(month: date) -> str:
    return f"usage_event_{month:%Y_%m}"


def _months(today: date) -> Iterator[tuple[date, date]]:
    month = today.replace(day=1)
    for _step in range(MONTHS_AHEAD + 1):
        following = (
            month.replace(year=month.year + 1, month=1)
            if month.month == 12
            else month.replace(month=month.month + 1)
        )
        yield month, following
        month = following


def _making(name: str, month: date, following: date) -> list[str]:
    """Made apart and attached, which does not stop readers and writers of the others."""
    bounds = f"FROM ('{month} 00:00+00') TO ('{following} 00:00+00')"
    return [
        f"CREATE TABLE {name} (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        f"ALTER TABLE {name} ADD PRIMARY KEY (tenant_id, customer_id, occurred_at, id)",
        *policies(name, "customer_id"),
        f"ALTER TABLE usage_event ATTACH PARTITION {name} FOR VALUES {bounds}",
    ]
