"""The book as a spreadsheet: the same rows and figures as the page."""

from rendering.spreadsheets import write_table
from reviews.queries import Book, BookRow

COLUMNS = (
    "customer",
    "csm",
    "phase",
    "needs",
    "active_users_28_days",
    "four_weeks_before",
    "seats",
    "health",
    "health_band",
    "health_change_28_days",
    "health_coverage",
    "date",
    "date_of",
    "as_of",
)


def _health(row: BookRow) -> tuple[object, ...]:
    found = row.health
    if found is None:
        return ("", "", "", "")
    change = "" if found.change is None else round(found.change, 1)
    return (round(found.score, 1), found.band, change, round(found.coverage, 4))


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
                *_health(row),
                row.next_date,
                row.date_kind,
                row.as_of,
            )
            for row in book.rows
        ),
    )
