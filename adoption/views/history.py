"""The page of who changed what on a plan."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from adoption import exports, queries
from adoption.queries.history import HistoryView
from adoption.views.finding import find_engagement
from adoption.views.versions import header_for
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def history(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = _found(request, engagement_id)
    asked = {name: request.GET[name] for name in ("person", "package") if request.GET.get(name)}
    context: dict[str, Any] = {
        "header": header_for(engagement),
        "shown": shown,
        "asked": asked,
        "query": urlencode(asked),
        "may_edit": may(request.membership, "edit_plan"),
    }
    return page(request, "adoption/history.html", context)


@require_GET
def export_history(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = _found(request, engagement_id, whole=True)
    if shown is None:
        raise Http404
    record(
        action="plan_history.exported",
        subject=engagement,
        about_customer_id=engagement.customer_id,
    )
    return csv_file(exports.history_csv(shown), f"{engagement.key.lower()}-history.csv")


def _found(
    request: WorkspaceRequest, engagement_id: UUID, *, whole: bool = False
) -> HistoryView | None:
    page_asked = request.GET.get("page", "")
    return queries.get_history(
        engagement_id=engagement_id,
        person_id=_id(request.GET.get("person", "")),
        package_id=_id(request.GET.get("package", "")),
        page=int(page_asked) if page_asked.isdecimal() and len(page_asked) < 7 else 1,
        whole=whole,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
