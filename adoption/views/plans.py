"""The page of a plan: outline and Gantt."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from adoption import charts, operations, queries
from adoption.models import Plan
from adoption.queries import PlanRow, PlanView
from adoption.views.finding import find_engagement
from engagements.queries import EngagementHeader, get_next_action, header_of
from rendering.diagram import GanttWords
from rendering.formats import current
from rendering.web import page
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

MANY_ROWS = 250
TOP_LEVELS = 2

SHOWN: dict[str, Callable[[PlanRow], bool]] = {
    "all": lambda row: True,
    "top": lambda row: row.level <= TOP_LEVELS,
    "open": lambda row: not row.is_done,
    "critical": lambda row: row.critical and not row.is_done,
}


@require_GET
def plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = queries.get_plan(engagement_id=engagement_id)
    now = timezone.localtime(timezone=engagement.customer.zone).replace(tzinfo=None)
    next_action = get_next_action(engagement=engagement)
    header = header_of(engagement, today=now.date(), next_action=next_action)
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
