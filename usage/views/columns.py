"""What the columns of a usage log are: guessed, shown with what they become, confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.queries import person_of
from rendering.web import form_view, is_undo, page, tell, undo_of, wants_fragment
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from usage import operations, queries
from usage.adapters.files import UnreadableFile
from usage.adapters.files.layouts import FIELDS_OF, Layout
from usage.adapters.files.looking import Looked, likely_layout, look_at, looked_from, preview
from usage.forms import LayoutForm
from usage.forms.files import LABELS
from usage.models import FileKind, FileLayout, UsageImport
from usage.views.imports import begin, in_a_sentence, to_import

SAMPLES = 3


@form_view
def import_columns(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """Each column beside a field of ours. The address may name a kind of file (`kind`) or columns
    that are kept (`as`)."""
    require(request.membership, "import_usage")
    posted = request.method == "POST"
    rows = UsageImport.objects.select_for_update() if posted else UsageImport.objects
    row = get_object_or_404(rows, pk=import_id)
    if not row.is_new:
        return to_import(request, row)
    looked = looked_from(row.looked)
    named = _named(request)
    layout = _layout(request, row, looked, named)
    form = LayoutForm(request.POST if posted else None, looked=looked, layout=layout)
    is_asked = "look" in request.POST or wants_fragment(request)
    if posted and form.is_valid() and not is_asked and _confirmed(request, row, form):
        return to_import(request, row)
    return _show(request, row, looked, form, layout, named)


def _named(request: WorkspaceRequest) -> FileLayout | None:
    wanted = request.GET.get("as", "")
    return next((kept for kept in queries.get_layouts() if str(kept.pk) == wanted), None)


def _layout(
    request: WorkspaceRequest, row: UsageImport, looked: Looked, named: FileLayout | None
) -> Layout:
    zone = request.workspace.time_zone
    if named is not None:
        return likely_layout(looked, kept=named.layout)
    kind = request.GET.get("kind", row.kind)
    if kind != row.kind and kind in FIELDS_OF:
        return likely_layout(looked, time_zone=zone, kind=kind)
    return row.layout


def _confirmed(request: WorkspaceRequest, row: UsageImport, form: LayoutForm) -> bool:
    try:
        if form.cleaned_data["keep_as"].strip():
            operations.keep_layout(
                name=form.cleaned_data["keep_as"],
                layout=form.layout,
                header=form.looked.columns,
                by=person_of(request.user),
            )
    except ValidationError as error:
        form.add_error("keep_as", error.messages[0])
        return False
    begin(request, row, form.layout)
    return True


def _show(
    request: WorkspaceRequest,
    row: UsageImport,
    looked: Looked,
    form: LayoutForm,
    layout: Layout,
    named: FileLayout | None,
) -> HttpResponse:
    fitting = queries.get_fitting_layout(header=looked.columns)
    context = {
        "row": row,
        "form": form,
        "looked": looked,
        "kinds": FileKind.choices,
        "kind": layout.kind,
        "kept": queries.get_layouts(),
        "named": named or fitting,
        "beside": _beside(form, looked),
        "constants": [form[field] for field, _name in form.constants],
        **_becoming(form, looked, layout),
    }
    return page(request, "usage/import_columns.html", context, fragment="usage/_becomes.html")


def _beside(form: LayoutForm, looked: Looked) -> list[dict[str, Any]]:
    """Each column with its first cells and the choice of ours."""
    return [
        {
            "name": name,
            "samples": looked.samples(name)[:SAMPLES],
            "is_nested": name in looked.nested,
            "field": form[field],
        }
        for field, name in form.columns
    ]


def _becoming(form: LayoutForm, looked: Looked, layout: Layout) -> dict[str, Any]:
    """The first rows as they would be stored, by what is said at the moment."""
    said = form.layout if form.is_bound and form.is_valid() else layout
    labels = LABELS[said.kind]
    shown = [name for name in FIELDS_OF[said.kind] if name != "message_id"]
    try:
        rows = preview(looked, said, received_at=timezone.now())
    except UnreadableFile:
        return {"becomes": [], "shown": []}
    lines = [
        {
            "row": one.row,
            "cells": [one.values.get(name, "") for name in shown],
            "errors": [
                (said.column_of(error.field, looked.columns), error.reason) for error in one.errors
            ],
        }
        for one in rows
    ]
    bad = sum(bool(line["errors"]) for line in lines)
    return {
        "becomes": lines,
        "shown": [labels[name] for name in shown],
        "bad": bad,
        "is_exact": said.kind != FileKind.EVENTS or "message_id" in said.columns.values(),
    }


@require_POST
def choose_sheet(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """Another sheet of the same workbook."""
    require(request.membership, "import_usage")
    row = get_object_or_404(UsageImport.objects.select_for_update(), pk=import_id)
    sheet = request.POST.get("sheet", "")
    if row.is_new and sheet.isascii() and sheet.isdigit() and len(sheet) < 4:
        try:
            looked = look_at(Path(default_storage.path(row.stored_as)), sheet=int(sheet))
            layout = likely_layout(looked, time_zone=request.workspace.time_zone)
            operations.look_again(row=row, looked=looked, layout=layout)
        except UnreadableFile as problem:
            messages.error(request, in_a_sentence(str(problem)))
    return to_import(request, row)


@require_POST
def forget_layout(request: WorkspaceRequest, layout_id: UUID) -> HttpResponse:
    """Asked to undo, it remembers them again."""
    require(request.membership, "import_usage")
    row = get_object_or_404(FileLayout.objects.select_for_update(), pk=layout_id)
    if not is_undo(request):
        operations.forget_layout(row=row, now=timezone.now())
        words = _("The columns “%(name)s” are no longer offered.") % {"name": row.name}
        tell(request, words, undo=undo_of(request))
    else:
        _remember(request, row)
    return redirect("usage:imports", request.workspace.slug)


def _remember(request: WorkspaceRequest, row: FileLayout) -> None:
    try:
        operations.restore_layout(row=row)
        tell(request, _("The columns “%(name)s” are offered again.") % {"name": row.name})
    except ValidationError as error:
        messages.error(request, error.messages[0])
