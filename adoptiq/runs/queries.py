"""Runs of a workspace as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from adoptiq import nightly
from tenancy.models import JobRun
from usage.models import UsageImport
from usage.tasks import IMPORT_JOB

PAGE_SIZE = 50
NAMES: dict[str, object] = {
    "usage.recognise": _("Recognise people"),
    "usage.close_days": _("Close the day"),
    "usage.drop_stale_files": _("Delete usage logs that nobody read"),
    "usage.keep_hours": _("Write down what sources sent"),
    "usage.empty_months": _("Empty months nobody keeps"),
    "usage.drop_old_events": _("Delete events that are too old"),
    "usage.make_months": _("Make room for coming months"),
    "adoption.share_plans": _("Share out the plans"),
    "adoption.reschedule_part": _("Reschedule some of the plans"),
    "adoption.reschedule": _("Reschedule plans"),
    "adoption.keep_versions": _("Keep copies of plans"),
    "metrics.refresh": _("Refresh measures"),
    "metrics.judge": _("Judge measures and raise alerts"),
    "engagements.remind": _("Remind people of their tasks"),
    "engagements.forget_deleted": _("Forget deleted notes and tasks"),
    "tenancy.publish_audit_head": _("Seal the audit log"),
    "engagements.tell_of_dates": _("Tell of dates that are near"),
    "notifications.prune": _("Forget what has long been done"),
    "notifications.digest": _("Write the daily digests"),
    IMPORT_JOB: _("Read a usage log"),
    "workspace.drop_old_exports": _("Delete archives whose time is over"),
    "engagements.drop_stale_imports": _("Delete files that nobody brought in"),
    "adoption.drop_stale_plans": _("Delete plan files that nobody brought in"),
    "files.tidy": _("Give up deleted files"),
    "files.check": _("Check a file for viruses"),
    "workspace.export": _("Make an archive of everything"),
    "workspace.load_demo": _("Load the demo"),
    "workspace.delete": _("Delete the workspace"),
}
# What may be begun again by hand: the steps of a night. A file is uploaded again instead.
REPEATABLE = frozenset(name for name, _step in nightly.STEPS)
OPEN = (JobRun.State.DUE, JobRun.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the runs is shown; empty means all."""

    state: str = ""
    job: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `seconds` is how long its last attempt took, None while it has not ended."""

    run_id: UUID
    job: str
    label: str
    subject: str
    day: date
    state: str
    state_label: str
    attempt: int
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None
    error: str
    may_repeat: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """One page of runs, newest first, with how many there are in each state.

    `changing` when something waits or runs, so that the page is worth looking at again.
    """

    rows: tuple[RunRow, ...]
    counts: Mapping[str, int]
    total: int
    jobs: tuple[tuple[str, str], ...]
    page: int
    pages: int
    changing: bool


def get_runs(*, tenant_id: UUID, filters: Filters, page: int = 1) -> Runs:
    """To be called inside the workspace's scope."""
    every = JobRun.objects.filter(tenant_id=tenant_id)
    counts = dict(every.values_list("state").annotate(number=Count("pk")).order_by())
    known = sorted(every.values_list("job", flat=True).order_by().distinct())
    pages = Paginator(_ordered(_chosen(every, filters)), PAGE_SIZE)
    shown = pages.get_page(page)
    return Runs(
        rows=tuple(_rows(list(shown.object_list))),
        counts=counts,
        total=sum(counts.values()),
        jobs=tuple((name, name_of(name)) for name in known),
        page=shown.number,
        pages=pages.num_pages,
        changing=any(counts.get(state) for state in OPEN),
    )


def get_all_runs(*, tenant_id: UUID, filters: Filters) -> Iterable[RunRow]:
    """Every run that the filters leave, newest first."""
    return _rows(list(_ordered(_chosen(JobRun.objects.filter(tenant_id=tenant_id), filters))))


def name_of(job: str) -> str:
    return str(NAMES.get(job, job))


def _chosen(runs: QuerySet[JobRun], filters: Filters) -> QuerySet[JobRun]:
    wanted = {"state": filters.state, "job": filters.job, "business_date": filters.day}
    return runs.filter(**{name: value for name, value in wanted.items() if value})


def _ordered(runs: QuerySet[JobRun]) -> QuerySet[JobRun]:
    return runs.order_by("-due_at", "-pk")


def _rows(runs: list[JobRun]) -> Iterable[RunRow]:
    files = _file_names(runs)
    return [_row(run, files) for run in runs]


def _row(run: JobRun, files: Mapping[str, str]) -> RunRow:
    ended = run.state in (JobRun.State.DONE, JobRun.State.PARKED)
    took = run.finished_at - run.started_at if run.finished_at and run.started_at else None
    return RunRow(
        run_id=run.pk,
        job=run.job,
        label=name_of(run.job),
        subject=files.get(run.subject, ""),
        day=run.business_date,
        state=run.state,
        state_label=str(JobRun.State(run.state).label),
        attempt=run.attempt,
        due_at=run.due_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seconds=took.total_seconds() if took is not None else None,
        error=run.error,
        may_repeat=ended and run.job in REPEATABLE,
    )


def _file_names(runs: list[JobRun]) -> dict[str, str]:
    ids = {run.subject for run in runs if run.job == IMPORT_JOB}
    rows = UsageImport.objects.filter(pk__in=ids) if ids else UsageImport.objects.none()
    return {str(pk): name for pk, name in rows.values_list("pk", "file_name")}
