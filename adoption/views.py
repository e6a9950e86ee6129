"""The plan of an engagement: outline, Gantt, and how a plan file comes in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from adoption import charts, exports, imports, operations, queries
from adoption.adapters import UnreadablePlan
from adoption.forms import PlanFileForm
from adoption.models import Plan
from adoption.queries import PlanRow, PlanView
from engagements.models import Engagement
from engagements.queries import EngagementHeader, get_engagements, header_of
from people.queries import person_of
from rendering.diagram import GanttWords
from rendering.formats import current
from rendering.web import csv_file, form_view, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

MANY_ROWS = 250
TOP_LEVELS = 2

SHOWN: dict[str, Callable[[PlanRow], bool]] = {
    "all": lambda row: True,
    "top": lambda row: row.level <= TOP_LEVELS,
    "open": lambda row: not row.is_done,
    "critical": lambda row: row.critical and not row.is_done,
}


def _engagement(engagement_id: UUID) -> Engagement:
    return get_object_or_404(get_engagements(), pk=engagement_id)


@require_GET
def plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = _engagement(engagement_id)
    shown = queries.get_plan(engagement_id=engagement_id)
    now = timezone.localtime(timezone=engagement.customer.zone).replace(tzinfo=None)
    header = header_of(engagement, today=now.date())
    context: dict[str, Any] = {
        "header": header,
        "plan": shown,
        "may_edit": may(request.membership, "edit_plan"),
    }
    if shown:
        key = _shown_rows(request, shown)
        rows = tuple(filter(SHOWN[key], shown.rows))
        context |= {
            "rows": rows,
            "gantt": charts.gantt(shown, rows, today=now.date(), words=_words(header, shown)),
            "chips": [
                {"key": name, "count": sum(map(wanted, shown.rows)), "current": name == key}
                for name, wanted in SHOWN.items()
            ],
        }
    return page(request, "adoption/plan.html", context)


def _words(header: EngagementHeader, shown: PlanView) -> GanttWords:
    lead = ngettext(
        "%(n)s work package is critical.", "%(n)s work packages are critical.", shown.critical
    ) % {"n": shown.critical}
    return GanttWords(
        title=_("Plan of %(name)s on a time line") % {"name": header.name},
        lead=lead,
        today=_("Today"),
        critical=_("critical"),
        span=_("{label}: {start} to {finish}"),
        more=_("{count} more rows stand in the table"),
        months=tuple(current().month(month) for month in range(1, 13)),
    )


def _shown_rows(request: WorkspaceRequest, shown: PlanView) -> str:
    """Which rows to show: as asked, else all of a plan that fits a page."""
    asked = request.GET.get("show", "")
    if asked in SHOWN:
        return asked
    return "top" if len(shown.rows) > MANY_ROWS else "all"


@form_view
def import_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = _engagement(engagement_id)
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


@require_GET
def export_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = _engagement(engagement_id)
    shown = queries.get_plan(engagement_id=engagement_id)
    if shown is None:
        raise Http404
    record(action="plan.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.plan_csv(shown), f"{engagement.key.lower()}-plan.csv")
