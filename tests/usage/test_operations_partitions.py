"""Room for the months to come, made by the owner, guarded like every table."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, connections
from django.utils import timezone

from tenancy.scope import tenant_scope
from tests import factories
from tests.usage.stage import make_event, make_source, receive
from usage.models import Event
from usage.operations import make_partitions


@pytest.fixture
def later(committed: None) -> Iterator[date]:
    """A day past every month made so far; what a test makes for it is taken away again."""
    yield date(2091, 11, 5)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^usage_event_209'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")
    connections["owner"].close()


def test_months_ahead_are_made_once(later: date) -> None:
    made = make_partitions(today=later)
    assert (len(made), made[0], made[-1]) == (25, "usage_event_2091_11", "usage_event_2093_11")
    assert make_partitions(today=later) == []


def test_events_of_a_new_month_have_a_guarded_place(later: date) -> None:
    make_partitions(today=later)
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer()
        event = make_event("m1", at="2091-11-30T23:59:59Z")
        receive(make_source(), [event, make_event("m2", at="2091-12-01T00:00Z")])
        assert Event.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM usage_event_2091_11")
        assert cursor.fetchone() == (0,)


def test_the_months_of_the_first_migration_reach_two_years_ahead(committed: None) -> None:
    assert make_partitions(today=timezone.localdate()) == []
