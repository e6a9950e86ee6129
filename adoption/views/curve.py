"""The page of planned against done, and of when the plan is likely to be finished."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption import charts, exports, queries
from adoption.charts import CurveWords
from adoption.queries.curves import CurveView
from adoption.queries.forecasts import ForecastView
from adoption.views.finding import find_engagement
from engagements.models import Engagement
from engagements.queries import EngagementHeader, get_next_action, header_of
from rendering.templatetags.formats import number, said_short
from rendering.web import csv_file, page
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

MOST_RISKS = 20


@require_GET
def curve(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    now = _local_now(engagement)
    header = header_of(
        engagement, today=now.date(), next_action=get_next_action(engagement=engagement)
    )
    shown, forecast = queries.get_curve_and_forecast(engagement_id=engagement_id, now=now)
    context: dict[str, Any] = {"header": header, "shown": shown}
    if shown:
        context |= {"figure": charts.curve(shown, words=_words(shown)), **_table(shown)}
        context |= _simulated(forecast, header, now) if forecast else {}
    return page(request, "adoption/curve.html", context)


@require_GET
def export_curve(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = queries.get_curve(engagement_id=engagement_id, now=_local_now(engagement))
    if shown is None:
        raise Http404
    record(action="curve.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.curve_csv(shown), f"{engagement.key.lower()}-curve.csv")


@require_GET
def export_forecast(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    found = queries.get_forecast(engagement_id=engagement_id)
    if found is None:
        raise Http404
    record(action="forecast.exported", subject=engagement, about_customer_id=engagement.customer_id)
    content = exports.simulation_csv(found.found, found.outlines)
    return csv_file(content, f"{engagement.key.lower()}-forecast.csv")


def _local_now(engagement: Engagement) -> datetime:
    return timezone.localtime(timezone=engagement.customer.zone).replace(tzinfo=None)


def _words(shown: CurveView) -> CurveWords:
    planned = _("planned"), _("finish %(day)s") % {"day": said_short(shown.planned_finish)}
    done = (
        _("%(percent)s %% done") % {"percent": number(round(shown.done_now))},
        said_short(shown.as_of),
    )
    last = shown.recent or shown.cautious
    forecast = (
        _("at this pace"),
        said_short(last) if last else _("no finish in sight"),
    )
    return CurveWords(planned=planned, done=done, forecast=forecast, percent=_("% of all work"))


def _table(shown: CurveView) -> dict[str, Any]:
    """One row a week and the last day, newest first."""
    planned = {point.day: point.percent for point in shown.planned}
    last = len(shown.done) - 1
    rows = [
        {"point": point, "planned": _planned_on(planned, point.day, shown)}
        for at, point in enumerate(shown.done)
        if (last - at) % 7 == 0
    ]
    return {"rows": rows[::-1]}


def _planned_on(planned: dict[Any, float], day: Any, shown: CurveView) -> float:
    if day == shown.as_of:
        return shown.planned_now
    known = [percent for at, percent in planned.items() if at <= day]
    return max(known, default=0.0)


def _simulated(forecast: ForecastView, header: EngagementHeader, now: datetime) -> dict[str, Any]:
    found = forecast.found
    figure = charts.finishes(
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
