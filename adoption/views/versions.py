"""The page of a plan's versions: its baselines and what-ifs, taken, chosen, dropped."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption import exports, operations, queries
from adoption.forms.versions import BaselineForm, WhatIfForm
from adoption.models import Baseline, Plan
from adoption.queries import PlanView
from adoption.views.compared import moved_of, say_counts, say_finish
from adoption.views.finding import find_engagement
from engagements.models import Engagement
from engagements.queries import get_next_action, header_of
from people.queries import person_of
from rendering.web import csv_file, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def versions(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    return show_versions(request, engagement)


def show_versions(
    request: WorkspaceRequest,
    engagement: Engagement,
    *,
    baseline_form: BaselineForm | None = None,
    what_if_form: WhatIfForm | None = None,
) -> HttpResponse:
    """The page, with a form that was refused where there is one."""
    may_edit = may(request.membership, "edit_plan")
    context = {
        "header": header_for(engagement),
        "shown": queries.get_versions(engagement_id=engagement.pk),
        "may_edit": may_edit,
        "baseline_form": baseline_form or BaselineForm(auto_id="baseline_%s"),
        "what_if_form": what_if_form or WhatIfForm(auto_id="what_if_%s"),
    }
    return page(request, "adoption/versions.html", context)


@require_GET
def export_versions(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = queries.get_versions(engagement_id=engagement_id)
    if shown is None:
        raise Http404
    record(action="versions.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.versions_csv(shown), f"{engagement.key.lower()}-baselines.csv")


@require_POST
def take_baseline(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    plan = find_plan(engagement)
    form = BaselineForm(request.POST, auto_id="baseline_%s")
    if form.is_valid():
        try:
            operations.take_baseline(
                plan=plan, by=person_of(request.user), now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("The plan as it stands is kept as a baseline."))
            return back_to_versions(request, engagement_id)
    return show_versions(request, engagement, baseline_form=form)


@require_POST
def choose_baseline(request: WorkspaceRequest, baseline_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    row = _find_baseline(baseline_id)
    before = Baseline.objects.filter(plan=row.plan_id, chosen=True).first()
    try:
        operations.choose_baseline(baseline=row)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
        return back_to_versions(request, row.plan.engagement_id)
    undo = ""
    if before is not None and before.pk != row.pk:
        undo = reverse("adoption:choose_baseline", args=[request.workspace.slug, before.pk])
    words = _("The plan is held against “%(name)s” from now on.") % {"name": row.name}
    tell(request, words, undo=undo)
    return back_to_versions(request, row.plan.engagement_id)


@require_POST
def drop_baseline(request: WorkspaceRequest, baseline_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    row = _find_baseline(baseline_id)
    undo = reverse("adoption:restore_baseline", args=[request.workspace.slug, row.pk])
    if row.chosen:
        undo = f"{undo}?choose=1"
    operations.drop_baseline(baseline=row, now=timezone.now())
    tell(request, _("The baseline “%(name)s” is deleted.") % {"name": row.name}, undo=undo)
    return back_to_versions(request, row.plan.engagement_id)


@require_POST
def restore_baseline(request: WorkspaceRequest, baseline_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    row = _find_baseline(baseline_id)
    operations.restore_baseline(baseline=row, choose=request.GET.get("choose") == "1")
    tell(request, _("The baseline “%(name)s” is back.") % {"name": row.name})
    return back_to_versions(request, row.plan.engagement_id)


def strip_for(shown: PlanView, *, today: date) -> dict[str, Any] | None:
    """What changed since last week, as `_plan_strip.html` draws it; None where nothing is known."""
    found = queries.get_strip(plan_id=shown.id, today=today)
    if found is None:
        return None
    return {
        "since": found.since,
        "is_same": found.found.is_same,
        "sentence": say_finish(found.found),
        "counts": say_counts(found.found),
        "moved": moved_of(found.found),
    }


def header_for(engagement: Engagement) -> Any:
    today = timezone.localdate(timezone=engagement.customer.zone)
    next_action = get_next_action(engagement=engagement)
    return header_of(engagement, today=today, next_action=next_action)


def find_plan(engagement: Engagement) -> Plan:
    rows = Plan.objects.select_related("engagement__customer", "customer")
    return get_object_or_404(rows, engagement=engagement)


def back_to_versions(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    return redirect("adoption:versions", request.workspace.slug, engagement_id)


def _find_baseline(baseline_id: UUID) -> Baseline:
    """The weekly copies are nobody's to choose or delete."""
    rows = Baseline.objects.select_for_update(of=("self",)).exclude(kind=Baseline.Kind.WEEK)
    rows = rows.select_related("plan__engagement__customer").defer("contents")
    return get_object_or_404(rows, pk=baseline_id)
