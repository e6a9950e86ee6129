"""Usage's part in the queue of record: reading an uploaded file."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from tenancy.jobs import ON_PARKED, Job, register
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from usage import operations
from usage.models import UsageImport

IMPORT_JOB = "usage.import"


def perform_import(run: JobRun) -> None:
    """Read the upload a run is about. Opens a scope for each block; safe to repeat."""
    with tenant_scope(run.tenant_id):
        row = UsageImport.objects.get(pk=run.subject)
    if not row.is_open:
        return
    operations.read_import(
        tenant_id=run.tenant_id,
        import_id=UUID(run.subject),
        path=default_storage.path(row.stored_as),
        now=timezone.now(),
    )
    default_storage.delete(row.stored_as)


def give_up_import(run: JobRun) -> None:
    """Say on the page of a file that it will not be tried again, whatever ended its attempts."""
    if run.job != IMPORT_JOB:
        return
    row = UsageImport.objects.get(pk=run.subject)
    if row.is_open:
        operations.give_up_import(tenant_id=run.tenant_id, import_id=row.pk, now=timezone.now())
        default_storage.delete(row.stored_as)


ON_PARKED.append(give_up_import)
register(Job(IMPORT_JOB, perform_import, in_steps=True))
