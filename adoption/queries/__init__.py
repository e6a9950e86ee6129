"""Reads of plans and of what comes next in them."""

from adoption.queries.absences import AbsencePreview, get_absence_preview
from adoption.queries.assessments import (
    AssessmentRow,
    Scores,
    get_assessment_rows,
    get_assessments,
    get_replaced_results,
    get_results,
    get_scores,
)
from adoption.queries.barriers import (
    BarrierFilters,
    BarrierList,
    BarrierRow,
    get_barrier_list,
    get_barriers,
    get_standing_barriers,
)
from adoption.queries.changes import PlanTurn, get_last_change, get_turns
from adoption.queries.curves import CurveView, get_curve
from adoption.queries.forecasts import ForecastView, get_curve_and_forecast, get_forecast
from adoption.queries.history import get_history
from adoption.queries.loading import LevellingView, LoadingView, get_levelling, get_loading
from adoption.queries.money import GroupMoney, get_money_by_group
from adoption.queries.networks import get_network
from adoption.queries.nights import get_parts
from adoption.queries.own_time import (
    PlanTime,
    get_customer_terms,
    get_own_times,
    get_plan_time,
    get_usual_terms,
)
from adoption.queries.plans import PlanLink, PlanRow, PlanView, get_plan, warnings_of
from adoption.queries.resources import (
    ResourceRow,
    get_needs,
    get_resources,
    is_person,
    resource_row,
    resources_of,
)
from adoption.queries.rights import get_refusal
from adoption.queries.steps import (
    PlanStep,
    PlanSummary,
    get_next_steps,
    get_plan_summary,
    get_planned_engagement_ids,
)
from adoption.queries.versions import (
    get_comparison,
    get_ghosts,
    get_strip,
    get_version,
    get_version_names,
    get_versions,
    get_versions_of,
)

__all__ = [
    "AbsencePreview",
    "AssessmentRow",
    "BarrierFilters",
    "BarrierList",
    "BarrierRow",
    "CurveView",
    "ForecastView",
    "GroupMoney",
    "LevellingView",
    "LoadingView",
    "PlanLink",
    "PlanRow",
    "PlanStep",
    "PlanSummary",
    "PlanTime",
    "PlanTurn",
    "PlanView",
    "ResourceRow",
    "Scores",
    "get_absence_preview",
    "get_assessment_rows",
    "get_assessments",
    "get_barrier_list",
    "get_barriers",
    "get_comparison",
    "get_curve",
    "get_curve_and_forecast",
    "get_customer_terms",
    "get_forecast",
    "get_ghosts",
    "get_history",
    "get_last_change",
    "get_levelling",
    "get_loading",
    "get_money_by_group",
    "get_needs",
    "get_network",
    "get_next_steps",
    "get_own_times",
    "get_parts",
    "get_plan",
    "get_plan_summary",
    "get_plan_time",
    "get_planned_engagement_ids",
    "get_refusal",
    "get_replaced_results",
    "get_resources",
    "get_results",
    "get_scores",
    "get_standing_barriers",
    "get_strip",
    "get_turns",
    "get_usual_terms",
    "get_version",
    "get_version_names",
    "get_versions",
    "get_versions_of",
    "is_person",
    "resource_row",
    "resources_of",
    "warnings_of",
]
