"""The rows of an outline as they are shown, with what each of them lacks."""

from adoption.queries.outline import Line, OutlineView
from rendering.spreadsheets import write_table

COLUMNS = (
    "outline",
    "name",
    "deliverable",
    "owner",
    "kind",
    "impact_group",
    "duration_days",
    "start",
    "finish",
    "total_float_days",
    "critical",
    "late",
    "percent_complete",
    "missing",
)


def outline_csv(outline: OutlineView) -> bytes:
    return write_table(COLUMNS, map(_cells, outline.lines))


def _cells(line: Line) -> tuple[object, ...]:
    row, facts = line.row, line.facts
    return (
        row.outline,
        row.name,
        facts.deliverable,
        facts.owner,
        facts.kind,
        facts.group,
        round(row.duration_days, 2),
        row.start.isoformat(sep=" "),
        row.finish.isoformat(sep=" "),
        round(row.total_float_days, 2),
        "critical" if row.critical else "",
        "late" if line.is_late else "",
        round(row.percent),
        "; ".join(line.gaps),
    )
