"""The night: each workspace once for each of its days, one step after another."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adoptiq import nightly
from tenancy import jobs, tasks
from tenancy.models import JobRun, Tenant
from tests.factories import Cast, make_tenant

STEPS = [name for name, _step in nightly.STEPS]


def tenant_in(zone: str) -> Tenant:
    return make_tenant(zone.rpartition("/")[2].lower().replace("_", "-"), time_zone=zone)


@pytest.mark.parametrize(
    ("zone", "moment", "closed"),
    [
        ("UTC", datetime(2026, 11, 18, 0, 59, tzinfo=UTC), date(2026, 11, 16)),
        ("UTC", datetime(2026, 11, 18, 1, 0, tzinfo=UTC), date(2026, 11, 17)),
        ("Asia/Tokyo", datetime(2026, 11, 17, 16, 0, tzinfo=UTC), date(2026, 11, 17)),
        ("America/New_York", datetime(2026, 11, 18, 5, 59, tzinfo=UTC), date(2026, 11, 16)),
        ("America/New_York", datetime(2026, 11, 18, 6, 0, tzinfo=UTC), date(2026, 11, 17)),
        # The night the clocks go forward in Oslo: 01:00 is at midnight UTC.
        ("Europe/Oslo", datetime(2026, 3, 29, 0, 0, tzinfo=UTC), date(2026, 3, 28)),
    ],
)
def test_a_day_is_closed_by_the_workspaces_clock(
    db: None, zone: str, moment: datetime, closed: date
) -> None:
    assert nightly.closed_day(tenant_in(zone), moment) == closed


@pytest.mark.parametrize(
    "first",
    [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)],
    ids=["spring", "autumn"],
)
def test_each_local_day_gets_one_night_also_over_clock_changes(db: None, first: datetime) -> None:
    """Both changes of Oslo, New York and Lord Howe (by half an hour) lie in these forty days."""
    zones = ("Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
    tenants = {tenant_in(zone).pk for zone in zones}
    for half_hours in range(40 * 48):
        nightly.begin_due_nights(first + timedelta(minutes=30 * half_hours))
    for tenant_id in tenants:
        runs = JobRun.objects.filter(tenant_id=tenant_id, job=nightly.FIRST_STEP)
        days = sorted(runs.values_list("business_date", flat=True))
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert len(days) in (40, 41)


def perform(tenant: Tenant, day: date, now: datetime) -> None:
    run: JobRun | None = nightly.begin_night(tenant=tenant, business_date=day, now=now)
    while run is not None:
        held = jobs.take_lease(run_id=run.pk, now=now)
        assert held is not None
        run = jobs.perform_run(run=held, clock=lambda: now)


def test_the_steps_follow_one_another_and_may_be_repeated(cast: Cast) -> None:
    now = datetime.now(UTC)
    day = nightly.closed_day(cast.tenant, now)
    for _night in range(2):
        perform(cast.tenant, day, now)
        runs = JobRun.objects.filter(tenant=cast.tenant, business_date=day)
        assert sorted(runs.values_list("job", flat=True)) == sorted(STEPS)
        assert set(runs.values_list("state", flat=True)) == {JobRun.State.DONE}


def test_what_the_broker_lost_is_published_again(cast: Cast) -> None:
    now = datetime.now(UTC)
    run = nightly.begin_due_nights(now)[0]
    later = now + jobs.OVERLOOKED_AFTER + timedelta(seconds=1)
    assert run.pk in {found.pk for found in jobs.overlooked_runs(now=later)}


def test_dispatching_twice_begins_each_night_once(cast: Cast) -> None:
    tasks.dispatch_due()
    tasks.dispatch_due()
    first = JobRun.objects.filter(job=nightly.FIRST_STEP)
    assert first.count() == Tenant.objects.count()


def test_looking_costs_the_same_for_few_workspaces_and_for_many(cast: Cast) -> None:
    now = datetime.now(UTC)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            nightly.begin_due_nights(now)
            jobs.overlooked_runs(now=now)
        return len([query for query in asked if "SAVEPOINT" not in query["sql"]])

    first = questions()
    for number in range(30):
        make_tenant(f"many-{number}", time_zone="UTC")
    assert questions() == first
    assert questions() < first
    assert JobRun.objects.filter(job=nightly.FIRST_STEP).count() == Tenant.objects.count()


def test_one_of_two_who_look_at_once_begins_a_night(cast: Cast) -> None:
    now = datetime.now(UTC)
    days = {cast.tenant.pk: date(2026, 1, 5)}
    assert len(jobs.add_runs(job="test.job", days=days, now=now)) == 1
    assert jobs.add_runs(job="test.job", days=days, now=now) == []
