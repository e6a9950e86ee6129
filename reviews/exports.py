"""The book as a spreadsheet: the same rows and figures as the page."""

from rendering.spreadsheets import write_table
from reviews.queries import Book

COLUMNS = (
    "customer",
    "csm",
    "phase",
    "needs",
    "active_users_28_days",
    "four_weeks_before",
    "seats",
    "date",
    "date_of",
    "as_of",
)


def book_csv(book: Book) -> bytes:
    return write_table(
        COLUMNS,
        (
            (
                row.name,
                row.csm_name,
                row.phase,
                row.band.value,
                row.active,
                row.before,
                row.seats,
                row.next_date,
                row.date_kind,
                row.as_of,
            )
            for row in book.rows
        ),
    )
