"""What somebody was told, as a spreadsheet: the same rows as the page."""

from collections.abc import Iterable

from notifications.queries import Told
from rendering.spreadsheets import write_table

COLUMNS = ("told_at", "kind", "text", "path", "read_at")


def inbox_csv(rows: Iterable[Told]) -> bytes:
    return write_table(
        COLUMNS,
        (
            (
                row.created_at.isoformat(timespec="seconds"),
                row.kind,
                row.text,
                row.url,
                row.read_at.isoformat(timespec="seconds") if row.read_at else None,
            )
            for row in rows
        ),
    )
