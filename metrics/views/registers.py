"""What the registers of an engagement say: the routes of requests, and contacts with the help desk."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from metrics import charts
from metrics.charts.trends import Mark, Reference, Trend, trend_line
from metrics.exports import registers as exports
from metrics.narrative.acceptance import say_acceptance
from metrics.narrative.routes import routes_finding, say_gap, say_standing
from metrics.narrative.support import say_coached, say_how_to, support_finding
from metrics.narrative.words import say_number
from metrics.queries.acceptance import Acceptance, get_acceptance
from metrics.queries.performance import PerformanceView, get_performance
from metrics.queries.routes import RoutesView, get_routes_view
from metrics.queries.support import SupportView, coached_percent, get_support_view, percent_of
from metrics.routes import State
from metrics.views.finding import FoundEngagement, find_engagement
from rendering.figures import Figure
from rendering.sentences import sentence
from rendering.translation import translated
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

FEWEST_POINTS = 2
LATE = (State.OVERDUE, State.LEAKING)


@require_GET
def routes(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The share of the new route, what still takes the others, and acceptance apart from access."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    view = get_routes_view(engagement_id=engagement_id, today=found.today)
    acceptance = get_acceptance(
        engagement_id=engagement_id,
        customer_id=found.row.customer_id,
        today=found.today,
        now=timezone.now(),
    )
    context = {
        "header": found.header,
        "view": view,
        "rows": [(one, _percent(one.share)) for one in reversed(view.periods)],
        "others": [
            (one, say_standing(one, today=found.today), one.state in LATE) for one in view.others
        ],
        "acceptance": acceptance,
        "acceptance_words": _say_acceptance(acceptance),
        "may_edit": may(request.membership, "edit_engagement"),
        **_routes_said(view, found),
    }
    return page(request, "metrics/routes.html", context)


def _percent(share: float | None) -> float | None:
    return None if share is None else percent_of(share)


def _say_acceptance(acceptance: Acceptance) -> str:
    return say_acceptance(acceptance.available.share, acceptance.used_share)


def _routes_said(view: RoutesView, found: FoundEngagement) -> dict[str, Any]:
    counted = any(route.volumes for route in view.routes)
    return {
        "finding": routes_finding(view.periods, view.others, today=found.today),
        "gap": say_gap(view.periods, view.names),
        "share_figure": _share_figure(view, found),
        "route_figure": charts.route_lines(
            view.routes, today=found.today, unit=translated(_unit(view)), say=translated
        )
        if counted
        else None,
    }


def _unit(view: RoutesView) -> str:
    if view.period == "month":
        return sentence("requests a month")
    return sentence("requests a week")


def _share_figure(view: RoutesView, found: FoundEngagement) -> Figure | None:
    """Drawn from two periods with a share on; one alone is a tile."""
    points = tuple((one.day, _percent(one.share)) for one in view.periods)
    if sum(amount is not None for _day, amount in points) < FEWEST_POINTS:
        return None
    trend = Trend(
        points=points,
        unit="%",
        highest=100.0,
        reference=_reference(view),
        marks=tuple(_marks(view)),
    )
    return trend_line(trend, today=found.today, say=translated)


def _reference(view: RoutesView) -> Reference | None:
    if view.prior is None:
        return None
    words = view.prior.note or sentence("the system before")
    amount = say_number(view.prior.amount)
    return Reference(view.prior.amount, sentence("%(name)s %(n)s %%", name=words, n=amount))


def _marks(view: RoutesView) -> list[Mark]:
    """The days on which the others are to end, or did."""
    found = []
    for one in view.others:
        day = one.route.shut_date or one.route.shut_off_date
        if day is not None:
            found.append(
                Mark(day, sentence("end of %(name)s", name=one.route.name), one.state in LATE)
            )
    return found


@require_GET
def export_shares(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    view = get_routes_view(engagement_id=engagement_id, today=found.today)
    _note("route_shares.exported", found)
    return csv_file(exports.shares_csv(view), f"{found.row.key}-route-shares-{found.today}.csv")


@require_GET
def support(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Whether callers learn and fewer have to ask, and how the system itself does beside its use."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    view, performance = _support_view(found), _performance(found)
    context = {
        "header": found.header,
        "view": view,
        "rows": [(one, coached_percent(one)) for one in reversed(view.points)],
        "performance": performance,
        "may_edit": may(request.membership, "edit_engagement"),
        **_support_said(view, found),
    }
    return page(request, "metrics/support.html", context)


def _support_view(found: FoundEngagement) -> SupportView:
    return get_support_view(
        engagement_id=found.row.pk, customer_id=found.row.customer_id, today=found.today
    )


def _performance(found: FoundEngagement) -> PerformanceView:
    return get_performance(
        engagement_id=found.row.pk,
        customer_id=found.row.customer_id,
        go_live=found.row.go_live_date,
        today=found.today,
    )


def _support_said(view: SupportView, found: FoundEngagement) -> dict[str, Any]:
    rates = tuple((one.day, one.per_hundred) for one in view.points)
    shares = tuple((one.day, coached_percent(one)) for one in view.points)
    asking = Trend(points=rates, unit=sentence("how-to contacts per 100 active users"), decimals=1)
    coaching = Trend(points=shares, unit="%", highest=100.0)
    return {
        "finding": support_finding(view.points, today=found.today),
        "coached": say_coached(view.last) if view.last else "",
        "how_to": say_how_to(view.last) if view.last else "",
        "rate_figure": _drawn(asking, found),
        "share_figure": _drawn(coaching, found),
    }


def _drawn(trend: Trend, found: FoundEngagement) -> Figure | None:
    if len(trend.known) < FEWEST_POINTS:
        return None
    return trend_line(trend, today=found.today, say=translated)


@require_GET
def export_support(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    _note("support_trend.exported", found)
    name = f"{found.row.key}-support-trend-{found.today}.csv"
    return csv_file(exports.support_csv(_support_view(found)), name)


@require_GET
def export_performance(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    _note("performance.exported", found)
    name = f"{found.row.key}-performance-{found.today}.csv"
    return csv_file(exports.performance_csv(_performance(found)), name)


def _note(action: str, found: FoundEngagement) -> None:
    record(action=action, subject=found.row, about_customer_id=found.row.customer_id)
