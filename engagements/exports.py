"""Customers as a spreadsheet that the import reads back."""

from datetime import date

from engagements import queries
from engagements.queries import CUSTOMER_COLUMNS
from rendering.spreadsheets import write_table


def customers_csv(*, today: date) -> bytes:
    """Every current customer, one row each, with the seats held on that day."""
    rows = queries.get_export_rows(today=today)
    return write_table(CUSTOMER_COLUMNS, ([row[name] for name in CUSTOMER_COLUMNS] for row in rows))
