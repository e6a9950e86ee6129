"""Usage of the workspace, and a customer's in short."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from engagements.models import Customer
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, queries
from usage.queries import WorkspaceUse

PAGE_SIZE = 100
WEEKS_SHOWN = 13
SORTED = {
    "name": _("Customer"),
    "mau": _("Active"),
    "change": _("Change in 4 weeks"),
    "sustain": _("Sustained"),
    "used": _("Used seats"),
    "habit": _("Habit"),
    "wau": _("7 days"),
    "dau": _("That day"),
    "last": _("Last event"),
}
# Those that begin with the smallest: what needs somebody stands on top.
RISING = ("name", "change", "sustain", "last")
KINDS = {
    "": _("All"),
    "falling": _("Falling"),
    "silent": _("Silent"),
    "seen": _("Seen"),
    "unseen": _("Never seen"),
}


@require_GET
def overview(request: WorkspaceRequest) -> HttpResponse:
    """How the software is used at every customer, on its newest closed day."""
    require(request.membership, "see_usage")
    use = _asked(request)
    sort, only = _sort(request), _only(request)
    context = {
        "use": use,
        "rows": Paginator(use.rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "sorts": [_turned(name, label, sort, only) for name, label in SORTED.items()],
        "sort": sort,
        "only": only,
        "kinds": KINDS.items(),
        "kept": f"sort={sort}" + (f"&only={only}" if only else ""),
        "may_import": may(request.membership, "import_usage"),
        "may_manage": may(request.membership, "manage_sources"),
    }
    return page(request, "usage/overview.html", context, fragment="usage/_overview.html")


@require_GET
def overview_csv(request: WorkspaceRequest) -> HttpResponse:
    """The same customers as a spreadsheet."""
    require(request.membership, "see_usage")
    record(action="usage.exported", subject=request.workspace, facts={"of": "customers"})
    return csv_file(exports.health_csv(_asked(request)), f"usage-{timezone.localdate()}.csv")


@require_GET
def customer_usage(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """A customer's use in short, for the customer's page to load."""
    require(request.membership, "see_usage")
    customer = get_object_or_404(Customer, pk=customer_id)
    found = queries.get_use_summaries(weeks=WEEKS_SHOWN, customer_id=customer_id)
    context = {"customer": customer, "use": found.get(customer_id)}
    return page(
        request, "usage/customer_usage.html", context, fragment="usage/_customer_usage.html"
    )


def _asked(request: WorkspaceRequest) -> WorkspaceUse:
    return queries.get_workspace_use(
        today=timezone.localdate(), sort=_sort(request), only=_only(request)
    )


def _sort(request: WorkspaceRequest) -> str:
    said = request.GET.get("sort", "")
    return said if said.lstrip("-") in SORTED else "-mau"


def _only(request: WorkspaceRequest) -> str:
    said = request.GET.get("only", "")
    return said if said in KINDS else ""


def _turned(name: str, label: object, sort: str, only: str) -> dict[str, Any]:
    """Where a click on a column leads, and how it is sorted now."""
    usual, other = (name, f"-{name}") if name in RISING else (f"-{name}", name)
    turned = other if sort == usual else usual
    return {
        "name": name,
        "label": label,
        "query": f"sort={turned}" + (f"&only={only}" if only else ""),
        "state": {name: "ascending", f"-{name}": "descending"}.get(sort, ""),
        "is_number": name not in ("name", "last"),
    }
