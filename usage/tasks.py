"""Usage's part in the queue of record: reading files, those of the drop folder among them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from tenancy.jobs import (
    ON_PARKED,
    PLANNERS,
    Job,
    Unfinished,
    add_run,
    note_progress,
    register,
)
from tenancy.models import JobRun
from tenancy.scope import current_tenant_id, tenant_scope
from tenancy.tasks import publish
from usage import operations
from usage.adapters.files.layouts import Layout
from usage.models import UsageImport

IMPORT_JOB = "usage.import"
# Well before a worker gives up a task; blocks take seconds.
AT_A_TIME = timedelta(minutes=4)


def have_read(*, row: UsageImport, layout: Layout, today: date, now: datetime) -> None:
    """The columns are confirmed: put the file in line to be read.

    Raises ValidationError when it was begun before.
    """
    operations.begin_import(row=row, layout=layout)
    run = add_run(
        tenant_id=current_tenant_id(),
        job=IMPORT_JOB,
        business_date=today,
        subject=str(row.pk),
        now=now,
    )
    publish(run)


def perform_import(run: JobRun) -> None:
    """Read the file a run is about. Opens a scope for each block; safe to repeat.

    A long file is laid down after a while and gone on with, so that others get their turn and no
    worker's time runs out. Raises `Unfinished`.
    """
    with tenant_scope(run.tenant_id):
        row = UsageImport.objects.get(pk=run.subject)
    if row.is_open:
        row = operations.read_import(
            tenant_id=run.tenant_id,
            import_id=UUID(run.subject),
            path=_path_of(row),
            now=timezone.now(),
            clock=timezone.now,
            tell=lambda _outcome, _percent: note_progress(run=run, now=timezone.now()),
            until=timezone.now() + AT_A_TIME,
        )
        if row.is_open:
            raise Unfinished
    _lay_aside(row)


def _path_of(row: UsageImport) -> Path:
    return operations.path_of(row=row) or Path(default_storage.path(row.stored_as))


def _lay_aside(row: UsageImport) -> None:
    """A file that was read whole goes. One that was not stays a while: its columns may be named
    otherwise, and it be read again."""
    if row.is_open:
        return
    operations.put_aside_dropped(row=row)
    if row.stored_as and not row.is_worth_keeping:
        default_storage.delete(row.stored_as)


def give_up_import(run: JobRun) -> None:
    """Say on the page of a file that it will not be tried again, whatever ended its attempts."""
    if run.job != IMPORT_JOB:
        return
    row = UsageImport.objects.get(pk=run.subject)
    if row.is_open:
        row = operations.give_up_import(
            tenant_id=run.tenant_id, import_id=row.pk, now=timezone.now()
        )
        operations.put_aside_dropped(row=row)
        if row.stored_as:
            default_storage.delete(row.stored_as)


def take_dropped_files(now: datetime) -> list[JobRun]:
    """A run for each file that lies complete in the drop folder."""
    runs: list[JobRun] = []

    def begin(row: UsageImport) -> None:
        run = add_run(
            tenant_id=current_tenant_id(),
            job=IMPORT_JOB,
            business_date=now.date(),
            subject=str(row.pk),
            now=now,
        )
        runs.append(run)

    operations.take_dropped(now=now, begin=begin)
    return runs


ON_PARKED.append(give_up_import)
PLANNERS.append(take_dropped_files)
register(Job(IMPORT_JOB, perform_import, in_steps=True))
