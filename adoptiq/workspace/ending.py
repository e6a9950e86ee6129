"""The end of a workspace: closed at once, deleted when the time to take it back is over."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from adoptiq.workspace import exporting
from engagements.operations import forget_files
from tenancy import jobs
from tenancy.models import JobRun, Tenant
from tenancy.operations import delete_tenant

JOB = "workspace.delete"
TAKE_BACK = timedelta(days=7)
# Folders of files that hold one folder a workspace.
FOLDERS = (exporting.FOLDER, "usage")


def plan_deletions(now: datetime) -> list[JobRun]:
    """A run for each workspace whose time is over; only those that were not there yet."""
    due = Tenant.objects.filter(delete_after__lte=now)
    days = {tenant.pk: tenant.delete_after.date() for tenant in due if tenant.delete_after}
    return jobs.add_runs(job=JOB, days=days, now=now)


def delete_workspace(*, tenant: Tenant, now: datetime) -> bool:
    """Delete a workspace that is due, files first. False when its deletion was taken back.

    Outside any scope. Safe to repeat. Published heads of its audit log stay where they are.
    """
    if tenant.delete_after is None or tenant.delete_after > now:
        return False
    for folder in FOLDERS:
        shutil.rmtree(Path(settings.FILES_ROOT) / folder / str(tenant.pk), ignore_errors=True)
    forget_files(tenant_id=tenant.pk)
    delete_tenant(tenant=tenant)
    return True
