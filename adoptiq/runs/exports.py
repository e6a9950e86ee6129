"""Runs as rows that leave the product."""

from collections.abc import Iterable

from adoptiq.runs.queries import RunRow
from rendering.spreadsheets import write_table

COLUMNS = (
    *("day", "job", "about", "state", "attempt", "due_at", "started_at", "finished_at"),
    *("seconds", "error"),
)


def runs_csv(rows: Iterable[RunRow]) -> bytes:
    """A line a run; moments in UTC as ISO 8601."""
    return write_table(COLUMNS, (_cells(row) for row in rows))


def _cells(row: RunRow) -> list[object]:
    moments = (row.due_at, row.started_at, row.finished_at)
    return [
        *(row.day, row.label, row.subject, row.state_label, row.attempt),
        *(moment.isoformat(timespec="seconds") if moment else "" for moment in moments),
        "" if row.seconds is None else round(row.seconds, 1),
        row.error,
    ]
