"""Tests of an engagement, and what each person reached in one."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption import exports, operations, queries
from adoption.forms.assessments import AssessmentForm, ScoreForm
from adoption.imports.scores import score_of
from adoption.models import Assessment
from adoption.views.finding import find_engagement
from adoption.views.resources import address, today_at
from engagements.models import Engagement
from engagements.queries import get_next_action, get_roster, header_of
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 100
MOST_OFFERED = 400
HISTORY_SHOWN = 50


@require_GET
def assessments(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Every test of an engagement with how many people took it."""
    require(request.membership, "see_learning")
    engagement = find_engagement(engagement_id)
    context = {
        **head(engagement),
        "rows": queries.get_assessment_rows(engagement_id=engagement_id),
        **_rights(request),
    }
    return page(request, "adoption/assessments.html", context)


@require_GET
def export_assessments(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_learning")
    engagement = find_engagement(engagement_id)
    rows = queries.get_assessment_rows(engagement_id=engagement_id)
    _note("assessments.exported", engagement)
    name = f"{engagement.key.lower()}-tests-{today_at(engagement)}.csv"
    return csv_file(exports.assessments_csv(rows), name)


@require_GET
def assessment(request: WorkspaceRequest, assessment_id: UUID) -> HttpResponse:
    """One test, with everybody's results: for those who may see them."""
    require(request.membership, "see_scores")
    row = find_assessment(assessment_id)
    scores = queries.get_scores(assessment_id=row.pk)
    history = queries.get_replaced_results(assessment_id=row.pk)
    context = {
        **head(row.engagement),
        "row": row,
        "scores": scores,
        "people": Paginator(scores.people, PAGE_SIZE).get_page(request.GET.get("page")),
        "history": history[:HISTORY_SHOWN],
        "replaced": history.count(),
        **_rights(request),
    }
    return page(request, "adoption/assessment.html", context)


@require_GET
def export_scores(request: WorkspaceRequest, assessment_id: UUID) -> HttpResponse:
    """Every result that counts, as the import reads it back."""
    require(request.membership, "see_scores")
    row = find_assessment(assessment_id)
    _note("scores.exported", row.engagement)
    name = f"{row.engagement.key.lower()}-scores-{today_at(row.engagement)}.csv"
    return csv_file(exports.scores_csv(queries.get_scores(assessment_id=row.pk)), name)


@form_view
def add_assessment(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "record_scores")
    engagement = find_engagement(engagement_id)
    form = AssessmentForm(request.POST or None, engagement=engagement)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_assessment(engagement=engagement, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("“%(name)s” is there. Next: what people reached.") % {"name": made})
            return redirect(address(request, "assessment", made.pk))
    back = address(request, "assessments", engagement_id)
    return _show_form(request, engagement, form, _("A test"), back)


@form_view
def edit_assessment(request: WorkspaceRequest, assessment_id: UUID) -> HttpResponse:
    require(request.membership, "record_scores")
    row = find_assessment(assessment_id, held=True)
    form = AssessmentForm(request.POST or None, instance=row, engagement=row.engagement)
    back = address(request, "assessment", row.pk)
    if request.method == "POST" and form.is_valid() and _changed(form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect(back)
    return _show_form(request, row.engagement, form, row.name, back)


def _changed(form: AssessmentForm, row: Assessment) -> bool:
    try:
        operations.change_assessment(assessment=row, fields=form.model_fields)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@form_view
def record_score(request: WorkspaceRequest, assessment_id: UUID) -> HttpResponse:
    """One result by hand."""
    require(request.membership, "record_scores")
    row = find_assessment(assessment_id)
    today = today_at(row.engagement)
    start = {"day": today, "person": request.GET.get("person", "")[:200]}
    form = ScoreForm(request.POST or None, assessment=row, initial=start)
    back = address(request, "assessment", row.pk)
    if request.method == "POST" and form.is_valid() and _recorded(request, form, row):
        tell(request, _("Recorded."))
        return redirect(back)
    offered = get_roster(engagement_id=row.engagement_id)[:MOST_OFFERED]
    heading = _("Record a result")
    return _show_form(
        request, row.engagement, form, heading, back, "adoption/score_form.html", roster=offered
    )


def _recorded(request: WorkspaceRequest, form: ScoreForm, row: Assessment) -> bool:
    said = dict(form.cleaned_data)
    try:
        operations.record_scores(
            assessment=row,
            items=[score_of(said.pop("person"), said.pop("impact_group"), **said)],
            by=person_of(request.user),
            now=timezone.now(),
            today=today_at(row.engagement),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def find_assessment(assessment_id: UUID, *, held: bool = False) -> Assessment:
    """`held` keeps the test from others until the request is over."""
    rows = queries.get_assessments()
    return get_object_or_404(
        rows.select_for_update(of=("self",)) if held else rows, pk=assessment_id
    )


def head(engagement: Engagement) -> dict[str, Any]:
    next_action = get_next_action(engagement=engagement)
    return {"header": header_of(engagement, today=today_at(engagement), next_action=next_action)}


def _rights(request: WorkspaceRequest) -> dict[str, bool]:
    return {
        "may_edit": may(request.membership, "record_scores"),
        "may_see_scores": may(request.membership, "see_scores"),
    }


def _note(action: str, engagement: Engagement) -> None:
    record(action=action, subject=engagement, about_customer_id=engagement.customer_id)


def _show_form(
    request: WorkspaceRequest,
    engagement: Engagement,
    form: Any,
    heading: str,
    back: str,
    template: str = "engagements/fact_form.html",
    **more: Any,
) -> HttpResponse:
    context = {**head(engagement), "form": form, "heading": heading, "back": back, **more}
    return page(request, template, context)
