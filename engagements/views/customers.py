"""Pages of customers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import operations, queries
from engagements.forms import CustomerForm
from engagements.models import Customer
from rendering.editing import taken_over_words
from rendering.web import form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@require_GET
def customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    row = get_object_or_404(Customer.objects.select_related("csm"), pk=customer_id)
    today = timezone.localdate(timezone=row.zone)
    context = {
        "customer": row,
        "seats": queries.get_seats_history(customer_id=row.pk),
        "engagements": [
            queries.header_of(engagement, today=today)
            for engagement in queries.get_engagements(customer_id=row.pk)
        ],
        "stakeholders": queries.get_stakeholders(customer_id=row.pk),
        "may_edit": may(request.membership, "edit_customers"),
        "today": today,
    }
    return page(request, "engagements/customer.html", context)


@form_view
def create_customer(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    initial = {"time_zone": request.workspace.time_zone, "csm": request.user.pk}
    form = CustomerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = operations.create_customer(
            fields=form.model_fields,
            seats=form.cleaned_data["seats"],
            today=timezone.localdate(timezone=ZoneInfo(form.cleaned_data["time_zone"])),
        )
        messages.success(request, _("%(name)s is in your book.") % {"name": row.name})
        return redirect("engagements:customer", request.workspace.slug, row.pk)
    return page(request, "engagements/customer_form.html", {"form": form, "customer": None})


@form_view
def edit_customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "edit_customers")
    row = get_object_or_404(Customer.objects.select_for_update(), pk=customer_id)
    today = timezone.localdate(timezone=row.zone)
    initial = {"seats": operations.seats_on(row, today)}
    form = CustomerForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.change_customer(
            customer=row, fields=form.model_fields, seats=form.cleaned_data["seats"], today=today
        )
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("engagements:customer", request.workspace.slug, row.pk)
    return page(request, "engagements/customer_form.html", {"form": form, "customer": row})


@require_POST
def archive_customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "edit_customers")
    row = get_object_or_404(Customer, pk=customer_id)
    if row.archived_at:
        operations.restore_customer(customer=row)
        messages.success(request, _("%(name)s is back in the book.") % {"name": row.name})
    else:
        operations.archive_customer(customer=row, now=timezone.now())
        words = _("%(name)s left the book; nothing was deleted.") % {"name": row.name}
        # The same address brings an archived customer back.
        tell(request, words, undo=request.path)
    return redirect("engagements:customer", request.workspace.slug, row.pk)
