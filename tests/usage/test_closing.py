"""The night of usage against an independent computation with pandas."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from engagements.models import Customer, EndUser
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.paths import DATA
from tests.usage import by_pandas
from tests.usage.stage import make_event, make_source, receive
from usage.models import (
    DailyUse,
    Event,
    FeatureUserDay,
    Touch,
    UsageState,
    UserDay,
    UserSpan,
)
from usage.operations import (
    close_days,
    forget_days,
    import_usage_file,
    join_people,
    note_dropped,
)

LOG = DATA / "usage" / "product_usage.csv.gz"
NOW = datetime(2017, 2, 1, 12, tzinfo=UTC)
LAST = date(2017, 1, 31)


def read(tenant: Tenant, path: Path = LOG):
    return import_usage_file(
        tenant_id=tenant.pk,
        path=path,
        mapping={},
        now=datetime.now(UTC),
        report=lambda outcome, percent: None,
        note=lambda errors: None,
    )


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Sydney"])
def test_the_numbers_of_the_real_log_equal_pandas(cast: Cast, zone: str) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(time_zone=zone)
    read(cast.tenant)
    wanted = by_pandas.numbers(LOG, zone, LAST)
    with tenant_scope(cast.tenant.pk):
        close_days(business_date=LAST, now=NOW)
        assert by_pandas.stored_days() == by_pandas.user_days(LOG, zone)
        stored = {
            (key, day): tuple(values)
            for key, day, *values in DailyUse.objects.values_list(
                "customer__external_id", "day", *by_pandas.NAMES
            )
        }
    assert len(wanted) > 20_000
    assert stored == wanted


@pytest.fixture
def scoped(cast: Cast):
    with tenant_scope(cast.tenant.pk):
        yield cast


def stored() -> dict[tuple[str, date], tuple[int, ...]]:
    rows = DailyUse.objects.values_list(
        "customer__external_id", "day", "dau", "wau", "mau", "events"
    )
    return {(key, day): tuple(values) for key, day, *values in rows}


def recounted(last: date) -> dict[tuple[str, date], tuple[int, ...]]:
    """All closed days from the events themselves, in each customer's present time zone."""
    found: dict[tuple[str, date], tuple[int, ...]] = {}
    for customer in Customer.objects.all():
        users: dict[date, list[Any]] = {}
        for moment, user in Event.objects.filter(customer=customer).values_list(
            "occurred_at", "end_user_id"
        ):
            users.setdefault(moment.astimezone(customer.zone).date(), []).append(user)
        if not users:
            continue
        for step in range((last - min(users)).days + 1):
            day = min(users) + timedelta(days=step)
            found[customer.external_id, day] = (
                *(
                    len({u for n in range(w) for u in users.get(day - timedelta(days=n), [])})
                    for w in (1, 7, 28)
                ),
                len(users.get(day, [])),
            )
    return found


def night(last: str, now: str = "2026-12-31T12:00Z") -> Any:
    moment = datetime.fromisoformat(now).astimezone(UTC)
    return close_days(business_date=date.fromisoformat(last), now=moment)


def test_days_outlive_their_events(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event(f"m{n}", at=f"2026-{n:02}-05T10:00Z") for n in (6, 8, 10)])
    night("2026-11-20")
    before = stored()
    cut = datetime(2026, 9, 1, tzinfo=UTC)
    note_dropped(before_at=cut)
    Event.objects.filter(occurred_at__lt=cut).delete()
    receive(source, [make_event("m0", user="bob", at="2026-08-05T10:00Z")])
    receive(source, [make_event("m9", user="bob", at="2026-09-05T10:00Z")])
    night("2026-11-20")
    changed = {day for (_key, day), values in stored().items() if before["halden", day] != values}
    assert (min(changed), len(changed)) == (date(2026, 9, 5), 28)
    # Somebody who is erased goes from those days as well.
    forget_days(end_user_ids=[EndUser.objects.get(external_id="ann").pk])
    Event.objects.filter(end_user__external_id="ann").delete()
    night("2026-11-20")
    assert {day.month for _key, day in stored()} == {9, 10, 11}
    assert UserSpan.objects.get().first_day == date(2026, 9, 5)


