"""Pages that make and change an engagement."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements import operations, queries
from engagements.forms import EngagementForm
from engagements.models import Customer, Engagement
from rendering.editing import taken_over_words
from rendering.web import form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.http import WorkspaceRequest


@form_view
def create_engagement(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(Customer, pk=customer_id)
    form = EngagementForm(
        request.POST or None, initial={"csm": row.csm_id, "currency": row.currency}
    )
    if request.method == "POST" and form.is_valid() and (made := _save(form, row, None)):
        messages.success(request, _("The engagement stands. Next: its plan."))
        return redirect("reviews:engagement", request.workspace.slug, made.pk)
    context = {"form": form, "customer": row, "engagement": None}
    return page(request, "engagements/engagement_form.html", context)


@form_view
def edit_engagement(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(
        queries.get_engagements().select_for_update(of=("self",)), pk=engagement_id
    )
    initial = {"lead_name": row.lead.name, "lead_email": row.lead.email} if row.lead else {}
    form = EngagementForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(form, row.customer, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("reviews:engagement", request.workspace.slug, row.pk)
    context = {"form": form, "customer": row.customer, "engagement": row}
    return page(request, "engagements/engagement_form.html", context)


@require_POST
def archive_engagement(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Puts an engagement away; asked to undo, it brings the engagement back."""
    require(request.membership, "edit_engagement")
    row = get_object_or_404(Engagement.objects.select_for_update(), pk=engagement_id)
    if is_undo(request):
        operations.restore_engagement(engagement=row)
        tell(request, _("%(name)s is under way again.") % {"name": row.name})
    else:
        operations.archive_engagement(engagement=row, now=timezone.now())
        words = _("%(name)s is archived; nothing was deleted.") % {"name": row.name}
        tell(request, words, undo=undo_of(request))
    return redirect("engagements:customer", request.workspace.slug, row.customer_id)


def _save(form: EngagementForm, customer: Customer, row: Engagement | None) -> Engagement | None:
    name, email = form.cleaned_data["lead_name"], form.cleaned_data["lead_email"]
    fields = form.model_fields | {
        "lead": operations.name_stakeholder(customer=customer, name=name, email=email)
        if name
        else None
    }
    try:
        if row is None:
            return operations.create_engagement(customer=customer, fields=fields)
        return operations.change_engagement(engagement=row, fields=fields)
    except ValidationError as error:
        form.add_error(None, error)
        return None
