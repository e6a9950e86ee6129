"""What people said about an engagement, and what became of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements import charts, exports, queries
from engagements.queries.feedback import SHOWN
from engagements.views.finding import find, record_export
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 50


@require_GET
def feedback(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found, now = find(engagement_id), timezone.now()
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "open"
    view = queries.get_feedback(engagement_id=engagement_id, now=now, show=show)
    waves = [(wave.usability, wave.effectiveness) for wave in view.sentiment]
    names = (_("Usability"), _("Effectiveness"))
    concerns = _page(request, view.concerns)
    listed = [row.id for row in concerns]
    context = {
        "header": found.header,
        "feedback": view,
        "concerns": concerns,
        "attachments": queries.get_attachments(kind="concern", row_ids=listed),
        "may_attach": may(request.membership, "add_files"),
        "show": show,
        "drawing": charts.sentiment(waves, names) if waves else None,
        "may_edit": may(request.membership, "edit_engagement"),
        "now": now,
    }
    return page(request, "engagements/feedback.html", context)


def _page(request: WorkspaceRequest, rows: Any) -> Any:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


@require_GET
def export_surveys(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("surveys.exported", found)
    view = queries.get_feedback(engagement_id=engagement_id, now=timezone.now())
    name = f"{found.row.key}-surveys-{found.today}.csv"
    return csv_file(exports.surveys_csv(view.surveys), name)


@require_GET
def export_concerns(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Those the page shows, in its order."""
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("concerns.exported", found)
    rows = queries.get_concern_rows(
        engagement_id=engagement_id, now=timezone.now(), show=request.GET.get("show", "all")
    )
    return csv_file(exports.concerns_csv(rows), f"{found.row.key}-concerns-{found.today}.csv")


@require_GET
def results(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    survey = get_object_or_404(queries.get_surveys(), pk=survey_id)
    found = find(survey.engagement_id)
    may_edit = may(request.membership, "edit_engagement")
    context = {
        "header": found.header,
        "survey": survey,
        "results": queries.get_results(survey=survey),
        "invitees": _page(request, queries.get_invitees(survey_id=survey_id)) if may_edit else (),
        "may_edit": may_edit,
        "now": timezone.now(),
    }
    return page(request, "engagements/results.html", context)


@require_GET
def export_invitees(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    """Who was asked, for our own side."""
    require(request.membership, "edit_engagement")
    survey = get_object_or_404(queries.get_surveys(), pk=survey_id)
    found = find(survey.engagement_id)
    record_export("survey_people.exported", found)
    text = exports.invitees_csv(queries.get_invitees(survey_id=survey_id))
    return csv_file(text, f"{found.row.key}-survey-people-{found.today}.csv")


@require_GET
def export_results(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    survey = get_object_or_404(queries.get_surveys(), pk=survey_id)
    found = find(survey.engagement_id)
    record_export("results.exported", found)
    text = exports.results_csv(queries.get_results(survey=survey))
    return csv_file(text, f"{found.row.key}-survey-{survey.wave}-{found.today}.csv")
