"""A what-if: made, tried on, compared with the live plan, taken over or dropped."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adoption import operations, queries
from adoption.adapters.calendars import calendar_from_json
from adoption.forms.versions import WhatIfForm
from adoption.models import Plan, WorkPackage
from adoption.views.compared import moved_of, say_counts, say_finish
from adoption.views.finding import find_engagement
from adoption.views.versions import back_to_versions, find_plan, header_for, show_versions
from people.queries import person_of
from rendering.templatetags.formats import number
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

STEPS_A_PAGE = 100


@require_POST
def make_what_if(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    plan = find_plan(engagement)
    form = WhatIfForm(request.POST, auto_id="what_if_%s")
    if form.is_valid():
        try:
            made = operations.make_what_if(
                plan=plan, by=person_of(request.user), now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("Here is your copy. The plan itself stays as it is."))
            return redirect("adoption:what_if", request.workspace.slug, made.pk)
    return show_versions(request, engagement, what_if_form=form)


@form_view
def what_if(request: WorkspaceRequest, what_if_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    copy = _find(what_if_id)
    steps = _steps(request, copy)
    faults: list[str] = []
    if request.method == "POST":
        try:
            return _try(request, copy, steps.object_list)
        except ValidationError as error:
            faults = error.messages
    compared = queries.get_comparison(
        engagement_id=copy.engagement_id,
        before="live",
        after=str(copy.pk),
        today=timezone.localdate(timezone=copy.customer.zone),
    )
    if compared is None:
        raise Http404
    context = {
        "header": header_for(copy.engagement),
        "copy": copy,
        "found": compared.found,
        "sentence": say_finish(compared.found),
        "counts": say_counts(compared.found),
        "moved": moved_of(compared.found),
        "steps": steps,
        "cells": [_cell(request, step, _day_minutes(copy)) for step in steps],
        "faults": faults,
    }
    return page(request, "adoption/what_if.html", context)


@require_POST
def take_over(request: WorkspaceRequest, what_if_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    copy = _find(what_if_id)
    try:
        moves = operations.take_over(
            what_if=copy,
            by=person_of(request.user),
            now=timezone.now(),
            anyway="anyway" in request.POST,
        )
    except operations.StaleWhatIf as error:
        context = {
            "header": header_for(copy.engagement),
            "copy": copy,
            "faults": error.messages,
        }
        return page(request, "adoption/what_if_stale.html", context)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
        return redirect("adoption:what_if", request.workspace.slug, copy.pk)
    undo = ""
    if moves.change_id is not None:
        undo = reverse("adoption:undo_change", args=[request.workspace.slug, moves.change_id])
    tell(request, _("“%(name)s” is the plan now.") % {"name": copy.name}, undo=undo)
    return redirect("adoption:plan", request.workspace.slug, copy.engagement_id)


@require_POST
def drop_what_if(request: WorkspaceRequest, what_if_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    copy = _find(what_if_id)
    operations.drop_what_if(what_if=copy, now=timezone.now())
    undo = reverse("adoption:restore_what_if", args=[request.workspace.slug, copy.pk])
    tell(request, _("“%(name)s” is dropped.") % {"name": copy.name}, undo=undo)
    return back_to_versions(request, copy.engagement_id)


@require_POST
def restore_what_if(request: WorkspaceRequest, what_if_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    copy = _find(what_if_id, dropped=True)
    try:
        operations.restore_what_if(what_if=copy)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    else:
        tell(request, _("“%(name)s” is back.") % {"name": copy.name})
    return back_to_versions(request, copy.engagement_id)


def _find(what_if_id: UUID, *, dropped: bool = False) -> Plan:
    rows = Plan.every.select_for_update(of=("self",)).exclude(what_if_of=None)
    rows = rows.select_related("engagement__customer", "customer", "what_if_of")
    return get_object_or_404(
        rows, pk=what_if_id, **({} if dropped else {"dropped_at__isnull": True})
    )


def _steps(request: WorkspaceRequest, copy: Plan) -> Any:
    rows = WorkPackage.objects.filter(plan=copy, is_summary=False, done_percent__lt=100)
    if request.GET.get("show") == "critical":
        rows = rows.filter(critical=True)
    return Paginator(rows, STEPS_A_PAGE).get_page(request.GET.get("page"))


def _day_minutes(copy: Plan) -> int:
    return calendar_from_json(copy.calendar).day_minutes


def _cell(request: WorkspaceRequest, step: WorkPackage, day: int) -> dict[str, Any]:
    """A step with what stands in its fields; what was sent stands there again."""
    return {
        "step": step,
        "length": request.POST.get(f"length-{step.uid}", _length(step, day)),
        "from": request.POST.get(f"from-{step.uid}", _from(step)),
        "drop": f"drop-{step.uid}" in request.POST,
    }


def _length(step: WorkPackage, day: int) -> str:
    unit = 1440 if step.elapsed else day
    return f"{step.duration / unit:.4g}{'ed' if step.elapsed else 'd'}"


def _from(step: WorkPackage) -> str:
    if step.constraint != "SNET" or step.constraint_at is None:
        return ""
    moment: datetime = step.constraint_at
    return moment.date().isoformat()


def _try(request: WorkspaceRequest, copy: Plan, steps: Sequence[WorkPackage]) -> HttpResponse:
    """What was sent becomes one change of the copy, and one more where steps are left out."""
    by, now = person_of(request.user), timezone.now()
    left_out = [step for step in steps if f"drop-{step.uid}" in request.POST]
    fields_of = {
        step.uid: fields
        for step in steps
        if step not in left_out and (fields := _sent(request.POST, step, _day_minutes(copy)))
    }
    if fields_of:
        words = _("Tried: %(n)s steps changed") % {"n": number(len(fields_of))}
        operations.change_rows(
            plan=copy, fields_of=fields_of, kind="tried", words=words, by=by, now=now
        )
    if left_out:
        operations.remove_packages(plan=copy, packages=left_out, by=by, now=now)
    tell(request, _("Tried. The plan itself stays as it is."))
    return redirect(request.get_full_path())


def _sent(sent: Mapping[str, str], step: WorkPackage, day: int) -> dict[str, Any]:
    """The fields of one step that were given other values."""
    fields: dict[str, Any] = {}
    length = sent.get(f"length-{step.uid}", "").strip()
    if length and length != _length(step, day):
        fields["duration"] = length
    begins = sent.get(f"from-{step.uid}")
    if begins is not None and begins != _from(step):
        fields |= _constraint(begins)
    return fields


def _constraint(begins: str) -> dict[str, Any]:
    if not begins:
        return {"constraint": "ASAP", "constraint_at": None}
    try:
        day = date.fromisoformat(begins)
    except ValueError as error:
        words = _("“%(day)s” is no date. Write it as 2027-03-31.")
        raise ValidationError(words % {"day": begins}) from error
    return {"constraint": "SNET", "constraint_at": datetime.combine(day, time())}
