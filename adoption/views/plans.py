"""The page of a plan: outline and Gantt."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption import operations
from adoption.exports.outlines import outline_csv
from adoption.models import Plan
from adoption.queries.variances import get_variances
from adoption.views.outline import (
    outline_context,
    outline_of,
    overloaded_of,
    page_at,
)
from adoption.views.versions import strip_for
from rendering.web import csv_file, page, wants_fragment
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    at = page_at(request, engagement_id, request.GET)
    context = outline_context(request, at, request.GET)
    fragment = "adoption/_plan.html" if context["plan"] else None
    if context["plan"] and at.what_if is None and not wants_fragment(request):
        context["strip"] = strip_for(context["plan"], today=at.now.date())
    return page(request, "adoption/plan.html", context, fragment=fragment)


@require_GET
def export_outline(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The rows as the address asks for them, all pages of them."""
    require(request.membership, "see_plan")
    at = page_at(request, engagement_id, request.GET)
    engagement, outline = at.engagement, outline_of(request, at, request.GET, whole=True)
    if outline is None:
        raise Http404
    record(action="outline.exported", subject=engagement, about_customer_id=engagement.customer_id)
    variances = get_variances(plan=outline.plan, agreed=outline.agreed, rows=outline.rows)
    table = outline_csv(
        outline, variances=variances, overloaded=overloaded_of(request, at, outline)
    )
    return csv_file(table, f"{engagement.key.lower()}-outline.csv")


@require_POST
def follow_today(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    stored = get_object_or_404(Plan.objects.select_related("customer"), engagement=engagement_id)
    follows = not stored.follows_today
    operations.follow_today(plan=stored, follows=follows, now=timezone.now())
    if follows:
        messages.success(request, _("Work not yet done now moves on with each day."))
    else:
        messages.success(request, _("Dates stand as they were planned."))
    return redirect("adoption:plan", request.workspace.slug, engagement_id)
