"""Months of events: made ahead, guarded like every table, and emptied once nobody keeps them."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.usage.stage import make_event, make_source, receive
from usage.models import (
    DailyUse,
    DroppedEvents,
    Event,
    Receipt,
    Source,
    SpentReceipts,
    UserDay,
)
from usage.operations import change_retention, close_days, empty_months, make_partitions
from usage.operations.holding import LOCK

ONE_DAY = timedelta(days=1)


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


# --- months that nobody keeps -------------------------------------------------------------------


@pytest.fixture
def two(committed: None) -> tuple[Tenant, Tenant]:
    """Two workspaces with events of one month two years ago, its days counted."""
    tenants = factories.make_tenant("acme"), factories.make_tenant("beta")
    for tenant in tenants:
        with tenant_scope(tenant.pk):
            factories.make_customer()
            receive(make_source(), [old(n) for n in range(3)], timezone.now())
            close_days(business_date=timezone.localdate() - ONE_DAY, now=timezone.now())
    return tenants


def old(number: int, years: int = 2) -> Any:
    day = timezone.now().astimezone(UTC).replace(day=5 + number)
    return make_event(f"m{number}", at=day.replace(year=day.year - years).isoformat())


def empty(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant.pk):
        return empty_months(business_date=timezone.localdate(), now=timezone.now())


def keep(tenant: Tenant, months: int | None) -> None:
    with tenant_scope(tenant.pk):
        change_retention(months=months)


def stored(tenant: Tenant) -> tuple[int, int, int]:
    with tenant_scope(tenant.pk):
        return (
            Event.objects.count(),
            UserDay.objects.count(),
            DailyUse.objects.exclude(dau=0).count(),
        )


def test_a_month_goes_at_once_when_the_last_workspace_lets_it_go(
    two: tuple[Tenant, Tenant],
) -> None:
    acme, beta = two
    assert empty(acme) == []
    keep(acme, 12)
    assert empty(acme) == []
    assert stored(acme) == (3, 3, 3)
    keep(beta, 36)
    assert empty(acme) == []
    keep(beta, 13)
    name = timezone.now().astimezone(UTC).strftime(f"usage_event_{timezone.now().year - 2}_%m")
    assert empty(acme) == [name]
    assert empty(acme) == empty(beta) == []
    for tenant in two:
        assert stored(tenant) == (0, 3, 3)
        with tenant_scope(tenant.pk):
            assert len(SpentReceipts.objects.get().ids) == Receipt.objects.count() == 3
            assert DroppedEvents.objects.get().before_at > old(2).occurred_at


def test_what_is_sent_again_is_known_and_days_stay_as_counted(two: tuple[Tenant, Tenant]) -> None:
    acme, beta = two
    keep(acme, 12)
    keep(beta, 12)
    empty(acme)
    with tenant_scope(beta.pk):
        source = Source.objects.get()
        assert receive(source, [old(1)], timezone.now()).left_out == 1
        change_retention(months=None)
        # Known by their receipts; a new one has its place, and does not bring the day down.
        assert receive(source, [old(1)], timezone.now()).new == 0
        late = make_event("late", "bo", at=old(1).occurred_at.isoformat())
        assert receive(source, [late], timezone.now()).new == 1
        close_days(business_date=timezone.localdate() - ONE_DAY, now=timezone.now())
    assert stored(beta) == (1, 3, 3)
    assert empty(acme) == []


def test_a_month_somebody_counts_or_writes_waits_for_another_night(
    two: tuple[Tenant, Tenant],
) -> None:
    acme, beta = two
    keep(acme, 12)
    keep(beta, 12)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(LOCK, [str(beta.pk)])
        assert empty(acme) == []
    assert stored(acme)[0] == stored(beta)[0] == 3
    assert len(empty(acme)) == 1
