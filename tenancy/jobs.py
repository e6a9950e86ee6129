"""Work that takes effect exactly once: leased from the database, done, and marked in one go.

Apps register what a job does; beat and a sweeper only publish the ids of runs that are due.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import models, transaction

from tenancy.models import JobRun, Tenant
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)

# Longer than any task may take: a job in steps is held by nothing else.
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
ATTEMPTS = 3
BACK_OFF = timedelta(seconds=20)
# What is due this long and not taken may never have been published; what was published this long
# ago may be lost.
OVERLOOKED_AFTER = timedelta(seconds=5)
PUBLISHED_AGAIN_AFTER = timedelta(seconds=20)
# A worker that has just taken a run needs a moment before its transaction holds the row.
ABANDONED_AFTER = timedelta(seconds=3)
SWEEP_LIMIT = 500


class LostLease(RuntimeError):
    """Somebody else holds the run by now; whatever this attempt did is rolled back."""


class Unfinished(Exception):
    """A job in steps did a part of its work and wants to go on in a run of its own time."""


class UnknownJob(LookupError):
    """A run names a job that no app registered."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a kind of run does.

    `perform` is called inside the workspace's scope, in one transaction with the mark "done"; that
    transaction holds the run's row, so a worker that died is told from one that is slow.
    With `in_steps` it opens scopes itself and commits as it goes; it must then be safe to repeat,
    and only its lease says whether it is still at work. Long work calls `note_progress` with each
    step, and raises `Unfinished` behind one before a worker's time is over.
    `then` names the job that follows for the same day.
    """

    name: str
    perform: Callable[[JobRun], None]
    in_steps: bool = False
    then: str | None = None


JOBS: dict[str, Job] = {}
# Each adds the runs whose time has come and returns the new ones.
PLANNERS: list[Callable[[datetime], list[JobRun]]] = []
# Each is told once of a run that was given up, in the transaction that gives it up.
ON_PARKED: list[Callable[[JobRun], None]] = []


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
def add_runs(*, job: str, days: Mapping[UUID, date], now: datetime) -> list[JobRun]:
    """The run of that job for each workspace and its day; only those that were not there yet.

    Safe beside another who adds the same: each run is among the new ones of one of them at most.
    """
    known = JobRun.objects.filter(job=job, business_date__in=set(days.values()), subject="")
    there = set(known.values_list("tenant_id", "business_date"))
    wanted = [
        JobRun(tenant_id=tenant_id, job=job, business_date=day, due_at=now)
        for tenant_id, day in days.items()
        if (tenant_id, day) not in there
    ]
    JobRun.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(JobRun.objects.filter(pk__in=[run.pk for run in wanted]))


@transaction.atomic
def repeat_run(*, run: JobRun, now: datetime) -> JobRun:
    """Make a finished or parked run due again, from its first attempt."""
    JobRun.objects.filter(pk=run.pk, state__in=[JobRun.State.DONE, JobRun.State.PARKED]).update(
        state=JobRun.State.DUE,
        attempt=0,
        due_at=now,
        published_at=None,
        lease_until=None,
        error="",
        finished_at=None,
    )
    run.refresh_from_db()
    return run


@transaction.atomic
def overlooked_runs(*, now: datetime) -> list[JobRun]:
    """Runs that nobody holds although they have been due for a while, oldest first."""
    due = models.Q(state=JobRun.State.DUE, due_at__lte=now - OVERLOOKED_AFTER)
    lost = models.Q(published_at=None) | models.Q(published_at__lte=now - PUBLISHED_AGAIN_AFTER)
    waiting = due & lost
    rows = JobRun.objects.filter(waiting | _dropped(now)).order_by("due_at")
    # A row that a worker's transaction holds is passed over.
    return list(rows.select_for_update(skip_locked=True)[:SWEEP_LIMIT])


def note_published(*, runs: Sequence[JobRun], now: datetime) -> None:
    JobRun.objects.filter(pk__in=[run.pk for run in runs]).update(published_at=now)


def _dropped(now: datetime) -> models.Q:
    """Runs whose worker may be gone. It is when, besides, no transaction holds the row."""
    expired = models.Q(lease_until__lt=now)
    in_steps = [job.name for job in JOBS.values() if job.in_steps]
    abandoned = models.Q(started_at__lt=now - ABANDONED_AFTER) & ~models.Q(job__in=in_steps)
    return models.Q(state=JobRun.State.RUNNING) & (expired | abandoned)


@transaction.atomic
def take_lease(*, run_id: UUID, now: datetime) -> JobRun | None:
    """The run, now held by the caller; None when it is done, parked, held or not yet due."""
    free = models.Q(state=JobRun.State.DUE, due_at__lte=now) | _dropped(now)
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
    """Do a leased run. Returns the run that follows it, if any, to be published by the caller: the
    same one where it is unfinished.
    """
    job = JOBS.get(run.job)
    if job is None:
        raise UnknownJob(run.job)
    if job.in_steps:
        try:
            job.perform(run)
        except Unfinished:
            return _lay_down(run, clock())
        with transaction.atomic():
            return _finish(run, job, clock())
    with tenant_scope(run.tenant_id):
        _hold(run)
        job.perform(run)
        return _finish(run, job, clock())


def _held(run: JobRun) -> models.QuerySet[JobRun]:
    """The run's row as long as this attempt is the one that counts."""
    return JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, started_at=run.started_at)


