"""Scores of a test out of a table: looked through first, then all of them or none."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption import imports, operations
from adoption.forms.assessments import BringScoresForm, ScoresFileForm
from adoption.imports import ScoresPreview
from adoption.models import Assessment, ResultWay
from adoption.views.assessments import find_assessment, head
from adoption.views.resources import address, today_at
from people.queries import person_of
from rendering.spreadsheets import UnreadableTable, read_book
from rendering.translation import said_by
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

FAULTS_SHOWN, ITEMS_SHOWN = 100, 20


@form_view
def import_scores(request: WorkspaceRequest, assessment_id: UUID) -> HttpResponse:
    """A table is looked through and shown first; a second press brings all of it in."""
    require(request.membership, "record_scores")
    row = find_assessment(assessment_id)
    if request.method == "POST" and "scores" in request.POST:
        return _bring_in(request, row)
    posted: Any = request.POST if request.method == "POST" else None
    form = ScoresFileForm(posted, request.FILES or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        preview = _look_through(form, row)
    return _show(request, row, form, preview)


def _look_through(form: ScoresFileForm, row: Assessment) -> ScoresPreview | None:
    try:
        table = read_book(form.content).table
        return imports.read_scores(assessment=row, table=table, today=today_at(row.engagement))
    except UnreadableTable as error:
        form.add_error("file" if form.cleaned_data["file"] else "text", said_by(error))
        return None


def _show(
    request: WorkspaceRequest,
    row: Assessment,
    form: ScoresFileForm,
    preview: ScoresPreview | None,
) -> HttpResponse:
    context: dict[str, Any] = {**head(row.engagement), "row": row, "form": form, "preview": preview}
    if preview is not None:
        context |= {
            "faults": preview.errors[:FAULTS_SHOWN],
            "more_faults": max(0, len(preview.errors) - FAULTS_SHOWN),
            "items": preview.items[:ITEMS_SHOWN],
            "more_items": max(0, len(preview.items) - ITEMS_SHOWN),
        }
        if not preview.errors:
            sealed = imports.sealed(preview.items, assessment=row)
            context["bring_in"] = BringScoresForm(initial={"scores": sealed})
    context["back"] = address(request, "assessment", row.pk)
    return page(request, "adoption/import_scores.html", context)


def _bring_in(request: WorkspaceRequest, row: Assessment) -> HttpResponse:
    here = redirect(address(request, "import_scores", row.pk))
    try:
        taken = operations.record_scores(
            assessment=row,
            items=imports.unsealed(request.POST["scores"], assessment=row),
            by=person_of(request.user),
            now=timezone.now(),
            today=today_at(row.engagement),
            way=ResultWay.FILE,
        )
    except (BadSignature, KeyError):
        tell(request, _("Something changed since the table was looked through. Send it again."))
        return here
    except ValidationError as error:
        tell(request, " ".join(error.messages))
        return here
    count = taken.new + taken.replaced
    tell(request, ngettext("One result is in.", "%(n)s results are in.", count) % {"n": count})
    return redirect(address(request, "assessment", row.pk))
