"""The night of usage against an independent computation with pandas."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from django.db import connections

from engagements.models import Customer
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.paths import DATA
from tests.usage.stage import make_event, make_source, receive
from usage.models import DailyUse, Event, Touch, UsageState, UserDay
from usage.operations import close_days, import_usage_file

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


def expected(path: Path, zone: str, last: date) -> dict[tuple[str, date], tuple[int, ...]]:
    """(customer, day) -> dau, wau, mau, events, by sets of names and nothing of ours."""
    table = pd.read_csv(path).drop_duplicates("message_id")
    moments = pd.to_datetime(table["timestamp"], utc=True).dt.tz_convert(zone)
    table["day"] = moments.dt.date
    found = {}
    for customer, rows in table.groupby("customer_id"):
        users = rows.groupby("day")["user_id"].agg(set).to_dict()
        events = rows.groupby("day").size().to_dict()
        day = min(users)
        while day <= last:
            windows = [
                set().union(*(users.get(day - timedelta(days=n), set()) for n in range(length)))
                for length in (1, 7, 28)
            ]
            found[customer, day] = (*map(len, windows), events.get(day, 0))
            day += timedelta(days=1)
    return found


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Sydney"])
def test_the_numbers_of_the_real_log_equal_pandas(cast: Cast, zone: str) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(time_zone=zone)
    read(cast.tenant)
    with tenant_scope(cast.tenant.pk):
        close_days(business_date=LAST, now=NOW)
        stored = {
            (key, day): values
            for key, day, *values in DailyUse.objects.values_list(
                "customer__external_id", "day", "dau", "wau", "mau", "events"
            )
        }
    wanted = {key: list(values) for key, values in expected(LOG, zone, LAST).items()}
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


@pytest.mark.parametrize("seed", range(8))
def test_nights_over_any_sequence_of_events_equal_a_full_recount(scoped: Cast, seed: int) -> None:
    """In order, late, repeated, with empty weeks, clocks changing and zones moved."""
    random, source = Random(seed), make_source()
    zones = ["Europe/Oslo", "America/St_Johns", "Pacific/Auckland", "UTC"]
    last = date(2026, 9, 20)
    for _night in range(6):
        last += timedelta(days=random.choice([1, 1, 3, 30]))
        end = datetime(last.year, last.month, last.day, 14, tzinfo=UTC)
        events = [
            make_event(
                f"m{random.randrange(400)}",
                user=f"u{random.randrange(6)}",
                at=(
                    end - timedelta(hours=random.choice([5, 40, 900]) * random.random())
                ).isoformat(),
                group_id=random.choice(["halden", "solberg"]),
            )
            for _event in range(random.choice([0, 5, 40]))
        ]
        receive(source, events, end)
        if random.random() < 0.3:
            Customer.objects.filter(pk=scoped.customer.pk).update(time_zone=random.choice(zones))
        night(last.isoformat())
    assert stored() == recounted(last)
    assert Touch.objects.count() == 0


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


def test_a_late_event_changes_only_the_days_its_window_reaches(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-08-01T10:00Z")])
    night("2026-11-20")
    receive(source, [make_event("m2", user="bob", at="2026-09-01T10:00Z")])
    assert night("2026-11-20").days == 28
    assert stored() == recounted(date(2026, 11, 20))


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


def test_an_event_of_the_open_day_is_counted_once_the_day_is_over(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-11-20T10:00Z")])
    night("2026-11-19", now="2026-11-20T11:00Z")
    assert stored() == {}
    receive(source, [make_event("m2", at="2026-11-20T12:00Z")])
    night("2026-11-20", now="2026-11-21T11:00Z")
    assert stored() == {("halden", date(2026, 11, 20)): (1, 1, 1, 2)}


def test_an_hour_that_happens_twice_stays_on_its_day(scoped: Cast) -> None:
    """Newfoundland put its clocks back at one minute past midnight: 00:00:30, then 23:01 again."""
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="America/St_Johns")
    moments = ["2010-11-07T02:30:30Z", "2010-11-07T02:31:00Z", "2010-11-07T03:29:59Z"]
    receive(make_source(), [make_event(f"m{n}", at=at) for n, at in enumerate(moments)])
    night("2010-11-08")
    found = {day: values[3] for (_key, day), values in stored().items()}
    assert found == {date(2010, 11, 6): 2, date(2010, 11, 7): 1, date(2010, 11, 8): 0}


def test_another_workspace_is_left_alone(cast: Cast) -> None:
    for tenant in (cast.tenant, cast.other_tenant):
        with tenant_scope(tenant.pk):
            receive(make_source(creates_customers=True), [make_event("m1")])
    with tenant_scope(cast.tenant.pk):
        night("2026-11-20")
    with tenant_scope(cast.other_tenant.pk):
        assert (Touch.objects.count(), DailyUse.objects.count()) == (1, 0)


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
