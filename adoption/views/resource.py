"""One resource: when it is there, what needs it, and what a change of either would move."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption import operations, queries
from adoption.forms.resources import DaysForm, NeedForm
from adoption.models import Assignment, Plan, Resource, WorkPackage
from adoption.queries.absences import AbsencePreview
from adoption.queries.own_time import NeverTogether
from adoption.scheduling import NoWorkingTime, OutOfReach
from adoption.scheduling.terms import ANY_TIME
from adoption.views.finding import find_engagement
from adoption.views.resources import (
    address,
    bars_of,
    head,
    held_resource,
    person_narrowed,
    to_resource,
    today_at,
    told_overloads,
)
from adoption.views.times import say_absence, say_span, say_terms
from engagements.models import Engagement
from rendering.web import page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

MOST_NAMED = 400


@require_GET
def resource(request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID) -> HttpResponse:
    """The page; with days in the address it shows what they would move, and changes nothing."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    row = _visible(request, engagement_id, resource_id)
    days = DaysForm(request.GET) if "first" in request.GET else DaysForm()
    need = NeedForm()
    return _show(request, engagement, row, days=days, need=need)


@require_POST
def note_absence(request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    form = DaysForm(request.POST)
    if form.is_valid():
        try:
            operations.note_absence(resource=row, rule=form.rule, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = f"{row.name}: {say_span(form.rule.first, form.rule.last)}"
            undo = address(request, "forget_absence", engagement_id, resource_id)
            tell(request, said, undo=f"{undo}?{_as_query(request.POST)}")
            return to_resource(request, engagement_id, resource_id)
    return _show(request, engagement, row, days=form, need=NeedForm())


@require_POST
def forget_absence(
    request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID
) -> HttpResponse:
    """Takes days that differ back, as the form or the address names them."""
    require(request.membership, "edit_plan")
    find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    form = DaysForm(request.GET or request.POST)
    if form.is_valid():
        operations.forget_absence(resource=row, rule=form.rule, now=timezone.now())
        tell(
            request, _("Taken back: %(span)s") % {"span": say_span(form.rule.first, form.rule.last)}
        )
    return to_resource(request, engagement_id, resource_id)


@require_POST
def assign_resource(
    request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    row = held_resource(engagement_id, resource_id)
    form = NeedForm(request.POST)
    if form.is_valid():
        try:
            made = operations.assign_resource(
                package=_named_package(engagement_id, form.cleaned_data["package"]),
                resource=row,
                units=form.cleaned_data["units"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("package", " ".join(error.messages))
        else:
            undo = address(request, "unassign_resource", engagement_id, made.pk)
            tell(request, _("%(package)s needs it now.") % {"package": made.package}, undo=undo)
            return to_resource(request, engagement_id, resource_id)
    return _show(request, engagement, row, days=DaysForm(), need=form)


@require_POST
def unassign_resource(
    request: WorkspaceRequest, engagement_id: UUID, assignment_id: UUID
) -> HttpResponse:
    require(request.membership, "edit_plan")
    find_engagement(engagement_id)
    rows = Assignment.objects.select_related("package__plan", "resource")
    row = get_object_or_404(rows, pk=assignment_id, package__plan__engagement_id=engagement_id)
    resource_id = row.resource_id
    operations.unassign_resource(assignment=row, now=timezone.now())
    tell(request, _("%(package)s no longer needs it.") % {"package": row.package})
    return to_resource(request, engagement_id, resource_id)


def _visible(request: WorkspaceRequest, engagement_id: UUID, resource_id: UUID) -> Resource:
    rows = queries.resources_of(engagement_id)
    person = person_narrowed(request)
    if person is not None:
        rows = rows.filter(queries.is_person(person))
    return get_object_or_404(rows.select_related("team_member", "stakeholder"), pk=resource_id)


def _named_package(engagement_id: UUID, text: str) -> WorkPackage:
    """The package somebody names by its number, or by its whole name. Raises ValidationError."""
    word = text.strip().split(" ")[0]
    rows = WorkPackage.objects.select_related("plan").filter(
        plan__engagement_id=engagement_id, plan__what_if_of=None
    )
    found = list(rows.filter(Q(outline=word) | Q(name__iexact=text.strip()))[:2])
    if len(found) != 1:
        raise ValidationError(_("No work package is known by this number."))
    return found[0]


def _show(
    request: WorkspaceRequest,
    engagement: Engagement,
    row: Resource,
    *,
    days: DaysForm,
    need: NeedForm,
) -> HttpResponse:
    shown = queries.resource_row(row)
    loading = queries.get_loading(
        engagement_id=engagement.pk, today=today_at(engagement), rows=[shown]
    )
    context = {
        **head(request, engagement),
        "resource": shown,
        "time": say_terms(shown.terms),
        "rules": [{"rule": rule, "words": say_span(rule.first, rule.last)} for rule in shown.rules],
        "loading": loading,
        "load": loading.rows[0],
        "bars": bars_of(loading.rows[0], loading),
        "overloads": told_overloads(loading.overloads),
        "needs": queries.get_needs(resource_id=row.pk, engagement_id=engagement.pk),
        "packages": _nameable(engagement.pk),
        "days_form": days,
        "need_form": need,
        **_preview(engagement.pk, row, days),
    }
    return page(request, "adoption/resource.html", context)


def _nameable(engagement_id: UUID) -> Any:
    rows = WorkPackage.objects.filter(
        plan__engagement_id=engagement_id,
        plan__what_if_of=None,
        is_summary=False,
        done_percent__lt=100,
    )
    return rows.only("outline", "name")[:MOST_NAMED]


def _preview(engagement_id: UUID, row: Resource, form: DaysForm) -> dict[str, Any]:
    """What the asked days would move, when they make sense."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if not form.is_bound or not form.is_valid() or plan is None:
        return {}
    terms = (queries.resource_row(row).terms or ANY_TIME).with_rule(form.rule)
    try:
        found: AbsencePreview = queries.get_absence_preview(plan=plan, resource=row, terms=terms)
    except (NeverTogether, NoWorkingTime, OutOfReach):
        form.add_error(None, _("Then what needs it could never be done."))
        return {}
    words = say_absence(row.name, form.rule, found)
    return {"preview": found, "preview_words": words, "asked": form.cleaned_data}


def _as_query(sent: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in ("first", "last", "kind", "reason"):
        kept[name] = sent.get(name, "")
    return kept.urlencode()
