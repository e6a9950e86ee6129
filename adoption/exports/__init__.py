"""What a page of a plan shows, as a spreadsheet: the same rows and figures."""

from adoption.exports.curves import curve_csv, simulation_csv
from adoption.exports.learning import assessments_csv, barriers_csv, scores_csv
from adoption.exports.networks import network_csv
from adoption.exports.plans import plan_csv, plan_xlsx, plan_xml
from adoption.exports.resources import levelling_csv, resources_csv
from adoption.exports.versions import comparison_csv, history_csv, versions_csv

__all__ = [
    "assessments_csv",
    "barriers_csv",
    "comparison_csv",
    "curve_csv",
    "history_csv",
    "levelling_csv",
    "network_csv",
    "plan_csv",
    "plan_xlsx",
    "plan_xml",
    "resources_csv",
    "scores_csv",
    "simulation_csv",
    "versions_csv",
]
