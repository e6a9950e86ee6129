"""Planned against done of an engagement's plan, with what changed the plan on the way.

Dates and percents are the plan's own: `adoption` counts them in working time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from adoption.queries import (
    CurveView,
    ForecastView,
    PlanTurn,
    get_curve,
    get_curve_and_forecast,
    get_turns,
)
from engagements.models import Engagement
from metrics.definitions import Event
from metrics.forecasting import Completion, Step


@dataclass(frozen=True, slots=True)
class ProgressView:
    """What the page, its chart and the API share; `forecast` only where it was asked for."""

    curve: CurveView
    completion: Completion
    forecast: ForecastView | None = None


def get_progress(
    *, engagement: Engagement, now: datetime, simulated: bool = False
) -> ProgressView | None:
    """The progress at a local moment; None without a plan or any work in it.

    `simulated` runs the plan many times as well, which takes its time.
    """
    if simulated:
        curve, forecast = get_curve_and_forecast(engagement_id=engagement.pk, now=now)
    else:
        curve, forecast = get_curve(engagement_id=engagement.pk, now=now), None
    if curve is None:
        return None
    turns = get_turns(engagement_id=engagement.pk, zone=engagement.customer.zone)
    return ProgressView(curve, completion_of(curve, turns), forecast)


def completion_of(curve: CurveView, turns: Iterable[PlanTurn]) -> Completion:
    """The plan's own figures, as the chart and the words of measures take them."""
    return Completion(
        as_of=curve.as_of,
        planned=tuple((point.day, point.percent) for point in curve.planned),
        done=tuple((point.day, point.percent) for point in curve.done),
        events=tuple(Event(turn.day, turn.name, changes_plan=True) for turn in turns),
        planned_now=curve.planned_now,
        done_now=curve.done_now,
        recent_date=curve.recent,
        steady_date=curve.cautious,
        steps=tuple(Step(step.day, step.percent, step.low, step.high) for step in curve.ahead),
    )
