"""How well an engagement does by its measures, and how they are weighed."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements.models import Customer
from metrics import charts, exports, operations, queries
from metrics.forms import WeightsForm
from metrics.narrative.health import say_coverage
from metrics.queries import HealthView
from metrics.scoring import ABSENCE_WORDS
from metrics.views.finding import FoundEngagement, find_engagement
from people.queries import person_of
from rendering.translation import translated
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

FEWEST_DAYS = 2
PAGE_SIZE = 25


@require_GET
def health(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The score of an engagement, what each measure brings, and how it was before."""
    require(request.membership, "see_customers")
    found = find_engagement(engagement_id)
    first = PAGE_SIZE * (_page(request) - 1)
    view = queries.get_health(
        engagement_id=found.row.pk, today=found.today, first=first, most=PAGE_SIZE
    )
    parts = view.health.parts
    context = {
        **_said(view),
        "listed": Paginator(range(len(parts)), PAGE_SIZE).get_page(_page(request)),
        "header": found.header,
        "view": view,
        "may_weigh": may(request.membership, "manage_measures"),
    }
    return page(request, "metrics/health.html", context)


def _page(request: WorkspaceRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def _said(view: HealthView) -> dict[str, Any]:
    names, scores = view.names, [day.score for day in view.history if day.score is not None]
    return {
        "coverage": say_coverage(view.health, names),
        "absences": {key.value: translated(words) for key, words in ABSENCE_WORDS.items()},
        "figure": charts.contribution_bars(view.health, names, say=translated)
        if view.health.counted
        else None,
        "points": scores if len(scores) >= FEWEST_DAYS else (),
    }


@require_GET
def export_health(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_customers")
    found = find_engagement(engagement_id)
    view = queries.get_health(engagement_id=found.row.pk, today=found.today)
    _note(found)
    return csv_file(exports.health_csv(view), f"{found.row.key}-health-{found.today}.csv")


def _note(found: FoundEngagement) -> None:
    record(action="health.exported", subject=found.row, about_customer_id=found.row.customer_id)


@require_GET
def customer_health(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """How the engagements of a customer do, for the customer's page to load."""
    require(request.membership, "see_customers")
    customer = get_object_or_404(Customer, pk=customer_id)
    today = timezone.localdate(timezone=customer.zone)
    rows = queries.get_customer_health(customer_id=customer.pk, today=today)
    context = {"customer": customer, "rows": rows, "as_of": today - queries.ONE_DAY}
    return page(
        request, "metrics/customer_health.html", context, fragment="metrics/_customer_health.html"
    )


@form_view
def health_weights(request: WorkspaceRequest) -> HttpResponse:
    """What each kind of measure weighs; saved as the next version."""
    require(request.membership, "manage_measures")
    weights, offered = queries.get_weights(), queries.get_definitions()
    form = WeightsForm(request.POST or None, offered=offered, weights=weights)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.weigh_measures(**form.asked, by=person_of(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("Version %(n)s holds from now on.")
            said = words % {"n": made.version} if made else _("Nothing was changed.")
            tell(request, said)
            return redirect("metrics:health_weights", request.workspace.slug)
    context = {"form": form, "weights": weights, "past": queries.get_health_models()}
    return page(request, "metrics/health_weights.html", context)
