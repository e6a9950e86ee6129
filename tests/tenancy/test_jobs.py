"""The queue of record: each run takes effect exactly once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from adoptiq.celery import app
from engagements.models import Customer
from tenancy import jobs, tasks
from tenancy.models import JobRun
from tenancy.scope import current_tenant_id, tenant_scope
from tests.factories import Cast, make_customer, make_tenant

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


@contextmanager
def at_work(run: JobRun) -> Iterator[None]:
    """Somebody performs the run on a connection of their own for the length of the block."""
    begun, may_end = threading.Event(), threading.Event()

    def perform(run: JobRun) -> None:
        begun.set()
        may_end.wait(timeout=20)

    def work() -> None:
        try:
            jobs.perform_run(run=lease(run), clock=lambda: NOW)
        finally:
            connection.close()

    jobs.register(jobs.Job("test.slow", perform))
    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(timeout=20)
    yield
    may_end.set()
    worker.join()
    del jobs.JOBS["test.slow"]


def test_a_run_at_work_is_nobody_elses_even_after_its_lease(committed: None) -> None:
    tenant = make_tenant("acme")
    run = jobs.add_run(tenant_id=tenant.pk, job="test.slow", business_date=DAY, now=NOW)
    later = NOW + jobs.LEASE + timedelta(minutes=1)
    with at_work(run):
        assert jobs.take_lease(run_id=run.pk, now=later) is None
        assert jobs.overlooked_runs(now=later) == []
    run.refresh_from_db()
    assert (run.state, run.attempt) == (JobRun.State.DONE, 1)


def test_a_run_just_taken_is_left_alone(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    lease(run)
    assert jobs.take_lease(run_id=run.pk, now=NOW + timedelta(seconds=1)) is None


def test_a_run_that_no_transaction_holds_was_abandoned(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    lease(run)
    soon = NOW + jobs.ABANDONED_AFTER + timedelta(seconds=1)
    assert [found.pk for found in jobs.overlooked_runs(now=soon)] == [run.pk]
    assert lease(run, soon).attempt == 2


def test_a_run_in_steps_is_held_by_its_lease_alone(cast: Cast, job: list[JobRun]) -> None:
    jobs.register(jobs.Job("test.job", lambda run: None, in_steps=True))
    run = add(cast)
    lease(run)
    late = NOW + jobs.LEASE - timedelta(seconds=1)
    assert jobs.overlooked_runs(now=late) == []
    assert jobs.take_lease(run_id=run.pk, now=late) is None


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


def test_a_parked_run_is_told_of_once_and_another_time_when_parked_again(
    cast: Cast, job: list[JobRun]
) -> None:
    told: list[JobRun] = []
    jobs.ON_PARKED.append(told.append)
    try:
        run = add(cast, "poison")
        for _attempt in range(5):
            JobRun.objects.filter(pk=run.pk).update(due_at=NOW)
            tasks.run_job(run_id=str(run.pk))
        assert [(found.pk, found.error) for found in told] == [(run.pk, "ValueError: bad input")]
        jobs.repeat_run(run=run, now=NOW)
        for _attempt in range(3):
            JobRun.objects.filter(pk=run.pk).update(due_at=NOW)
            tasks.run_job(run_id=str(run.pk))
        assert len(told) == 2
    finally:
        jobs.ON_PARKED.remove(told.append)


def test_a_run_is_parked_also_when_nobody_can_be_told(cast: Cast, job: list[JobRun]) -> None:
    def fail(run: JobRun) -> None:
        raise OSError("no mail")

    jobs.ON_PARKED.append(fail)
    run = add(cast, "poison")
    JobRun.objects.filter(pk=run.pk).update(attempt=2)
    tasks.run_job(run_id=str(run.pk))
    jobs.ON_PARKED.remove(fail)
    run.refresh_from_db()
    assert run.state == JobRun.State.PARKED


def test_a_worker_that_dies_each_time_parks_the_run(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    moment = NOW
    for attempt in (1, 2, 3):
        assert lease(run, moment).attempt == attempt
        moment += jobs.ABANDONED_AFTER + timedelta(seconds=1)
    assert jobs.take_lease(run_id=run.pk, now=moment) is None
    run.refresh_from_db()
    assert (run.state, run.error) == (JobRun.State.PARKED, "The worker died on each attempt.")


def test_the_backlog_counts_runs_and_their_age(cast: Cast, job: list[JobRun]) -> None:
    run = add(cast)
    assert jobs.get_backlog(now=NOW + timedelta(seconds=90)) == jobs.Backlog(1, 0, 0, 90.0, None)
    jobs.perform_run(run=lease(run), clock=lambda: NOW)
    found = jobs.get_backlog(now=NOW + timedelta(seconds=90))
    assert found == jobs.Backlog(0, 0, 0, 0.0, 90.0)


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
