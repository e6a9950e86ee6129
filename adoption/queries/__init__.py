"""Reads of plans and of what comes next in them."""

from adoption.queries.curves import get_curve
from adoption.queries.forecasts import get_forecast
from adoption.queries.networks import get_network
from adoption.queries.plans import PlanLink, PlanRow, PlanView, get_plan, get_usual_calendar
from adoption.queries.steps import (
    PlanStep,
    PlanSummary,
    get_next_steps,
    get_plan_summary,
    get_planned_engagement_ids,
)

__all__ = [
    "PlanLink",
    "PlanRow",
    "PlanStep",
    "PlanSummary",
    "PlanView",
    "get_curve",
    "get_forecast",
    "get_network",
    "get_next_steps",
    "get_plan",
    "get_plan_summary",
    "get_planned_engagement_ids",
    "get_usual_calendar",
]
