"""The page that says what training changed, for whom it did not suffice, and perhaps why."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from metrics import charts, exports, queries
from metrics.narrative.learning import group_hints, learning_details, learning_finding, say_matched
from metrics.queries import LearningView
from metrics.views.finding import FoundEngagement, find_engagement
from rendering.translation import translated
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

BELOW_SHOWN = 100


@require_GET
def learning(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Scores by group against the standard; `test` in the address names the test."""
    require(request.membership, "see_learning")
    found = find_engagement(engagement_id)
    view = _view(request, found)
    context = {
        "header": found.header,
        "view": view,
        "below": view.below[:BELOW_SHOWN],
        "more_below": max(0, len(view.below) - BELOW_SHOWN),
        "may_edit": may(request.membership, "record_scores"),
        **_said(view),
    }
    return page(request, "metrics/learning.html", context)


def _said(view: LearningView) -> dict[str, Any]:
    """The words and the figure of the page; none without scores."""
    if not view.has_scores:
        return {}
    reasons = [(one, group_hints(one.result)) for one in _failing(view)]
    said = sum(len(hints) for _one, hints in reasons)
    return {
        "finding": learning_finding(view.found),
        # What is said of no failing group: who met the standard before.
        "early": learning_details(view.found)[said:],
        "pairs": say_matched(view.pairs) if view.people.among or view.people.untested else "",
        "reasons": reasons,
        "figure": charts.score_bars(view.found, say=translated) if view.standings else None,
    }


def _failing(view: LearningView) -> list[queries.GroupStanding]:
    """Groups below the standard, the widest gap first."""
    standings = {one.result.group.key: one for one in view.standings}
    return [standings[result.group.key] for result in view.found.below]


@require_GET
def export_learning(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_learning")
    found = find_engagement(engagement_id)
    view = _view(request, found)
    record(action="learning.exported", subject=found.row, about_customer_id=found.row.customer_id)
    return csv_file(exports.learning_csv(view), f"{found.row.key}-learning-{found.today}.csv")


def _view(request: WorkspaceRequest, found: FoundEngagement) -> LearningView:
    asked = _asked(request.GET.get("test", ""))
    view = queries.get_learning(
        engagement_id=found.row.pk,
        today=found.today,
        assessment_id=asked,
        names_people=may(request.membership, "see_scores"),
        tells_money=may(request.membership, "see_budget"),
    )
    if asked is not None and view.test is None:
        raise Http404
    return view


def _asked(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
