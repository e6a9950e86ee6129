"""The book of business and the overview of an engagement."""

from dataclasses import asdict, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements.models import Customer, Engagement, Phase
from metrics.charts import multiple
from metrics.queries import card_of
from people.queries import get_staff
from rendering.web import csv_file, page, tell
from reviews import exports, queries
from reviews.attention import Band
from reviews.queries import UNSCORED, Book, Filters
from tenancy import operations as tenancy
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

# As the filter offers them: what needs somebody first.
HEALTHS = (*(band.value for band in Band), UNSCORED)


@require_GET
def book(request: WorkspaceRequest) -> HttpResponse:
    if not may(request.membership, "see_customers"):
        return _their_own(request)
    filters = _filters(request)
    shown = queries.get_book(filters=filters, today=timezone.localdate())
    context = {
        "book": shown,
        "filters": filters,
        "chips": _chips(shown, filters),
        "staff": get_staff(tenant_id=request.workspace.pk),
        "sorts": _sorts(filters),
        "healths": [(key, shown.healths[key]) for key in HEALTHS if key in shown.healths],
        "csv_query": _query(filters),
        "may_edit": may(request.membership, "edit_customers"),
        "now": timezone.now(),
        "first_steps": _first_steps(request),
    }
    return page(request, "reviews/book.html", context, fragment="reviews/_book.html")


def _first_steps(request: WorkspaceRequest) -> queries.FirstSteps | None:
    """What a new workspace still needs, for its administrators, until it stands or is hidden."""
    workspace, membership = request.workspace, request.membership
    if not may(membership, "manage_workspace") or workspace.is_demo:
        return None
    if workspace.checklist_hidden_at:
        return None
    steps = queries.get_first_steps(tenant_id=workspace.pk, user_id=membership.user_id)
    return None if steps.is_over else steps


@require_POST
def hide_first_steps(request: WorkspaceRequest) -> HttpResponse:
    """Put the list away, for all administrators; it can be brought back."""
    require(request.membership, "manage_workspace")
    tenancy.hide_checklist(tenant=request.workspace, hidden_at=timezone.now())
    back = reverse("reviews:show_first_steps", args=[request.workspace.slug])
    tell(request, _("The first steps are put away."), undo=back)
    return redirect("reviews:book", request.workspace.slug)


@require_POST
def show_first_steps(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    tenancy.hide_checklist(tenant=request.workspace, hidden_at=None)
    return redirect("reviews:book", request.workspace.slug)


def _their_own(request: WorkspaceRequest) -> HttpResponse:
    """On the customer's side there is one customer, so there is no book."""
    own = request.membership.customer_id
    return redirect("reviews:side", request.workspace.slug, own)


@require_GET
def side(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """A customer as its own people see it; staff may look at it with their eyes."""
    require(request.membership, "see_engagement")
    row = get_object_or_404(Customer.objects.select_related("csm"), pk=customer_id)
    context = {
        "side": queries.get_side(customer=row, today=timezone.localdate(timezone=row.zone)),
        "previewed": may(request.membership, "see_customers"),
    }
    return page(request, "reviews/side.html", context)


def _filters(request: WorkspaceRequest) -> Filters:
    sort = request.GET.get("sort", "need")
    return Filters(
        phase=request.GET.get("phase", ""),
        band=request.GET.get("band", ""),
        health=request.GET.get("health", ""),
        csm=request.GET.get("csm", ""),
        text=request.GET.get("q", "").strip()[:100],
        sort=sort if sort in queries.SORTS else "need",
    )


def _query(filters: Filters) -> str:
    """The filters as the address holds them, defaults left out."""
    words = {"q" if name == "text" else name: value for name, value in asdict(filters).items()}
    return urlencode({k: v for k, v in words.items() if v and (k, v) != ("sort", "need")})


def _chips(shown: Book, filters: Filters) -> list[dict[str, object]]:
    chips: list[dict[str, object]] = [
        {
            "key": "all",
            "count": shown.everybody,
            "query": _query(replace(filters, phase="", band="")),
            "current": not filters.phase and not filters.band,
        }
    ]
    chips += [
        {
            "key": key,
            "count": counts[key],
            "query": _query(replace(filters, text="", **{"phase": "", "band": "", name: key})),
            "current": getattr(filters, name) == key,
        }
        for name, counts, keys in (
            ("band", shown.bands, [band.value for band in Band]),
            ("phase", shown.phases, [phase.value for phase in Phase]),
        )
        for key in keys
        if counts.get(key) and key
    ]
    return chips


def _sorts(filters: Filters) -> list[dict[str, object]]:
    return [
        {
            "key": key,
            "query": _query(replace(filters, sort=key)),
            "current": filters.sort == key,
        }
        for key in ("need", "name", "health", "-active", "date")
    ]


@require_GET
def export_book(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    today = timezone.localdate()
    filters = _filters(request)
    shown = queries.get_book(filters=filters, today=today)
    record(action="book.exported", facts={"filters": _query(filters) or None})
    name = f"{request.workspace.slug}-book-{today}.csv"
    return csv_file(exports.book_csv(shown), name)


@require_GET
def engagement(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    try:
        overview = queries.get_overview(
            engagement_id=engagement_id,
            now=timezone.now(),
            for_staff=may(request.membership, "see_customers"),
        )
    except Engagement.DoesNotExist:
        raise Http404 from None
    context = {
        "header": overview.header,
        "overview": overview,
        "multiples": [
            {"card": card_of(detail), "drawn": multiple(detail.told)}
            for detail in overview.measures
        ],
        "may_edit": may(request.membership, "edit_engagement"),
    }
    return page(request, "reviews/engagement.html", context)
