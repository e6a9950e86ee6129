"""Customers, engagements and rosters from spreadsheets: all of a file or nothing of it, unless
somebody chose to bring in the good rows only."""

from engagements.imports.columns import Column, columns_for
from engagements.imports.customers import import_customers
from engagements.imports.faults import faults_csv
from engagements.imports.reading import ImportResult, RowError
from engagements.imports.rosters import import_roster
from engagements.imports.staged import (
    bring_in,
    fitting,
    likely_mapping,
    named_table,
    table_of,
)

__all__ = [
    "Column",
    "ImportResult",
    "RowError",
    "bring_in",
    "columns_for",
    "faults_csv",
    "fitting",
    "import_customers",
    "import_roster",
    "likely_mapping",
    "named_table",
    "table_of",
]
