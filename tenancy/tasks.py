"""Celery's side of the queue of record: publish what is due, do what is leased."""

from typing import Any
from uuid import UUID

import structlog
from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone

from tenancy import jobs
from tenancy.broker import outbox
from tenancy.models import JobRun
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)


class TenantTask(Task[Any, Any]):
    """A task inside one workspace: `tenant_id` is required, and its scope is open around the body."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tenant_id = kwargs.pop("tenant_id", None)
        if args or tenant_id is None:
            raise TypeError(f"{self.name} takes keyword arguments, tenant_id among them.")
        with tenant_scope(UUID(str(tenant_id))):
            return super().__call__(**kwargs)


def publish(run: JobRun) -> None:
    """Tell the workers about a run, once its row is committed.

    Never fails and hardly waits: what the broker did not take, or lost, is published again by
    `dispatch_due`.
    """
    transaction.on_commit(lambda: _send(run))


def _send(run: JobRun) -> bool:
    return outbox.send("tenancy.run_job", run_id=str(run.pk))


@shared_task(name="tenancy.run_job")
def run_job(*, run_id: str) -> None:
    run = jobs.take_lease(run_id=UUID(run_id), now=timezone.now())
    if run is None:
        return
    facts = {"job": run.job, "run": run_id, "workspace": str(run.tenant_id)}
    with structlog.contextvars.bound_contextvars(**facts):
        try:
            following = jobs.perform_run(run=run, clock=timezone.now)
        except jobs.LostLease:
            log.warning("lease_lost")
            return
        except Exception as error:
            log.exception("job_failed", attempt=run.attempt)
            jobs.note_failure(run=run, error=_in_words(error), now=timezone.now())
            return
        goes_on = following is not None and following.pk == run.pk
        log.info("job_goes_on" if goes_on else "job_done", attempt=run.attempt)
    if following is not None:
        publish(following)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


@shared_task(name="tenancy.dispatch_due")
def dispatch_due() -> None:
    """Add the runs whose time has come and publish whatever nobody holds."""
    now = timezone.now()
    for planner in jobs.PLANNERS:
        for run in planner(now):
            publish(run)
    overlooked = [run for run in jobs.overlooked_runs(now=now) if _send(run)]
    jobs.note_published(runs=overlooked, now=now)
