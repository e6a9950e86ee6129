"""What is done against what was planned, and the likely finishes, as files."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from adoption import exports, queries
from adoption.views.finding import find_engagement
from rendering.web import csv_file
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def export_curve(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    zone = engagement.customer.zone
    now = timezone.localtime(timezone=zone).replace(tzinfo=None)
    shown = queries.get_curve(engagement_id=engagement_id, now=now)
    if shown is None:
        raise Http404
    turns = queries.get_turns(engagement_id=engagement_id, zone=zone)
    record(action="curve.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.curve_csv(shown, turns), f"{engagement.key.lower()}-curve.csv")


@require_GET
def export_forecast(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    found = queries.get_forecast(engagement_id=engagement_id)
    if found is None:
        raise Http404
    record(action="forecast.exported", subject=engagement, about_customer_id=engagement.customer_id)
    content = exports.simulation_csv(found.found, found.outlines)
    return csv_file(content, f"{engagement.key.lower()}-forecast.csv")
