"""Usage logs from files: upload, progress, and the rows left out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rendering.web import csv_file, page
from tenancy import jobs
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import new_id
from tenancy.tasks import publish
from usage import exports, operations, queries
from usage.adapters.headers import FIELDS
from usage.forms import UploadForm
from usage.models import UsageImport
from usage.tasks import IMPORT_JOB

FAULTS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: WorkspaceRequest) -> HttpResponse:
    """Files read so far, and the form for the next one."""
    require(request.membership, "import_usage")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = _begin(request, form)
        messages.success(request, _("%(name)s is on its way in.") % {"name": row.file_name})
        return redirect("usage:import", request.workspace.slug, row.pk)
    context = {"form": form, "imports": queries.get_imports(), "fields": FIELDS}
    return page(request, "usage/imports.html", context)


def _begin(request: WorkspaceRequest, form: UploadForm) -> UsageImport:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    now = timezone.now()
    row = operations.start_import(
        file_name=file.name or "",
        stored_as=default_storage.save(f"usage/{request.workspace.pk}/{new_id()}", file),
        mapping=form.cleaned_data["mapping"],
        created_by=request.user,
    )
    run = jobs.add_run(
        tenant_id=request.workspace.pk,
        job=IMPORT_JOB,
        business_date=timezone.localdate(),
        subject=str(row.pk),
        now=now,
    )
    publish(run)
    return row


@require_GET
def usage_import(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """How far a file is; its fragment asks again until it is read."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport, pk=import_id)
    context = {
        "row": row,
        "faults": queries.get_row_faults(import_id=row.pk)[:FAULTS_SHOWN] if row.rows_wrong else [],
        "more_faults": max(row.rows_wrong - FAULTS_SHOWN, 0),
    }
    return page(request, "usage/import.html", context, fragment="usage/_import.html")


@require_GET
def faults_csv(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """The rows of a file left out, as a spreadsheet."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport, pk=import_id)
    content = exports.faults_csv(queries.get_row_faults(import_id=row.pk).iterator())
    return csv_file(content, f"rows-left-out-{row.pk}.csv")
