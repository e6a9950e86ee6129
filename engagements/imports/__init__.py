"""Customers, engagements and rosters from spreadsheets: all of a file or nothing of it."""

from engagements.imports.customers import COLUMNS, ImportResult, import_customers
from engagements.imports.reading import RowError
from engagements.imports.rosters import RosterResult, import_roster

__all__ = [
    "COLUMNS",
    "ImportResult",
    "RosterResult",
    "RowError",
    "import_customers",
    "import_roster",
]
