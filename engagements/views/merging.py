"""Customers that look alike, two of them side by side, and their merge."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.models import Customer, CustomerMerge
from people.queries import person_of
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

MOST_CHOICES = 20


@require_GET
def duplicates(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    context = {
        "groups": queries.get_duplicates(),
        "merges": queries.get_merges(now=timezone.now()),
    }
    return page(request, "engagements/duplicates.html", context)


@require_GET
def export_duplicates(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    record(action="duplicates.exported")
    name = f"{request.workspace.slug}-duplicates-{timezone.localdate()}.csv"
    return csv_file(exports.duplicates_csv(queries.get_duplicates()), name)


@form_view
def merge_customer(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """The customer of the address is kept; `with` names the one that goes into it."""
    require(request.membership, "edit_customers")
    kept = get_object_or_404(Customer.objects.select_related("csm"), pk=customer_id)
    wanted = (request.POST or request.GET).get("with", "")
    gone = _other(wanted) if wanted else None
    if request.method == "POST" and gone is not None:
        return _merge(request, kept, gone)
    return _compare(request, kept, gone)


def _other(text: str) -> Customer:
    try:
        return get_object_or_404(Customer.objects.select_related("csm"), pk=UUID(text))
    except ValueError:
        raise Http404 from None


def _compare(
    request: WorkspaceRequest, kept: Customer, gone: Customer | None, problem: str = ""
) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context = {
        "customer": kept,
        "problem": problem,
        "text": text,
        "found": queries.find_customers(text, but=kept.pk)[:MOST_CHOICES] if text else (),
        "preview": gone and operations.preview_merge(kept=kept, gone=gone),
    }
    return page(request, "engagements/merge.html", context)


def _merge(request: WorkspaceRequest, kept: Customer, gone: Customer) -> HttpResponse:
    try:
        merge = operations.merge_customers(
            kept=kept, gone=gone, by=person_of(request.user), now=timezone.now()
        )
    except ValidationError as error:
        return _compare(request, kept, gone, error.messages[0])
    words = _("%(gone)s is part of %(kept)s now. Use is counted again tonight.")
    undo = reverse("engagements:undo_merge", args=[request.workspace.slug, merge.pk])
    tell(request, words % {"gone": gone.name, "kept": kept.name}, undo=undo)
    return redirect("engagements:customer", request.workspace.slug, kept.pk)


@require_POST
def undo_merge(request: WorkspaceRequest, merge_id: UUID) -> HttpResponse:
    require(request.membership, "edit_customers")
    merge = get_object_or_404(CustomerMerge.objects.select_related("gone"), pk=merge_id)
    try:
        operations.undo_merge(merge=merge, now=timezone.now())
    except ValidationError as error:
        tell(request, error.messages[0])
        return redirect("engagements:customer", request.workspace.slug, merge.kept_id)
    tell(request, _("%(name)s stands by itself again.") % {"name": merge.gone.name})
    return redirect("engagements:customer", request.workspace.slug, merge.gone_id)
