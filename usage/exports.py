"""Usage as rows that leave the product: the report and the rows of a file left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple
from typing import Any

from rendering.spreadsheets import write_table
from usage.models import Quarantined, RowFault
from usage.queries import ReportRow

REPORT_COLUMNS = ("day", "customer", "dau", "wau", "mau", "events")
FAULT_COLUMNS = ("row", "field", "reason")
ASIDE_COLUMNS = ("received_at", "source", "group", "user", "reason", "item")


def report_csv(rows: Iterable[ReportRow]) -> bytes:
    """A line a customer and calendar day; the counts of an open day are empty."""
    return write_table(REPORT_COLUMNS, (astuple(row) for row in rows))


def report_json(rows: Iterable[ReportRow]) -> str:
    """One array of objects; the counts of an open day are null."""
    return json.dumps([asdict(row) | {"day": row.day.isoformat()} for row in rows])


def faults_csv(faults: Iterable[RowFault]) -> bytes:
    """Which rows of a file were left out, and why."""
    return write_table(FAULT_COLUMNS, ([f.row, f.field, f.reason] for f in faults))


def quarantined_csv(rows: Iterable[Quarantined]) -> bytes:
    """What is put aside, with the reason and what can be shown of it."""
    return write_table(
        ASIDE_COLUMNS,
        (
            [
                row.received_at.isoformat(),
                row.source.name,
                row.group_key,
                row.user_key,
                row.reason,
                json.dumps(row.item, ensure_ascii=False),
            ]
            for row in rows
        ),
    )


def report_table(rows: Sequence[ReportRow]) -> str:
    """The report for reading in a terminal."""
    cells = [REPORT_COLUMNS, *(tuple(map(_cell, astuple(row))) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(REPORT_COLUMNS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _cell(value: Any) -> str:
    return "–" if value is None else str(value)
