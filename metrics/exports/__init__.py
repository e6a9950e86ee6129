"""Measures, tests, reports, alerts and decisions as files."""

from metrics.exports.learning import learning_csv
from metrics.exports.papers import paper_pdf, papers_csv
from metrics.exports.portfolio import foresight_csv, growth_csv
from metrics.exports.reports import resources_csv
from metrics.exports.tables import (
    alerts_csv,
    catalogue_csv,
    corrections_csv,
    gaps_csv,
    health_csv,
    measures_csv,
    plain,
    plan_csv,
    readings_csv,
)

__all__ = [
    "alerts_csv",
    "catalogue_csv",
    "corrections_csv",
    "foresight_csv",
    "gaps_csv",
    "growth_csv",
    "health_csv",
    "learning_csv",
    "measures_csv",
    "paper_pdf",
    "papers_csv",
    "plain",
    "plan_csv",
    "readings_csv",
    "resources_csv",
]