def note_progress(*, run: JobRun, now: datetime) -> None:
    """A step of a job in steps is done: it keeps its lease, and earlier attempts count no more.

    To be called in the step's transaction: raises LostLease where somebody else has taken the run
    over, so that none of the step stays. A run that was not leased has nothing to keep.
    """
    if run.state != JobRun.State.RUNNING:
        return
    if not _held(run).update(lease_until=now + LEASE, attempt=1):
        raise LostLease(str(run))


@transaction.atomic
def _lay_down(run: JobRun, now: datetime) -> JobRun:
    """Due again at once, for whichever worker is free."""
    open_again = {"state": JobRun.State.DUE, "due_at": now, "lease_until": None, "error": ""}
    if not _held(run).update(published_at=None, attempt=0, **open_again):
        raise LostLease(str(run))
    run.refresh_from_db()
    return run


def _hold(run: JobRun) -> None:
    if not _held(run).select_for_update().values_list("pk", flat=True):
        raise LostLease(str(run))


def _finish(run: JobRun, job: Job, now: datetime) -> JobRun | None:
    done = {"state": JobRun.State.DONE, "finished_at": now, "lease_until": None, "error": ""}
    if not _held(run).update(**done):
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
    held = _held(run).select_for_update().first()
    if held is None:
        return
    if held.attempt >= ATTEMPTS:
        _park(held, now, error)
        return
    held.state, held.error, held.lease_until = JobRun.State.DUE, error, None
    held.published_at = None
    held.due_at = now + BACK_OFF * (2 ** (held.attempt - 1))
    held.save()


def _park(run: JobRun, now: datetime, error: str) -> None:
    run.state, run.error, run.finished_at, run.lease_until = JobRun.State.PARKED, error, now, None
    run.save()
    log.error("job_parked", job=run.job, run=str(run.pk), tenant=str(run.tenant_id), error=error)
    for tell in ON_PARKED:
        try:
            with tenant_scope(run.tenant_id):
                tell(run)
        except Exception:
            # A run that nobody can be told of is given up all the same.
            log.exception("job_parked_unheard", run=str(run.pk))


def for_each_tenant() -> list[Tenant]:
    """Every workspace that is open, for recurring work that fans out."""
    return list(Tenant.objects.filter(delete_after=None).order_by("id"))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How work stands over all workspaces: runs by state, and for how long, in seconds.

    `oldest` is the age of the run that has been due longest, 0 when none is; `last_done` is how
    long ago a run was finished, None when none ever was.
    """

    due: int
    running: int
    parked: int
    oldest: float
    last_done: float | None


def get_backlog(*, now: datetime) -> Backlog:
    open_or_parked = JobRun.objects.exclude(state=JobRun.State.DONE)
    counts = dict(
        open_or_parked.filter(due_at__lte=now)
        .values_list("state")
        .annotate(number=models.Count("pk"))
    )
    waiting = JobRun.objects.filter(state__in=[JobRun.State.DUE, JobRun.State.RUNNING])
    oldest = waiting.filter(due_at__lte=now).aggregate(at=models.Min("due_at"))["at"]
    last = JobRun.objects.aggregate(at=models.Max("finished_at"))["at"]
    return Backlog(
        due=counts.get(JobRun.State.DUE, 0),
        running=counts.get(JobRun.State.RUNNING, 0),
        parked=counts.get(JobRun.State.PARKED, 0),
        oldest=(now - oldest).total_seconds() if oldest else 0.0,
        last_done=(now - last).total_seconds() if last else None,
    )
