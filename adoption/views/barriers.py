"""The barriers of an engagement: what stops whom, who removes it, and what did."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption import exports, operations, queries
from adoption.forms.barriers import BarrierFiltersForm, BarrierForm, RemovalForm
from adoption.models import Barrier
from adoption.queries.barriers import STANDING, BarrierFilters, BarrierList
from adoption.views.finding import find_engagement
from adoption.views.resources import address, today_at
from engagements.models import Engagement
from engagements.queries import get_next_action, header_of
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def barriers(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The register; `state`, `kind`, `group` and `order` in the address say what is shown."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    form = BarrierFiltersForm(request.GET)
    asked = _asked(form)
    context = {
        **_head(engagement),
        "found": _found(engagement, asked),
        "asked": asked,
        "form": form,
        "states": _states(asked),
        "query": urlencode(_said(asked)),
        "is_narrowed": bool(asked.kind or asked.group),
        "may_edit": may(request.membership, "edit_barriers"),
    }
    return page(request, "adoption/barriers.html", context, fragment="adoption/_barriers.html")


@require_GET
def export_barriers(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    found = _found(engagement, _asked(BarrierFiltersForm(request.GET)))
    record(action="barriers.exported", subject=engagement, about_customer_id=engagement.customer_id)
    name = f"{engagement.key.lower()}-barriers-{today_at(engagement)}.csv"
    return csv_file(exports.barriers_csv(found), name)


@form_view
def note_barrier(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_barriers")
    engagement = find_engagement(engagement_id)
    start = {"since_date": today_at(engagement), "groups": request.GET.getlist("group")}
    form = BarrierForm(request.POST or None, engagement=engagement, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            operations.note_barrier(
                engagement=engagement,
                groups=form.asked_groups,
                fields=form.model_fields,
                by=person_of(request.user),
            )
        except ValidationError as refusal:
            form.say_refusal(refusal)
        else:
            tell(request, _("The barrier is in the register."))
            return redirect(address(request, "barriers", engagement_id))
    return _show_form(request, engagement, form, _("Note a barrier"))


@form_view
def edit_barrier(request: WorkspaceRequest, barrier_id: UUID) -> HttpResponse:
    require(request.membership, "edit_barriers")
    row = _held(barrier_id)
    engagement = find_engagement(row.engagement_id)
    form = BarrierForm(request.POST or None, instance=row, engagement=engagement)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect(address(request, "barriers", engagement.pk))
    return _show_form(
        request, engagement, form, row.get_kind_display(), "adoption/barrier_form.html", row=row
    )


def _changed(request: WorkspaceRequest, form: BarrierForm, row: Barrier) -> bool:
    try:
        operations.change_barrier(
            barrier=row,
            fields=form.model_fields,
            groups=form.asked_groups,
            by=person_of(request.user),
        )
    except ValidationError as refusal:
        form.say_refusal(refusal)
        return False
    return True


@form_view
def remove_barrier(request: WorkspaceRequest, barrier_id: UUID) -> HttpResponse:
    """It is out of the way; asked to undo, it stands as before."""
    require(request.membership, "edit_barriers")
    row = _held(barrier_id)
    engagement = find_engagement(row.engagement_id)
    form = RemovalForm(request.POST or None, initial={"removed_date": today_at(engagement)})
    if request.method == "POST" and is_undo(request):
        operations.bring_back_barrier(barrier=row, by=person_of(request.user))
        tell(request, _("It stands in the way again."))
        return redirect(address(request, "barriers", engagement.pk))
    if request.method == "POST" and form.is_valid() and _removed(request, form, row):
        tell(request, _("The barrier is removed."), undo=undo_of(request))
        return redirect(address(request, "barriers", engagement.pk))
    heading = _("Removed: %(barrier)s") % {"barrier": row.get_kind_display()}
    return _show_form(request, engagement, form, heading)


def _removed(request: WorkspaceRequest, form: RemovalForm, row: Barrier) -> bool:
    try:
        operations.remove_barrier(
            barrier=row,
            day=form.cleaned_data["removed_date"],
            how=form.cleaned_data["removed_how"],
            by=person_of(request.user),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _held(barrier_id: UUID) -> Barrier:
    rows = queries.get_barriers().select_for_update(of=("self",))
    return get_object_or_404(rows, pk=barrier_id)


def _head(engagement: Engagement) -> dict[str, Any]:
    next_action = get_next_action(engagement=engagement)
    return {"header": header_of(engagement, today=today_at(engagement), next_action=next_action)}


def _found(engagement: Engagement, asked: BarrierFilters) -> BarrierList:
    return queries.get_barrier_list(
        engagement_id=engagement.pk, today=today_at(engagement), asked=asked
    )


def _asked(form: BarrierFiltersForm) -> BarrierFilters:
    """What the address asks for; what it says wrongly is as if it said nothing."""
    form.is_valid()
    said = form.cleaned_data
    state = said.get("state") or STANDING
    return BarrierFilters(
        state="" if state == "all" else state,
        kind=said.get("kind", ""),
        group=said.get("group"),
        order=said.get("order") or "severity",
    )


def _said(asked: BarrierFilters) -> dict[str, Any]:
    """The filters as an address says them, the usual ones left out."""
    usual = BarrierFilters()
    named = {
        "state": asked.state or "all",
        "kind": asked.kind,
        "group": asked.group or "",
        "order": asked.order,
    }
    return {name: value for name, value in named.items() if value and value != getattr(usual, name)}


def _states(asked: BarrierFilters) -> list[dict[str, Any]]:
    words = {
        STANDING: _("In the way"),
        "open": _("Open"),
        "worked_on": _("Being worked on"),
        "removed": _("Removed"),
        "": _("All"),
    }
    return [
        {
            "key": key,
            "words": said,
            "query": urlencode(_said(replace(asked, state=key))),
            "current": asked.state == key,
        }
        for key, said in words.items()
    ]


def _show_form(
    request: WorkspaceRequest,
    engagement: Engagement,
    form: Any,
    heading: str,
    template: str = "engagements/fact_form.html",
    **more: Any,
) -> HttpResponse:
    back = address(request, "barriers", engagement.pk)
    context = {**_head(engagement), "form": form, "heading": heading, "back": back, **more}
    return page(request, template, context)
