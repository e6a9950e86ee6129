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
from engagements.forms import CustomerForm, week_in_words, write_references
from engagements.models import Customer
from rendering.editing import taken_over_words
from rendering.web import form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

HOLIDAYS_SHOWN = 3


@require_GET
def customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    row = get_object_or_404(Customer.objects.select_related("csm", "merged_into"), pk=customer_id)
    today = timezone.localdate(timezone=row.zone)
    headers = [
        queries.header_of(engagement, today=today)
        for engagement in queries.get_engagements(customer_id=row.pk)
    ]
    context = {
        "customer": row,
        "seats": queries.get_seats_history(customer_id=row.pk),
        "engagements": [header for header in headers if not header.is_archived],
        "archived_engagements": [header for header in headers if header.is_archived],
        "own_fields": queries.shown_values(queries.get_custom_fields(kind="customer"), row.custom),
        "merges": queries.get_merges(customer_id=row.pk, now=timezone.now()),
        "stakeholders": queries.get_stakeholders(customer_id=row.pk),
        "files": queries.get_newest_files(customer_id=row.pk),
        "may_edit": may(request.membership, "edit_customers"),
        "is_staff": may(request.membership, "see_customers"),
        "references": queries.get_references(customer_ids=[row.pk]).get(row.pk, {}),
        "calendar": (calendar := queries.get_calendar(customer=row)),
        "week": week_in_words(calendar.days),
        "holidays": calendar.coming(today, most=HOLIDAYS_SHOWN),
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
            references=form.references_given,
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
    known_as = queries.get_references(customer_ids=[row.pk]).get(row.pk, {})
    initial = {"seats": operations.seats_on(row, today), "references": write_references(known_as)}
    form = CustomerForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.change_customer(
            customer=row,
            fields=form.model_fields,
            seats=form.cleaned_data["seats"],
            references=form.references_given,
            today=today,
        )
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("engagements:customer", request.workspace.slug, row.pk)
    return page(request, "engagements/customer_form.html", {"form": form, "customer": row})


@require_POST
def archive_customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """Puts a customer away; asked to undo, it brings the customer back."""
    require(request.membership, "edit_customers")
    row = get_object_or_404(Customer.objects.select_for_update(), pk=customer_id)
    if row.merged_into_id:
        tell(request, _("%(name)s was merged into another customer.") % {"name": row.name})
    elif is_undo(request):
        operations.restore_customer(customer=row)
        messages.success(request, _("%(name)s is back in the book.") % {"name": row.name})
    else:
        operations.archive_customer(customer=row, now=timezone.now())
        words = _("%(name)s left the book; nothing was deleted.") % {"name": row.name}
        tell(request, words, undo=undo_of(request))
    return redirect("engagements:customer", request.workspace.slug, row.pk)
