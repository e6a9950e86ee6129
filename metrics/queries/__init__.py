"""Reads of measures, as values that page, table, chart, CSV and API share."""

from metrics.queries.alerts import (
    OPEN,
    AlertFilters,
    AlertRow,
    alert_row,
    get_alert_counts,
    get_alerts,
)
from metrics.queries.catalogue import (
    DefinitionLine,
    get_catalogue,
    get_definitions,
    get_own_versions,
)
from metrics.queries.details import (
    MeasureCard,
    MeasureDetail,
    get_agreements,
    get_details,
    get_measure,
    get_measure_cards,
    get_measured_engagement_ids,
    get_measures,
)
from metrics.queries.foresight import DecidedCase, Foresight, get_foresight
from metrics.queries.gaps import LONG_WEEKS, Gaps, get_gaps
from metrics.queries.growth import GrownCustomer, GrowthLine, GrowthView, get_growth
from metrics.queries.health import (
    HealthView,
    Weights,
    get_health,
    get_health_models,
    get_weights,
)
from metrics.queries.history import Correction, get_corrections
from metrics.queries.papers import (
    OptionView,
    PaperRow,
    PaperView,
    get_paper_view,
    get_papers,
    paper_row,
)
from metrics.queries.places import WHOLE, Place, get_places, get_places_of
from metrics.queries.planning import MeasurementPlan, PlanLine, get_measurement_plan
from metrics.queries.proposals import Proposal, get_proposal
from metrics.queries.standings import (
    RANKS,
    Foremost,
    Standing,
    get_cards_of,
    get_deadlines,
    get_foremost,
    get_standings,
)

__all__ = [
    "LONG_WEEKS",
    "OPEN",
    "RANKS",
    "WHOLE",
    "AlertFilters",
    "AlertRow",
    "Correction",
    "DecidedCase",
    "DefinitionLine",
    "Foremost",
    "Foresight",
    "Gaps",
    "GrownCustomer",
    "GrowthLine",
    "GrowthView",
    "HealthView",
    "MeasureCard",
    "MeasureDetail",
    "MeasurementPlan",
    "OptionView",
    "PaperRow",
    "PaperView",
    "Place",
    "PlanLine",
    "Proposal",
    "Standing",
    "Weights",
    "alert_row",
    "get_agreements",
    "get_alert_counts",
    "get_alerts",
    "get_cards_of",
    "get_catalogue",
    "get_corrections",
    "get_deadlines",
    "get_definitions",
    "get_details",
    "get_foremost",
    "get_foresight",
    "get_gaps",
    "get_growth",
    "get_health",
    "get_health_models",
    "get_measure",
    "get_measure_cards",
    "get_measured_engagement_ids",
    "get_measurement_plan",
    "get_measures",
    "get_own_versions",
    "get_paper_view",
    "get_papers",
    "get_places",
    "get_places_of",
    "get_proposal",
    "get_standings",
    "get_weights",
    "paper_row",
]
