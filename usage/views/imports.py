"""Usage logs from files: upload, progress, stopping, and the rows left out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rendering.web import csv_file, form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, operations, queries
from usage.adapters.files import UnreadableFile
from usage.adapters.files.headers import known_fields
from usage.adapters.files.layouts import DAILY_FIELDS, EVENT_FIELDS, Layout
from usage.adapters.files.looking import (
    Looked,
    is_plain,
    likely_layout,
    look_at,
    looked_from,
)
from usage.forms import UploadForm
from usage.imports import bring_upload
from usage.models import UsageImport
from usage.tasks import have_read

FAULTS_SHOWN = 50
FILES_A_PAGE = 50


@form_view
def imports(request: WorkspaceRequest) -> HttpResponse:
    """Files read so far, and the form for the next one."""
    require(request.membership, "import_usage")
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        row = _bring(request, form)
        if row is not None:
            return to_import(request, row)
    state = request.GET.get("state", "")
    rows = queries.get_import_list(state=state)
    context = {
        "form": form,
        "imports": Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page")),
        "states": UsageImport.State.choices,
        "state": state if state in UsageImport.State.values else "",
        "kept": queries.get_layouts(),
        "event_fields": EVENT_FIELDS,
        "daily_fields": DAILY_FIELDS,
    }
    return page(request, "usage/imports.html", context)


def _bring(request: WorkspaceRequest, form: UploadForm) -> UsageImport | None:
    """The file as an import: on its way where nothing is left to be said, else to be confirmed."""
    try:
        row = bring_upload(
            file=form.cleaned_data["file"],
            layout_of=partial(guess, request),
            source=form.cleaned_data.get("source"),
            created_by=request.user,
        )
    except UnreadableFile as problem:
        form.add_error("file", in_a_sentence(str(problem)))
        return None
    if is_plain(looked_from(row.looked), row.layout):
        begin(request, row, row.layout)
    return row


def guess(request: WorkspaceRequest, looked: Looked) -> Layout:
    """As the last file with this header was read, else by the names of the columns."""
    kept = queries.get_fitting_layout(header=looked.columns)
    return likely_layout(
        looked, kept=kept.layout if kept else None, time_zone=request.workspace.time_zone
    )


def in_a_sentence(words: str) -> str:
    """A fault of a file as a sentence of its own."""
    return f"{words[:1].upper()}{words[1:]}."


def begin(request: WorkspaceRequest, row: UsageImport, layout: Layout) -> None:
    """The columns are confirmed: have a worker read the file."""
    have_read(row=row, layout=layout, today=timezone.localdate(), now=timezone.now())
    tell(request, _("%(name)s is on its way in.") % {"name": row.file_name})


def to_import(request: WorkspaceRequest, row: UsageImport) -> HttpResponse:
    """Where a file stands: its columns, until they are confirmed; then how far it is."""
    name = "usage:import_columns" if row.is_new else "usage:import"
    return redirect(name, request.workspace.slug, row.pk)


@require_GET
def usage_import(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """How far a file is; its fragment asks again until it is read."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport.objects.select_related("created_by"), pk=import_id)
    if row.is_new:
        return to_import(request, row)
    context = {
        "row": row,
        "progress": queries.get_progress(row=row, now=timezone.now()),
        "faults": queries.get_row_faults(import_id=row.pk)[:FAULTS_SHOWN] if row.rows_wrong else [],
        "more_faults": max(row.rows_wrong - FAULTS_SHOWN, 0),
        "may_read_again": row.is_worth_keeping and bool(row.stored_as),
    }
    return page(request, "usage/import.html", context, fragment="usage/_import.html")


@require_POST
def cancel_import(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport, pk=import_id)
    if operations.cancel_import(row=row, now=timezone.now()):
        tell(request, _("Reading stops. What was stored so far stays."))
    return redirect("usage:import", request.workspace.slug, import_id)


@require_POST
def discard_import(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport.objects.select_for_update(), pk=import_id)
    try:
        operations.discard_import(row=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return to_import(request, row)
    tell(request, _("The file is gone; nothing of it was read."))
    return redirect("usage:imports", request.workspace.slug)


@require_POST
def read_again(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """The same file with its columns named otherwise; what is known already is recognised."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport.objects.select_for_update(), pk=import_id)
    try:
        if not row.stored_as or not default_storage.exists(row.stored_as):
            raise ValidationError(_("The file itself is no longer here. Upload it again."))
        looked = look_at(Path(default_storage.path(row.stored_as)), sheet=row.layout.sheet)
        again = operations.read_again(
            row=row,
            looked=looked,
            layout=_before(row, looked) or guess(request, looked),
            created_by=request.user,
        )
    except (ValidationError, UnreadableFile) as error:
        words = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, in_a_sentence(words.rstrip(".")))
        return to_import(request, row)
    return to_import(request, again)


def _before(row: UsageImport, looked: Looked) -> Layout | None:
    """How the file was read before, where that says what its columns are."""
    try:
        known_fields(looked.columns, row.layout)
    except UnreadableFile:
        return None
    return row.layout if row.mapping else None


@require_GET
def faults_csv(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """The rows of a file left out, as a spreadsheet."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport, pk=import_id)
    record(action="usage_import.faults_exported", subject=row)
    content = exports.faults_csv(queries.get_row_faults(import_id=row.pk).iterator())
    return csv_file(content, f"rows-left-out-{row.pk}.csv")


@require_GET
def imports_csv(request: WorkspaceRequest) -> HttpResponse:
    """The files brought so far, as a spreadsheet."""
    require(request.membership, "import_usage")
    record(action="usage_imports.exported")
    rows = queries.get_import_list(state=request.GET.get("state", ""))
    content = exports.imports_csv(rows.iterator(chunk_size=500))
    return csv_file(content, f"usage-logs-{timezone.localdate()}.csv")
