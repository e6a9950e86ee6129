"""Plan files and pictures of a plan on their way out."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from adoption import charts, exports, queries
from adoption.adapters import PlanFile
from adoption.queries import PlanRow, PlanView
from adoption.queries.plan_files import get_plan_file
from adoption.views.finding import find_engagement
from adoption.views.network import Asked, draw
from engagements.models import Engagement
from rendering.diagram import GanttWords, RowName, gantt_svg, network_svg
from rendering.diagram.pictures import NoPicture, kinds, picture
from rendering.formats import current
from rendering.templatetags.formats import said_to_the_minute
from rendering.web import csv_file, workbook_file
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PICTURES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}
MANY_ROWS = 250
TOP_LEVELS = 2
_SHOWN: dict[str, Callable[[PlanRow], bool]] = {
    "all": lambda row: True,
    "top": lambda row: row.level <= TOP_LEVELS,
    "open": lambda row: not row.is_done,
    "critical": lambda row: row.critical and not row.is_done,
}


@require_GET
def export_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement, plan_file = _plan_file(request, engagement_id, "csv")
    return csv_file(exports.plan_csv(plan_file), _named(engagement, "plan.csv"))


@require_GET
def export_plan_xlsx(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement, plan_file = _plan_file(request, engagement_id, "xlsx")
    return workbook_file(exports.plan_xlsx(plan_file), _named(engagement, "plan.xlsx"))


@require_GET
def export_plan_xml(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponseBase:
    require(request.membership, "see_plan")
    engagement, plan_file = _plan_file(request, engagement_id, "xml")
    response = StreamingHttpResponse(exports.plan_xml(plan_file), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{_named(engagement, "plan.xml")}"'
    return response


def _plan_file(
    request: WorkspaceRequest, engagement_id: UUID, form: str
) -> tuple[Engagement, PlanFile]:
    """The plan to take along; that it was taken is recorded. Budgets go to those who see them."""
    engagement = find_engagement(engagement_id)
    plan_file = get_plan_file(
        engagement_id=engagement_id, with_money=may(request.membership, "see_budget")
    )
    if plan_file is None:
        raise Http404
    _record(engagement, form)
    return engagement, plan_file


def _record(engagement: Engagement, form: str) -> None:
    record(
        action="plan.exported",
        subject=engagement,
        facts={"form": form},
        about_customer_id=engagement.customer_id,
    )


def _named(engagement: Engagement, name: str) -> str:
    return f"{engagement.key.lower()}-{name}"


# --- pictures ---------------------------------------------------------------------------------


@require_GET
def export_timeline(request: WorkspaceRequest, engagement_id: UUID, kind: str) -> HttpResponseBase:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = queries.get_plan(engagement_id=engagement_id)
    if shown is None:
        raise Http404
    rows = _rows(shown, request.GET.get("show", ""))
    today = timezone.localdate(timezone=engagement.customer.zone)
    drawing = charts.gantt(shown, rows, today=today, words=_words(engagement, shown))
    names = [RowName(row.outline, row.name, row.level, row.is_summary) for row in rows]
    svg = gantt_svg(drawing, names, heading=_heading(engagement), note=_note(shown, rows))
    return _picture(request, engagement, svg, kind, "time-line", drawing.width * drawing.height)


@require_GET
def draw_network(request: WorkspaceRequest, engagement_id: UUID, kind: str) -> HttpResponseBase:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    asked = Asked.of(request.GET)
    shown = asked.view(engagement_id)
    if shown is None:
        raise Http404
    drawing = draw(shown, asked)
    note = _("Computed %(when)s") % {"when": said_to_the_minute(shown.scheduled_at)}
    svg = network_svg(drawing, heading=_heading(engagement), note=note)
    return _picture(request, engagement, svg, kind, "network", drawing.width * drawing.height)


def _rows(shown: PlanView, asked: str) -> Sequence[PlanRow]:
    usual = "top" if len(shown.rows) > MANY_ROWS else "all"
    return tuple(filter(_SHOWN.get(asked, _SHOWN[usual]), shown.rows))


def _heading(engagement: Engagement) -> str:
    return f"{engagement.customer.name}: {engagement.name}"


def _note(shown: PlanView, rows: Sequence[PlanRow]) -> str:
    words = _("Computed %(when)s") % {"when": said_to_the_minute(shown.scheduled_at)}
    left_out = len(shown.rows) - len(rows)
    if not left_out:
        return words
    more = ngettext("%(n)s row is not shown", "%(n)s rows are not shown", left_out)
    return f"{words}. {more % {'n': left_out}}."


def _words(engagement: Engagement, shown: PlanView) -> GanttWords:
    lead = ngettext(
        "%(n)s work package is critical.", "%(n)s work packages are critical.", shown.critical
    ) % {"n": shown.critical}
    return GanttWords(
        title=_("Plan of %(name)s on a time line") % {"name": engagement.name},
        lead=lead,
        today=_("Today"),
        status=_("Status date"),
        overloaded=_("too much at once"),
        critical=_("critical"),
        span=_("{label}: {start} to {finish}"),
        more=_("{count} more rows stand in the table"),
        months=tuple(current().month(month) for month in range(1, 13)),
    )


def _picture(
    request: WorkspaceRequest, engagement: Engagement, svg: str, kind: str, what: str, pixels: int
) -> HttpResponseBase:
    if kind not in kinds():
        raise Http404
    try:
        content = picture(svg, kind, pixels=pixels)
    except NoPicture:
        messages.error(request, _("The drawing is too large for a PNG. Take the PDF or the SVG."))
        return redirect("adoption:plan", request.workspace.slug, engagement.pk)
    _record(engagement, f"{what} {kind}")
    response = HttpResponse(content, content_type=PICTURES[kind])
    response["Content-Disposition"] = (
        f'attachment; filename="{_named(engagement, f"{what}.{kind}")}"'
    )
    return response
