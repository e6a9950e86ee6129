"""Customers, engagements and rosters from spreadsheets: all of a file or nothing of it, unless
somebody chose to bring in the good rows only."""

from engagements.imports.columns import Column, applied, columns_for, fits, guess
from engagements.imports.customers import import_customers
from engagements.imports.faults import faults_csv
from engagements.imports.reading import ImportResult, RowError
from engagements.imports.rosters import import_roster

__all__ = [
    "Column",
    "ImportResult",
    "RowError",
    "applied",
    "columns_for",
    "faults_csv",
    "fits",
    "guess",
    "import_customers",
    "import_roster",
]
