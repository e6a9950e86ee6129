"""Usage of the workspace and of an engagement's customer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements.models import Customer, Engagement
from engagements.queries import get_engagement_header
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import charts, exports, queries
from usage.forms import RangeForm

SHOWN_DAYS = 180
CHOICES = (90, 180, 365)
PEOPLE_SHOWN = 100
WEEKS_SHOWN = 13


@require_GET
def overview(request: WorkspaceRequest) -> HttpResponse:
    """Every customer's use on its newest closed day."""
    require(request.membership, "see_usage")
    context = {
        "uses": queries.get_customer_uses(),
        "may_import": may(request.membership, "import_usage"),
        "may_manage": may(request.membership, "manage_sources"),
    }
    return page(request, "usage/overview.html", context)


@require_GET
def usage(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The usage tab: active users of the engagement's customer."""
    require(request.membership, "see_usage")
    row = get_object_or_404(Engagement.objects.select_related("customer"), pk=engagement_id)
    today = timezone.localdate(timezone=row.customer.zone)
    first, last = _days(request, row.customer, today)
    series = queries.get_usage_series(customer_id=row.customer_id, first=first, last=last)
    shown = series.last_closed
    people = queries.get_active_people(customer_id=row.customer_id, day=shown.day) if shown else []
    context = {
        "header": get_engagement_header(engagement_id=row.pk, today=today),
        "series": series,
        "story": queries.story_of(series),
        "figure": charts.trend(series, today=today),
        "people": people[:PEOPLE_SHOWN],
        "people_count": len(people),
        "has_use": queries.get_day_range(customer_id=row.customer_id) is not None,
        "ranges": [(days, today - timedelta(days=days)) for days in CHOICES],
        "first": first,
        "last": last,
        "may_import": may(request.membership, "import_usage"),
    }
    return page(request, "usage/usage.html", context, fragment="usage/_usage.html")


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


@require_GET
def usage_csv(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The days of the usage tab as a spreadsheet: the same figures."""
    require(request.membership, "see_usage")
    row = get_object_or_404(Engagement.objects.select_related("customer"), pk=engagement_id)
    today = timezone.localdate(timezone=row.customer.zone)
    first, last = _days(request, row.customer, today)
    rows = queries.get_usage_report(first=first, last=last, customer_key=row.customer.external_id)
    facts = {"first": first, "last": last}
    record(action="usage.exported", subject=row, facts=facts, about_customer_id=row.customer_id)
    name = f"{row.key}-usage-{first}-{last}.csv"
    return csv_file(exports.report_csv(rows), name)


def _days(request: WorkspaceRequest, customer: Customer, today: date) -> tuple[date, date]:
    """By default the half year up to the newest closed day."""
    known = queries.get_day_range(customer_id=customer.pk)
    last = known[1] if known else today - timedelta(days=1)
    return RangeForm(request.GET).days(first=last - timedelta(days=SHOWN_DAYS - 1), last=last)
