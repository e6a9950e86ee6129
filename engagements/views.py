"""Pages of customers and engagements."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, imports, operations, queries
from engagements.forms import CustomerForm, EngagementForm, ImportForm
from engagements.models import Customer, Engagement
from rendering.spreadsheets import UnreadableTable, read_table
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
    row = get_object_or_404(Customer, pk=customer_id)
    today = timezone.localdate(timezone=row.zone)
    initial = {"seats": operations.seats_on(row, today)}
    form = CustomerForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.change_customer(
            customer=row, fields=form.model_fields, seats=form.cleaned_data["seats"], today=today
        )
        messages.success(request, _("Saved."))
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


@form_view
def import_customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    form = ImportForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = _run_import(form)
    context = {"form": form, "result": result, "columns": imports.COLUMNS}
    return page(request, "engagements/import.html", context)


def _run_import(form: ImportForm) -> imports.ImportResult | None:
    try:
        return imports.import_customers(
            table=read_table(form.cleaned_data["file"].read()),
            today=timezone.localdate(),
            keep=not form.cleaned_data["check_only"],
        )
    except UnreadableTable as error:
        form.add_error("file", str(error))
        return None


@require_GET
def export_customers(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    today = timezone.localdate()
    response = HttpResponse(exports.customers_csv(today=today), content_type="text/csv")
    name = f"{request.workspace.slug}-customers-{today}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@form_view
def create_engagement(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(Customer, pk=customer_id)
    form = EngagementForm(request.POST or None, initial={"csm": row.csm_id})
    if request.method == "POST" and form.is_valid() and (made := _save(form, row, None)):
        messages.success(request, _("The engagement stands. Next: its plan."))
        return redirect("reviews:engagement", request.workspace.slug, made.pk)
    context = {"form": form, "customer": row, "engagement": None}
    return page(request, "engagements/engagement_form.html", context)


@form_view
def edit_engagement(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(queries.get_engagements(), pk=engagement_id)
    initial = {"lead_name": row.lead.name, "lead_email": row.lead.email} if row.lead else {}
    form = EngagementForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(form, row.customer, row):
        messages.success(request, _("Saved."))
        return redirect("reviews:engagement", request.workspace.slug, row.pk)
    context = {"form": form, "customer": row.customer, "engagement": row}
    return page(request, "engagements/engagement_form.html", context)


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
