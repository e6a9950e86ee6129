"""Plan files, in and out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption import exports, imports, queries
from adoption.adapters import UnreadablePlan
from adoption.forms import PlanFileForm
from adoption.models import Plan
from adoption.views.finding import find_engagement
from engagements.models import Engagement
from engagements.queries import header_of
from people.queries import person_of
from rendering.web import csv_file, form_view, page
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@form_view
def import_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    form = PlanFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _import(request, engagement, form):
        return redirect("adoption:plan", request.workspace.slug, engagement_id)
    context = {
        "form": form,
        "header": header_of(engagement, today=timezone.localdate()),
        "replaces": Plan.objects.filter(engagement=engagement).exists(),
    }
    return page(request, "adoption/import_plan.html", context)


def _import(request: WorkspaceRequest, engagement: Engagement, form: PlanFileForm) -> bool:
    upload = form.cleaned_data["file"]
    if upload.size > imports.LARGEST_PLAN_BYTES:
        form.add_error("file", _("The file is larger than 60 MB."))
        return False
    try:
        imports.import_plan(
            engagement=engagement,
            source=upload,
            file_name=upload.name,
            imported_by=person_of(request.user),
            now=timezone.now(),
            follows_today=form.cleaned_data["follows_today"],
        )
    except UnreadablePlan as error:
        form.add_error("file", str(error))
        return False
    messages.success(request, _("The plan stands, and its critical path is computed."))
    return True


@require_GET
def export_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = queries.get_plan(engagement_id=engagement_id)
    if shown is None:
        raise Http404
    record(action="plan.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.plan_csv(shown), f"{engagement.key.lower()}-plan.csv")
