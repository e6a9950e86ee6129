"""Files on their way in: upload, columns, check, bring in; each step keeps across a reload."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from engagements import imports, operations, queries
from engagements.forms import BringInForm, ColumnsForm, UploadForm
from engagements.models import ColumnMapping, Engagement, ImportKind, StagedImport
from engagements.views.finding import find
from people.queries import person_of
from rendering.spreadsheets import LARGEST_TABLE_BYTES, UnreadableTable, read_book
from rendering.translation import said_by
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.http import WorkspaceRequest

FAULTS_SHOWN = 100
SAMPLES = 3


@form_view
def import_customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    return _upload(request, ImportKind.CUSTOMERS, None)


@form_view
def import_roster(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    return _upload(request, ImportKind.ROSTER, find(engagement_id).row)


def _upload(
    request: WorkspaceRequest, kind: ImportKind, engagement: Engagement | None
) -> HttpResponse:
    form = UploadForm(_posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        staged = _stage(request, form, kind, engagement)
        if staged is not None:
            return _to("import_columns", request, staged)
    context = _frame(request, kind, engagement) | {
        "form": form,
        "step": 1,
        "columns": imports.columns_for(kind),
        "waiting": queries.get_waiting_imports(
            kind=kind, engagement_id=engagement.pk if engagement else None
        ),
    }
    return page(request, "engagements/import.html", context)


def _stage(
    request: WorkspaceRequest, form: UploadForm, kind: ImportKind, engagement: Engagement | None
) -> StagedImport | None:
    upload = form.cleaned_data["file"]
    # A byte more than may be: enough to be refused, however much there is.
    content = upload.read(LARGEST_TABLE_BYTES + 1)
    try:
        return operations.stage_import(
            kind=kind,
            engagement=engagement,
            file_name=upload.name,
            content=content,
            book=read_book(content),
            by=person_of(request.user),
        )
    except UnreadableTable as error:
        form.add_error("file", said_by(error))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _frame(request: WorkspaceRequest, kind: str, engagement: Engagement | None) -> dict[str, Any]:
    """What every step shows: what the file is for, and the way back."""
    slug = request.workspace.slug
    if engagement is None:
        return {
            "kind": kind,
            "heading": _("Import customers"),
            "begin": reverse("engagements:import_customers", args=[slug]),
            "sample": reverse("engagements:export_customers", args=[slug]),
            "sample_workbook": reverse("engagements:export_customers_xlsx", args=[slug]),
        }
    ids = [slug, engagement.pk]
    return {
        "kind": kind,
        "heading": _("Import a roster"),
        "about": str(engagement),
        "parent": engagement.customer.name,
        "parent_url": reverse("engagements:roster", args=ids),
        "begin": reverse("engagements:import_roster", args=ids),
        "sample": reverse("engagements:export_roster", args=ids),
        "sample_workbook": reverse("engagements:export_roster_xlsx", args=ids),
    }


def _posted(request: WorkspaceRequest) -> Any:
    """What was sent; also nothing is something."""
    return request.POST if request.method == "POST" else None


def _to(name: str, request: WorkspaceRequest, staged: StagedImport) -> HttpResponse:
    return redirect(f"engagements:{name}", request.workspace.slug, staged.pk)


def _find(request: WorkspaceRequest, staged_id: UUID, *, held: bool = False) -> StagedImport:
    """The file an address names, for whoever may change what it is about."""
    rows = queries.get_staged_imports()
    row = get_object_or_404(rows.select_for_update(of=("self",)) if held else rows, pk=staged_id)
    about_customers = row.kind == ImportKind.CUSTOMERS
    require(request.membership, "edit_customers" if about_customers else "edit_engagement")
    return row


@form_view
def import_columns(request: WorkspaceRequest, staged_id: UUID) -> HttpResponse:
    """The file's columns beside ours; `as` in the address names columns that are remembered."""
    require(request.membership, "edit_engagement")
    staged = _find(request, staged_id, held=request.method == "POST")
    ours = imports.columns_for(staged.kind, staged.columns)
    kept = queries.get_mappings(kind=staged.kind)
    named = _named(request, staged, kept)
    form = ColumnsForm(
        _posted(request),
        found=staged.columns,
        ours=ours,
        mapping=_mapping(staged, named, ours),
        initial={"keep_as": named.name if named else ""},
    )
    if request.method == "POST" and form.is_valid() and _keep(request, staged, form):
        return _to("import_check", request, staged)
    context = _frame(request, staged.kind, staged.engagement) | {
        "staged": staged,
        "step": 2,
        "form": form,
        "rows": _beside(form, staged),
        "kept": kept,
        "named": named,
    }
    return page(request, "engagements/import_columns.html", context)


def _named(
    request: WorkspaceRequest, staged: StagedImport, kept: list[ColumnMapping]
) -> ColumnMapping | None:
    """The remembered columns that are asked for, or fit this file as it came."""
    if wanted := request.GET.get("as", ""):
        return next((row for row in kept if str(row.pk) == wanted), None)
    return None if staged.is_mapped else imports.fitting(kept, staged)


def _mapping(
    staged: StagedImport, named: ColumnMapping | None, ours: tuple[imports.Column, ...]
) -> dict[str, str]:
    if named is None and staged.is_mapped:
        return dict(staged.mapping)
    return dict(imports.likely_mapping(staged, ours, kept=named))


def _beside(form: ColumnsForm, staged: StagedImport) -> list[dict[str, Any]]:
    """Each column with its first cells and the choice of ours."""
    first = imports.table_of(staged).rows[:SAMPLES]
    headings = dict(zip(staged.columns, staged.headings, strict=False))
    return [
        {
            "heading": headings.get(name) or name,
            "samples": [text for row in first if (text := row.cells.get(name))],
            "field": form[field],
        }
        for field, name in form.found
    ]


