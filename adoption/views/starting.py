"""A plan from nothing: a list of steps, or the steps of another engagement's plan."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from adoption import operations, queries
from adoption.editing import Moves
from adoption.forms.packages import StartForm
from adoption.views.finding import find_engagement
from adoption.views.outline import PlanPage
from engagements.models import Engagement
from people.queries import person_of
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest


@form_view
def start_plan(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Steps typed or pasted, shown with their dates before the plan is made."""
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    at = PlanPage.of(engagement)
    first = {"name": engagement.name, "start": engagement.start_date or at.now.date()}
    form = StartForm(request.POST or None, initial=first)
    moves: Moves | None = None
    if request.method == "POST" and form.is_valid():
        sure = request.POST.get("act") == "make"
        moves = _make(request, engagement, form, sure=sure)
        if moves is not None and sure:
            tell(request, _("The plan stands, and its critical path is computed."))
            return redirect("adoption:plan", request.workspace.slug, engagement_id)
    context = {
        "header": at.header,
        "form": form,
        "moves": moves,
        "has_plan": queries.get_plan_summary(engagement_id=engagement_id) is not None,
    }
    return page(request, "adoption/start_plan.html", context)


def _make(
    request: WorkspaceRequest, engagement: Engagement, form: StartForm, *, sure: bool
) -> Moves | None:
    """The plan made, or computed to be shown; None when it was refused, said beside the field."""
    try:
        return operations.make_plan(
            engagement=engagement,
            name=form.cleaned_data["name"],
            start=form.cleaned_data["start"],
            text=form.cleaned_data["text"],
            by=person_of(request.user),
            now=timezone.now(),
            store=sure,
        )
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {"text": error.messages}
        for name, words in found.items():
            form.add_error(name if name in form.fields else "text", words)
        return None