def test_somebody_joined_keeps_days_whose_events_are_gone(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", user="device", at="2026-06-05T10:00Z")])
    receive(source, [make_event("m2", user="ann", at="2026-06-05T11:00Z")])
    night("2026-11-20")
    note_dropped(before_at=datetime(2026, 9, 1, tzinfo=UTC))
    Event.objects.all().delete()
    receive(source, [make_event("m3", user="ann", anonymous_id="device", at="2026-11-01T10:00Z")])
    join_people(now=NOW)
    night("2026-11-20")
    assert stored()["halden", date(2026, 6, 5)] == (1, 1, 1, 2)
    assert [row.events for row in FeatureUserDay.objects.order_by("day")] == [2, 1]


def test_a_night_run_again_changes_nothing(scoped: Cast) -> None:
    receive(make_source(), [make_event("m1"), make_event("m2", user="bob", at="2026-11-03T08:00Z")])
    night("2026-11-20")
    before = stored()
    assert night("2026-11-20").days == 0
    assert stored() == before


def test_a_night_for_an_earlier_day_takes_nothing_back(scoped: Cast) -> None:
    receive(make_source(), [make_event("m1")])
    night("2026-11-20")
    before = stored()
    night("2026-11-10")
    assert stored() == before
    assert UsageState.objects.get().closed_day == date(2026, 11, 20)


def test_an_event_before_the_first_known_day_brings_its_empty_days(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-11-01T10:00Z")])
    night("2026-11-20")
    receive(source, [make_event("m2", at="2026-06-01T10:00Z")])
    night("2026-11-20")
    assert stored() == recounted(date(2026, 11, 20))


def test_the_day_that_is_open_in_the_customers_zone_is_not_closed(scoped: Cast) -> None:
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="Pacific/Honolulu")
    receive(make_source(), [make_event("m1", at="2026-11-19T20:00Z")])
    # 21 November everywhere in Europe, but still the 20th in Honolulu.
    night("2026-11-20", now="2026-11-21T08:00Z")
    assert max(day for _key, day in stored()) == date(2026, 11, 19)
    night("2026-11-20", now="2026-11-21T11:00Z")
    assert max(day for _key, day in stored()) == date(2026, 11, 20)


def test_another_workspace_is_left_alone(cast: Cast) -> None:
    for tenant in (cast.tenant, cast.other_tenant):
        with tenant_scope(tenant.pk):
            receive(make_source(creates_customers=True), [make_event("m1")])
    with tenant_scope(cast.tenant.pk):
        night("2026-11-20")
    with tenant_scope(cast.other_tenant.pk):
        assert (Touch.objects.count(), DailyUse.objects.count()) == (1, 0)


def test_what_the_version_before_this_one_notes_is_counted_as_well(scoped: Cast) -> None:
    """It goes on writing for some seconds when a new one is rolled out."""
    receive(make_source(creates_customers=True), [make_event("m1"), make_event("m2", user="bob")])
    Touch.objects.update(customers=[])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE usage_touch SET customer_id = %s", [str(scoped.customer.pk)])
    night("2026-11-20")
    assert UserDay.objects.count() == 2


def test_nights_and_senders_at_the_same_time_lose_nothing(committed: None) -> None:
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer()
        source = make_source()
    done = threading.Event()

    def send() -> None:
        for number in range(25):
            with tenant_scope(tenant.pk):
                at = f"2026-11-{number % 5 + 1:02}T10:00Z"
                receive(source, [make_event(f"m{number}", user=f"u{number % 7}", at=at)])
        connections.close_all()

    def close() -> None:
        while not done.is_set():
            with tenant_scope(tenant.pk):
                night("2026-11-10")
        connections.close_all()

    senders = [threading.Thread(target=send)]
    nights = [threading.Thread(target=close) for _night in range(2)]
    for thread in [*senders, *nights]:
        thread.start()
    for thread in senders:
        thread.join()
    done.set()
    for thread in nights:
        thread.join()
    with tenant_scope(tenant.pk):
        night("2026-11-10")
        assert stored() == recounted(date(2026, 11, 10))
        assert UserDay.objects.count() == 25


def test_senders_do_not_wait_for_a_night_that_has_not_ended(committed: None) -> None:
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer()
        source = make_source()
        receive(source, [make_event("m1")])

    def send() -> None:
        with tenant_scope(tenant.pk), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            receive(source, [make_event("m2"), make_event("m3", user="new")])
        connections.close_all()

    sender = threading.Thread(target=send)
    with tenant_scope(tenant.pk):
        night("2026-11-10")
        sender.start()
        sender.join()
    with tenant_scope(tenant.pk):
        assert Event.objects.count() == 3
        night("2026-11-10")
        assert stored() == recounted(date(2026, 11, 10))


def test_a_night_cut_short_leaves_everything_as_it_was(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), [make_event("m1")])

    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), tenant_scope(cast.tenant.pk):
        night("2026-11-20")
        raise PowerCut
    with tenant_scope(cast.tenant.pk):
        assert (Touch.objects.count(), UserDay.objects.count(), stored()) == (1, 0, {})
        night("2026-11-20")
        assert stored() == recounted(date(2026, 11, 20))