def _keep(request: WorkspaceRequest, staged: StagedImport, form: ColumnsForm) -> bool:
    operations.map_columns(staged=staged, mapping=form.mapping)
    name = form.cleaned_data["keep_as"].strip()
    if not name:
        return True
    by = person_of(request.user)
    try:
        operations.keep_mapping(kind=staged.kind, name=name, columns=form.mapping, by=by)
    except ValidationError as error:
        form.add_error("keep_as", error.messages[0])
        return False
    return True


@require_POST
def choose_sheet(request: WorkspaceRequest, staged_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    staged = _find(request, staged_id, held=True)
    sheet = request.POST.get("sheet", "")
    if staged.content is not None and sheet.isascii() and sheet.isdigit() and len(sheet) < 4:
        try:
            book = read_book(bytes(staged.content), sheet=int(sheet))
            operations.choose_sheet(staged=staged, book=book)
        except (UnreadableTable, ValidationError) as error:
            words = error.messages[0] if isinstance(error, ValidationError) else said_by(error)
            messages.error(request, words)
    return _to("import_columns", request, staged)


@form_view
def import_check(request: WorkspaceRequest, staged_id: UUID) -> HttpResponse:
    """What the file would do, by doing it and taking it back; a POST does it."""
    require(request.membership, "edit_engagement")
    posted = request.method == "POST"
    staged = _find(request, staged_id, held=posted)
    if not staged.is_mapped:
        return _to("import_columns", request, staged)
    form = BringInForm(_posted(request))
    try:
        good_only = posted and form.is_valid() and form.cleaned_data["good_rows_only"]
        result = imports.bring_in(
            staged, today=timezone.localdate(), keep=posted, good_rows_only=good_only
        )
    except UnreadableTable as error:
        # A field of one's own went away since the columns were named.
        messages.error(request, said_by(error))
        operations.map_columns(staged=staged, mapping={})
        return _to("import_columns", request, staged)
    if result.saved:
        return _done(request, staged, result)
    context = _frame(request, staged.kind, staged.engagement) | {
        "staged": staged,
        "step": 3,
        "form": form,
        "result": result,
        "faults": result.errors[:FAULTS_SHOWN],
        "more_faults": max(len(result.errors) - FAULTS_SHOWN, 0),
    }
    return page(request, "engagements/import_check.html", context)


def _done(
    request: WorkspaceRequest, staged: StagedImport, result: imports.ImportResult
) -> HttpResponse:
    words = _("Brought in: %(new)s new, %(changed)s changed, %(same)s as they were.") % {
        "new": result.created,
        "changed": result.changed,
        "same": result.unchanged,
    }
    if result.errors:
        # The rows left out stay to be looked at.
        left_out = result.bad_rows
        more = ngettext("%(n)s row was left out.", "%(n)s rows were left out.", left_out)
        tell(request, " ".join((words, more % {"n": left_out})))
        return _to("import_check", request, staged)
    operations.discard_import(staged=staged)
    tell(request, words)
    if staged.engagement is not None:
        return redirect("engagements:roster", request.workspace.slug, staged.engagement.pk)
    return redirect("engagements:customers", request.workspace.slug)


@require_GET
def import_faults(request: WorkspaceRequest, staged_id: UUID) -> HttpResponse:
    """Every fault of a file, as a table to work through."""
    require(request.membership, "edit_engagement")
    staged = _find(request, staged_id)
    if not staged.is_mapped:
        return _to("import_columns", request, staged)
    try:
        errors = imports.bring_in(staged, today=timezone.localdate(), keep=False).errors
    except UnreadableTable:
        return _to("import_columns", request, staged)
    content = imports.faults_csv(errors, imports.named_table(staged))
    return csv_file(content, f"faults-{staged.pk}.csv")


@require_POST
def discard_import(request: WorkspaceRequest, staged_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    staged = _find(request, staged_id)
    back = _frame(request, staged.kind, staged.engagement)["begin"]
    operations.discard_import(staged=staged)
    tell(request, _("The file is gone; nothing of it was brought in."))
    return redirect(back)


@require_POST
def forget_mapping(request: WorkspaceRequest, mapping_id: UUID) -> HttpResponse:
    """Asked to undo, it remembers them again."""
    require(request.membership, "edit_customers")
    mapping = get_object_or_404(ColumnMapping.objects.select_for_update(), pk=mapping_id)
    if not is_undo(request):
        operations.forget_mapping(mapping=mapping, now=timezone.now())
        words = _("The columns “%(name)s” are no longer offered.") % {"name": mapping.name}
        tell(request, words, undo=undo_of(request))
    else:
        _remember(request, mapping)
    return redirect(_after_mapping(request, mapping))


def _remember(request: WorkspaceRequest, mapping: ColumnMapping) -> None:
    try:
        operations.restore_mapping(mapping=mapping)
        tell(request, _("The columns “%(name)s” are offered again.") % {"name": mapping.name})
    except ValidationError as error:
        messages.error(request, error.messages[0])


def _after_mapping(request: WorkspaceRequest, mapping: ColumnMapping) -> str:
    """Back to the file that was being looked at, where there is one."""
    slug = request.workspace.slug
    staged = request.POST.get("staged", "")
    waiting = queries.get_staged_imports().filter(kind=mapping.kind)
    row = next((row for row in waiting[:20] if str(row.pk) == staged), None) or waiting.first()
    if row is not None:
        return reverse("engagements:import_columns", args=[slug, row.pk])
    return reverse("engagements:import_customers", args=[slug])
