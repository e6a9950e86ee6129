"""Levelling: what would have to wait so that nobody is asked for more than there is."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption import exports, operations, queries
from adoption.models import Plan
from adoption.views.calendar import undo_change
from adoption.views.finding import find_engagement
from adoption.views.resources import address, head, today_at
from adoption.views.times import say_levelling, say_overload
from people.queries import person_of
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

ROWS_SHOWN = 200


@form_view
def levelling(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """A preview that changes nothing; taken over by POST, as it was shown."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    plan = Plan.objects.select_related("customer").filter(engagement=engagement).first()
    today = today_at(engagement)
    shown = queries.get_levelling(plan=plan, today=today) if plan else None
    fault = ""
    if request.method == "POST" and plan is not None and shown is not None:
        require(request.membership, "edit_plan")
        fault = _take_over(request, plan, shown)
        if not fault:
            return redirect(address(request, "levelling", engagement_id))
    context = {
        **head(request, engagement),
        "shown": shown,
        "fault": fault,
        "words": say_levelling(shown) if shown else "",
        "rows": shown.moved[:ROWS_SHOWN] if shown else (),
        "remaining": [say_overload(one) for one in shown.remaining] if shown else (),
    }
    return page(request, "adoption/levelling.html", context)


def _take_over(request: WorkspaceRequest, plan: Plan, shown: queries.LevellingView) -> str:
    """Set the dates of the preview; the words why not, when the plan is another one by now."""
    if request.POST.get("seen") != shown.fingerprint:
        return _("The plan has changed meanwhile. This is what would move now.")
    try:
        moves = operations.level_plan(
            plan=plan,
            not_before=shown.not_before,
            by=person_of(request.user),
            now=timezone.now(),
        )
    except ValidationError as error:
        return " ".join(error.messages)
    undo = address(request, "undo_levelling", plan.engagement_id)
    tell(request, _("The dates are set."), undo=f"{undo}?change={moves.change_id}")
    return ""


@require_POST
def undo_levelling(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Takes the levelling back that the address names."""
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    undo_change(request, engagement, kind="levelled")
    return redirect(address(request, "levelling", engagement_id))


@require_GET
def export_levelling(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    plan = Plan.objects.filter(engagement=engagement).first()
    if plan is None:
        raise Http404
    shown = queries.get_levelling(plan=plan, today=today_at(engagement))
    record(
        action="levelling.exported", subject=engagement, about_customer_id=engagement.customer_id
    )
    return csv_file(exports.levelling_csv(shown), f"{engagement.key.lower()}-levelling.csv")
