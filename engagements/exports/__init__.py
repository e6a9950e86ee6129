"""Tables of engagements as files people take with them."""

from engagements.exports.budgets import budget_csv
from engagements.exports.customers import customer_list_csv, duplicates_csv, hand_overs_csv
from engagements.exports.feedback import concerns_csv, invitees_csv, results_csv, surveys_csv
from engagements.exports.fields import custom_fields_csv
from engagements.exports.promise import criteria_csv
from engagements.exports.risks import risks_csv
from engagements.exports.stored_files import files_csv
from engagements.exports.tables import csv_of, workbook_of

__all__ = [
    "budget_csv",
    "concerns_csv",
    "criteria_csv",
    "csv_of",
    "custom_fields_csv",
    "customer_list_csv",
    "duplicates_csv",
    "files_csv",
    "hand_overs_csv",
    "invitees_csv",
    "results_csv",
    "risks_csv",
    "surveys_csv",
    "workbook_of",
]
