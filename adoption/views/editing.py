"""How every change of a plan is made: asked about when it moves others, told, and taken back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adoption import operations, queries
from adoption.editing import Moves
from adoption.models import Plan, PlanChange
from adoption.views.asking import asked_by, here_of, query_at
from adoption.views.finding import find_engagement, find_what_if
from adoption.views.outline import PlanPage, plan_address, plan_after
from adoption.views.previews import Preview, facts_of, others_of, title_of, unless_asked
from people.queries import person_of
from rendering.web import tell, wants_fragment
from tenancy.access import require
from tenancy.http import WorkspaceRequest

Edit = Callable[..., Moves]


def find_plan(request: WorkspaceRequest, engagement_id: UUID) -> Plan:
    """The plan that somebody had before them when they changed it: the live one or a copy."""
    find_engagement(engagement_id)
    what_if = find_what_if(engagement_id, query_at(request))
    return what_if or get_object_or_404(
        Plan.objects.select_related("engagement__customer", "engagement__csm"),
        engagement=engagement_id,
    )


def make(
    request: WorkspaceRequest,
    plan: Plan,
    edit: Edit,
    *,
    row: Any = None,
    own: tuple[UUID, ...] = (),
    always_sure: bool = False,
) -> HttpResponse:
    """Make a change, or ask first when it would move others; say what was done and offer undo."""
    at = PlanPage.of(plan.engagement, plan)
    version = request.POST.get("version", "")
    said: dict[str, Any] = {
        "by": person_of(request.user),
        "now": timezone.now(),
        "version": int(version) if version.isdecimal() and len(version) < 9 else None,
    }
    sure = always_sure or bool(request.POST.get("sure"))
    try:
        moves, has_to_ask = unless_asked(lambda: edit(**said), sure=sure, own=own)
    except ValidationError as error:
        return refuse(request, at, error, row=row)
    if has_to_ask:
        return plan_after(request, at, row=row, preview=_question(request, plan, moves))
    tell_change(request, plan, moves)
    made = moves.made[0].id if moves.made else None
    return plan_after(request, at.after(plan, moves), row=made or row, added=made)


def refuse(
    request: WorkspaceRequest, at: PlanPage, error: ValidationError, *, row: Any = None
) -> HttpResponse:
    """Nothing was changed; the words of the refusal stand on the plan as it is."""
    for words in error.messages:
        messages.error(request, words)
    return plan_after(request, at, row=row, refused=True)


def tell_change(request: WorkspaceRequest, plan: Plan, moves: Moves) -> None:
    """Say what was done. Nothing can be taken back where nothing was changed."""
    if moves.change_id is None:
        messages.info(request, _("Nothing changed."))
        return
    url = reverse("adoption:undo_change", args=[request.workspace.slug, moves.change_id])
    here = here_of(request)
    tell(request, moves.text, undo=f"{url}?at={quote(here)}" if here else url)


def _question(request: WorkspaceRequest, plan: Plan, moves: Moves) -> Preview:
    """The same form again, with what it would move."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "sure")
        for value in values
    ]
    return Preview(
        title=title_of(moves),
        action=request.path,
        fields=sent,
        back=plan_address(request, PlanPage.of(plan.engagement, plan)),
        save=_("Save"),
        facts=facts_of(moves),
        others=others_of(moves),
        swaps=wants_fragment(request),
    )


@require_POST
def undo_change(request: WorkspaceRequest, plan_change_id: UUID) -> HttpResponse:
    """Take one change back; what was built on it since is named instead of being lost."""
    require(request.membership, "edit_plan")
    rows = PlanChange.objects.filter(plan__dropped_at=None)
    rows = rows.select_related("plan__engagement__customer", "plan__engagement__csm")
    return _undo(request, get_object_or_404(rows, pk=plan_change_id))


@require_POST
def undo_last(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Take back the last change this person made."""
    require(request.membership, "edit_plan")
    change = queries.get_last_change(
        engagement_id=engagement_id,
        what_if_id=asked_by(query_at(request)).what_if,
        by=person_of(request.user),
    )
    if change is not None:
        return _undo(request, change)
    plan = find_plan(request, engagement_id)
    error = ValidationError(_("There is nothing of yours left to take back."))
    return refuse(request, PlanPage.of(plan.engagement, plan), error)


def _undo(request: WorkspaceRequest, change: PlanChange) -> HttpResponse:
    at = PlanPage.of(change.plan.engagement, change.plan)
    try:
        moves = operations.undo_change(
            change=change, by=person_of(request.user), now=timezone.now()
        )
    except ValidationError as error:
        return refuse(request, at, error)
    tell_change(request, change.plan, moves)
    return plan_after(request, at.after(change.plan, moves))
