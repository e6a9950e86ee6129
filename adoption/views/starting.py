"""A plan from nothing: a list of steps, or the steps of another engagement's plan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from adoption import operations, queries
from adoption.editing import Moves
from adoption.forms.starting import LikeForm, StartForm
from adoption.models import Plan
from adoption.queries.examples import get_plans_to_copy
from adoption.views.finding import find_engagement
from adoption.views.outline import PlanPage
from engagements.models import Engagement
from people.queries import person_of
from rendering.web import form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

Make = Callable[..., Moves]


@form_view
def start_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Steps typed or pasted, shown with their dates before the plan is made."""
    require(request.membership, "edit_plan")
    at = PlanPage.of(find_engagement(engagement_id))
    form = StartForm(request.POST or None, initial=_first(at))

    def make(**said: Any) -> Moves:
        return operations.make_plan(**form.cleaned_data, **said)

    return _begin(request, at, form, make, template="adoption/start_plan.html", fault_at="text")


@form_view
def begin_like(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The plan of another engagement once more, on other days and with nothing done."""
    require(request.membership, "edit_plan")
    at = PlanPage.of(find_engagement(engagement_id))
    plans = get_plans_to_copy(engagement_id=engagement_id)
    sees_money = may(request.membership, "see_budget")
    asked = {"source": request.GET.get("plan", "")}
    form = LikeForm(
        request.POST or None, initial=_first(at) | asked, plans=plans, sees_money=sees_money
    )

    def make(**said: Any) -> Moves:
        fields = {name: value for name, value in form.cleaned_data.items() if name != "source"}
        source = get_object_or_404(Plan.objects.select_related("customer"), pk=form.source_id)
        return operations.begin_like(source=source, **fields, **said)

    more = {"plans": plans}
    return _begin(
        request, at, form, make, template="adoption/begin_like.html", fault_at="source", more=more
    )


def _first(at: PlanPage) -> dict[str, Any]:
    engagement = at.engagement
    return {"name": engagement.name, "start": engagement.start_date or at.now.date()}


def _begin(
    request: WorkspaceRequest,
    at: PlanPage,
    form: forms.Form,
    make: Make,
    *,
    template: str,
    fault_at: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    moves: Moves | None = None
    if request.method == "POST" and form.is_valid():
        sure = request.POST.get("act") == "make"
        moves = _made(request, at.engagement, form, make, sure=sure, fault_at=fault_at)
        if moves is not None and sure:
            tell(request, _("The plan stands, and its critical path is computed."))
            return redirect("adoption:plan", request.workspace.slug, at.engagement.pk)
    has_plan = queries.get_plan_summary(engagement_id=at.engagement.pk) is not None
    context = {"header": at.header, "form": form, "moves": moves, "has_plan": has_plan}
    return page(request, template, context | (more or {}))


def _made(
    request: WorkspaceRequest,
    engagement: Engagement,
    form: forms.Form,
    make: Make,
    *,
    sure: bool,
    fault_at: str,
) -> Moves | None:
    """The plan made, or computed to be shown; None when it was refused, said beside the field."""
    by, now = person_of(request.user), timezone.now()
    try:
        return make(engagement=engagement, by=by, now=now, store=sure)
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {fault_at: error.messages}
        for name, words in found.items():
            form.add_error(name if name in form.fields else fault_at, words)
        return None
