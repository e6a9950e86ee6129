"""Work that takes effect exactly once: leased from the database, done, and marked in one go.

Apps register what a job does; beat and a sweeper only publish the ids of runs that are due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import models, transaction

from tenancy.models import JobRun, Tenant
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
ATTEMPTS = 3
BACK_OFF = timedelta(seconds=20)
# What has been due this long was not picked up from the broker: it is published again.
OVERLOOKED_AFTER = timedelta(seconds=30)
SWEEP_LIMIT = 500


class LostLease(RuntimeError):
    """Somebody else holds the run by now; whatever this attempt did is rolled back."""


class UnknownJob(LookupError):
    """A run names a job that no app registered."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a kind of run does.

    `perform` is called inside the workspace's scope, in one transaction with the mark "done".
    With `in_steps` it opens scopes itself and commits as it goes; it must then be safe to repeat.
    `then` names the job that follows for the same day.
    """

    name: str
    perform: Callable[[JobRun], None]
    in_steps: bool = False
    then: str | None = None


JOBS: dict[str, Job] = {}
# Each adds the runs whose time has come and returns the new ones.
PLANNERS: list[Callable[[datetime], list[JobRun]]] = []


def register(job: Job) -> None:
    JOBS[job.name] = job


@transaction.atomic
def add_run(
    *, tenant_id: UUID, job: str, business_date: date, now: datetime, subject: str = ""
) -> JobRun:
    """The run of that job, day and subject, added when it is not there yet."""
    run, _created = JobRun.objects.get_or_create(
        tenant_id=tenant_id,
        job=job,
        business_date=business_date,
        subject=subject,
        defaults={"due_at": now},
    )
    return run


@transaction.atomic
def repeat_run(*, run: JobRun, now: datetime) -> JobRun:
    """Make a finished or parked run due again, from its first attempt."""
    JobRun.objects.filter(pk=run.pk, state__in=[JobRun.State.DONE, JobRun.State.PARKED]).update(
        state=JobRun.State.DUE, attempt=0, due_at=now, lease_until=None, error="", finished_at=None
    )
    run.refresh_from_db()
    return run


def overlooked_runs(*, now: datetime) -> list[JobRun]:
    """Runs that nobody holds although they have been due for a while, oldest first."""
    waiting = models.Q(state=JobRun.State.DUE, due_at__lte=now - OVERLOOKED_AFTER)
    dropped = models.Q(state=JobRun.State.RUNNING, lease_until__lt=now)
    return list(JobRun.objects.filter(waiting | dropped).order_by("due_at")[:SWEEP_LIMIT])


@transaction.atomic
def take_lease(*, run_id: UUID, now: datetime) -> JobRun | None:
    """The run, now held by the caller; None when it is done, parked, held or not yet due."""
    free = models.Q(state=JobRun.State.DUE, due_at__lte=now) | models.Q(
        state=JobRun.State.RUNNING, lease_until__lt=now
    )
    run = JobRun.objects.select_for_update(skip_locked=True).filter(free, pk=run_id).first()
    if run is None:
        return None
    if run.attempt >= ATTEMPTS:
        _park(run, now, run.error or "The worker died on each attempt.")
        return None
    run.state, run.attempt = JobRun.State.RUNNING, run.attempt + 1
    run.started_at, run.lease_until = now, now + LEASE
    run.save()
    return run


def perform_run(*, run: JobRun, clock: Callable[[], datetime]) -> JobRun | None:
    """Do a leased run. Returns the run that follows it, if any, to be published by the caller."""
    job = JOBS.get(run.job)
    if job is None:
        raise UnknownJob(run.job)
    if job.in_steps:
        job.perform(run)
        with transaction.atomic():
            return _finish(run, job, clock())
    with tenant_scope(run.tenant_id):
        job.perform(run)
        return _finish(run, job, clock())


def _finish(run: JobRun, job: Job, now: datetime) -> JobRun | None:
    held = JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, attempt=run.attempt)
    if not held.update(state=JobRun.State.DONE, finished_at=now, lease_until=None, error=""):
        raise LostLease(str(run))
    if job.then is None:
        return None
    following = add_run(
        tenant_id=run.tenant_id,
        job=job.then,
        business_date=run.business_date,
        subject=run.subject,
        now=now,
    )
    # A repeated night repeats every step of it.
    return repeat_run(run=following, now=now)


@transaction.atomic
def note_failure(*, run: JobRun, error: str, now: datetime) -> None:
    """Put a failed run back for later, or park it after its last attempt."""
    held = JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, attempt=run.attempt)
    if run.attempt >= ATTEMPTS:
        if held.exists():
            _park(run, now, error)
        return
    held.update(
        state=JobRun.State.DUE,
        due_at=now + BACK_OFF * (2 ** (run.attempt - 1)),
        lease_until=None,
        error=error,
    )


def _park(run: JobRun, now: datetime, error: str) -> None:
    run.state, run.error, run.finished_at, run.lease_until = JobRun.State.PARKED, error, now, None
    run.save()
    log.error("job_parked", job=run.job, run=str(run.pk), tenant=str(run.tenant_id), error=error)


def for_each_tenant() -> list[Tenant]:
    """Every workspace, for recurring work that fans out."""
    return list(Tenant.objects.order_by("id"))
