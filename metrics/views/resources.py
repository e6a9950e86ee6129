"""The page of where the money of a plan goes, by impact group."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from metrics import charts, exports, queries
from metrics.narrative.resources import UNGROUPED, resources_finding, say_without
from metrics.queries import Of, ResourcesView
from metrics.views.finding import find_engagement
from rendering.templatetags.formats import whole_money
from rendering.translation import translated
from rendering.web import csv_file, page
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def resources(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What was spent or is planned, with one group in focus where the address names it."""
    require(request.membership, "see_budget")
    found = find_engagement(engagement_id)
    view = queries.get_resources(engagement=found.row)
    of, focus = _of(request, view), request.GET.get("group", "")
    slices, planned = view.slices(of), of == "planned"
    known = focus in {row.key for row in view.rows if row.key != UNGROUPED and row.amount(of)}
    focus = focus if known else ""
    total = whole_money(view.total(of), view.currency)
    context = {
        "header": found.header,
        "view": view,
        "of": of,
        "focus": focus,
        "finding": resources_finding(slices, focus=focus, planned=planned),
        "without": say_without(view.without(of), planned=planned),
        "figure": charts.resources_pie(slices, focus=focus, total=total, say=translated)
        if slices
        else None,
    }
    return page(request, "metrics/resources.html", context, fragment="metrics/_resources.html")


def _of(request: WorkspaceRequest, view: ResourcesView) -> Of:
    """What was spent, unless the address or an empty purse says otherwise."""
    asked = request.GET.get("of", "")
    if asked in ("spent", "planned"):
        return "spent" if asked == "spent" else "planned"
    return "spent" if view.spent else "planned"


@require_GET
def export_resources(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_budget")
    found = find_engagement(engagement_id)
    view = queries.get_resources(engagement=found.row)
    record(
        action="group_resources.exported",
        subject=found.row,
        about_customer_id=found.row.customer_id,
    )
    return csv_file(exports.resources_csv(view), f"{found.row.key}-resources-{found.today}.csv")
