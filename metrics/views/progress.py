"""The page of planned against done, and of when the plan is likely to be finished."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption.charts import finishes
from adoption.queries import CurveView, ForecastView
from engagements.models import Engagement
from engagements.queries import EngagementHeader
from metrics import charts, queries
from metrics.narrative.completion import completion_details, completion_finding, say_when
from metrics.queries import ProgressView
from metrics.views.finding import find_engagement
from rendering.templatetags.formats import said_short
from rendering.translation import translated
from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest

MOST_RISKS = 20


@require_GET
def progress(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    found = find_engagement(engagement_id)
    now = local_now(found.row)
    view = queries.get_progress(engagement=found.row, now=now, simulated=True)
    header = found.header
    context: dict[str, Any] = {"header": header, "shown": view.curve if view else None}
    if view:
        context |= _said(view) | {"rows": _weeks(view.curve)}
        context |= _simulated(view.forecast, header, now) if view.forecast else {}
    return page(request, "metrics/progress.html", context)


def local_now(engagement: Engagement) -> datetime:
    """Plans are in the customer's time, without a zone."""
    return timezone.localtime(timezone=engagement.customer.zone).replace(tzinfo=None)


def _said(view: ProgressView) -> dict[str, Any]:
    found = view.completion
    return {
        "finding": completion_finding(found),
        "when": say_when(found),
        "changes": completion_details(found)[::-1],
        "figure": charts.completion_curve(found, say=translated),
    }


def _weeks(shown: CurveView) -> list[dict[str, Any]]:
    """One row a week and the last day, newest first."""
    planned = {point.day: point.percent for point in shown.planned}
    last = len(shown.done) - 1
    rows = [
        {"point": point, "planned": _planned_on(planned, point.day, shown)}
        for at, point in enumerate(shown.done)
        if (last - at) % 7 == 0
    ]
    return rows[::-1]


def _planned_on(planned: dict[date, float], day: date, shown: CurveView) -> float:
    if day == shown.as_of:
        return shown.planned_now
    known = [percent for at, percent in planned.items() if at <= day]
    return max(known, default=0.0)


def _simulated(forecast: ForecastView, header: EngagementHeader, now: datetime) -> dict[str, Any]:
    found = forecast.found
    figure = finishes(
        found,
        today=now.date(),
        words=(
            _("half by %(day)s") % {"day": said_short(found.p50)},
            _("4 in 5 by %(day)s") % {"day": said_short(found.p80)},
            _("plan %(day)s") % {"day": said_short(found.planned)},
        ),
    )
    agreed = header.sign_off_date
    ranked = sorted(found.steps, key=lambda step: (-step.criticality, -(step.sensitivity or 0)))
    return {
        "forecast": forecast,
        "finishes": figure,
        "chance": found.chance_by(datetime.combine(agreed, time.max)) if agreed else None,
        "risks": [
            {"outline": forecast.outlines[step.key], "step": step}
            for step in ranked[:MOST_RISKS]
            if step.criticality > 0
        ],
        "bins": found.histogram(),
    }
