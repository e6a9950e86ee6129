"""Readings by hand and from a file."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import imports, operations, queries
from metrics.forms import BringInForm, ReadingForm, ReadingsFileForm
from metrics.models.readings import Way
from metrics.views.finding import Found, FoundEngagement, find, find_engagement
from people.queries import person_of
from rendering.spreadsheets import LARGEST_TABLE_BYTES, UnreadableTable, read_book
from rendering.translation import said_by
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

FAULTS_SHOWN, ITEMS_SHOWN = 100, 20


@form_view
def record_reading(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """A reading by hand, for measures that no machine reads."""
    require(request.membership, "edit_measures")
    found = find(measure_id)
    form = ReadingForm(request.POST or None, initial={"day": found.today - timedelta(days=1)})
    if request.method == "POST" and form.is_valid() and _record(request, found, form):
        tell(request, _("Recorded."))
        return redirect("metrics:measure", request.workspace.slug, found.row.pk)
    context = {"form": form, "detail": found.detail, "header": found.header}
    return page(request, "metrics/reading_form.html", context)


def _record(request: WorkspaceRequest, found: Found, form: ReadingForm) -> bool:
    try:
        operations.record_reading(
            measure=found.row,
            **form.cleaned_data,
            now=timezone.now(),
            today=found.today,
            recorded_by=person_of(request.user),
        )
    except operations.ReadingRefused as refusal:
        form.add_error(None, said_by(refusal))
        return False
    return True


@form_view
def import_readings(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """A file is looked through and shown first; a second press brings all of it in."""
    require(request.membership, "edit_measures")
    found = find_engagement(engagement_id)
    if request.method == "POST" and "readings" in request.POST:
        return _bring_in(request, found)
    form = ReadingsFileForm(_posted(request), request.FILES or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        preview = _look_through(form, found)
    return _show(request, found, form, preview)


def _posted(request: WorkspaceRequest) -> Any:
    """What was sent; also nothing is something."""
    return request.POST if request.method == "POST" else None


def _look_through(form: ReadingsFileForm, found: FoundEngagement) -> imports.Preview | None:
    content = form.cleaned_data["file"].read(LARGEST_TABLE_BYTES + 1)
    try:
        table = read_book(content).table
    except UnreadableTable as error:
        form.add_error("file", said_by(error))
        return None
    measures = list(queries.get_measures(engagement_id=found.row.pk))
    return imports.read_readings(table=table, measures=measures, today=found.today)


def _show(
    request: WorkspaceRequest,
    found: FoundEngagement,
    form: ReadingsFileForm,
    preview: imports.Preview | None,
) -> HttpResponse:
    context: dict[str, Any] = {"header": found.header, "form": form, "preview": preview}
    if preview is not None:
        context |= {
            "faults": preview.faults[:FAULTS_SHOWN],
            "more_faults": max(0, len(preview.faults) - FAULTS_SHOWN),
            "items": preview.items[:ITEMS_SHOWN],
            "more_items": max(0, len(preview.items) - ITEMS_SHOWN),
        }
        if not preview.faults:
            sealed = imports.sealed(preview.items)
            context["bring_in"] = BringInForm(initial={"readings": sealed})
    context["back"] = reverse("metrics:measures", args=[request.workspace.slug, found.row.pk])
    return page(request, "metrics/import_readings.html", context)


def _bring_in(request: WorkspaceRequest, found: FoundEngagement) -> HttpResponse:
    here = redirect("metrics:import_readings", request.workspace.slug, found.row.pk)
    measures = queries.get_measures(engagement_id=found.row.pk)
    form = BringInForm(request.POST)
    if not form.is_valid():
        return here
    try:
        items = imports.unsealed(form.cleaned_data["readings"], measures=measures)
        taken = operations.record_readings(
            items=items,
            now=timezone.now(),
            today=found.today,
            recorded_by=person_of(request.user),
            way=Way.FILE,
            reason=form.cleaned_data["reason"],
        )
    except (BadSignature, KeyError):
        tell(request, _("Something changed since the file was looked through. Send it again."))
        return here
    except operations.ReadingRefused as refusal:
        tell(request, said_by(refusal))
        return here
    count = taken.new + taken.corrected
    words = ngettext("One reading is in.", "%(n)s readings are in.", count) % {"n": count}
    tell(request, words)
    return redirect("metrics:measures", request.workspace.slug, found.row.pk)
