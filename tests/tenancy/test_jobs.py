"""The queue of record: each run takes effect exactly once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from adoptiq.celery import app
from engagements.models import Customer
from tenancy import jobs, tasks
from tenancy.models import JobRun
from tenancy.scope import current_tenant_id, tenant_scope
from tests.factories import Cast, make_customer

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)


@pytest.fixture
def job() -> Iterator[list[JobRun]]:
    """A job that adds a customer each time it takes effect, and fails while told to."""
    performed: list[JobRun] = []

    def perform(run: JobRun) -> None:
        performed.append(run)
        make_customer(f"by-run-{len(performed)}")
        if run.subject == "poison":
            raise ValueError("bad input")

    jobs.register(jobs.Job("test.job", perform))
    yield performed
    del jobs.JOBS["test.job"]


def add(cast: Cast, subject: str = "") -> JobRun:
    return jobs.add_run(
        tenant_id=cast.tenant.pk, job="test.job", business_date=DAY, now=NOW, subject=subject
    )


def lease(run: JobRun, now: datetime = NOW) -> JobRun:
    held = jobs.take_lease(run_id=run.pk, now=now)
    assert held is not None
    return held


def customers_made(cast: Cast) -> int:
    with tenant_scope(cast.tenant.pk):
        return Customer.objects.filter(external_id__startswith="by-run").count()


def test_adding_twice_makes_one_run(cast: Cast) -> None:
    assert add(cast).pk == add(cast).pk


def test_a_run_is_held_by_one_worker_at_a_time(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    lease(run)
    assert jobs.take_lease(run_id=run.pk, now=NOW + timedelta(minutes=1)) is None


def test_a_dead_workers_run_is_taken_over_after_its_lease(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    lease(run)
    later = NOW + jobs.LEASE + timedelta(seconds=1)
    assert [found.pk for found in jobs.overlooked_runs(now=later)] == [run.pk]
    assert lease(run, later).attempt == 2


def test_a_done_run_is_not_done_again(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    for _delivery in range(3):
        tasks.run_job(run_id=str(run.pk))
    assert len(job) == customers_made(cast) == 1


def test_whoever_lost_the_lease_leaves_nothing_behind(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    slow = lease(run)
    later = NOW + jobs.LEASE + timedelta(seconds=1)
    fast = lease(run, later)
    jobs.perform_run(run=fast, clock=lambda: later)
    with pytest.raises(jobs.LostLease):
        jobs.perform_run(run=slow, clock=lambda: later)
    assert customers_made(cast) == 1


def test_a_poison_run_is_parked_after_three_attempts(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast, "poison")
    for _attempt in range(5):
        JobRun.objects.filter(pk=run.pk).update(due_at=NOW)
        tasks.run_job(run_id=str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.attempt, len(job)) == (JobRun.State.PARKED, 3, 3)
    assert run.error == "ValueError: bad input"
    assert customers_made(cast) == 0


def test_a_failed_run_waits_before_the_next_attempt(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast, "poison")
    tasks.run_job(run_id=str(run.pk))
    assert jobs.take_lease(run_id=run.pk, now=datetime.now(UTC)) is None


def test_the_next_step_is_added_with_the_mark_done(cast: Cast, job: list[JobRun]) -> None:
    jobs.register(jobs.Job("test.first", lambda run: None, then="test.job"))
    first = jobs.add_run(tenant_id=cast.tenant.pk, job="test.first", business_date=DAY, now=NOW)
    following = jobs.perform_run(run=lease(first), clock=lambda: NOW)
    assert following is not None
    assert (following.job, following.business_date) == ("test.job", DAY)
    del jobs.JOBS["test.first"]


def test_a_tenant_task_needs_its_tenant(db: None) -> None:
    class Probe(tasks.TenantTask):
        name = "test.probe"

        def run(self, **kwargs: object) -> object:
            return current_tenant_id()

    probe = app.register_task(Probe())
    with pytest.raises(TypeError, match="tenant_id"):
        probe()
    tenant_id = UUID(int=1)
    assert probe(tenant_id=str(tenant_id)) == tenant_id
