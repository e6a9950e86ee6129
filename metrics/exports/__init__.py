"""Measures, alerts and decisions as files."""

from metrics.exports.papers import paper_pdf, papers_csv
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
    "gaps_csv",
    "health_csv",
    "measures_csv",
    "paper_pdf",
    "papers_csv",
    "plain",
    "plan_csv",
    "readings_csv",
]
