"""The rows of an outline as they are shown, with what each of them lacks."""

from collections.abc import Mapping
from uuid import UUID

from adoption.queries.outline import Line, OutlineView
from adoption.queries.variances import Variance
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
    "baseline_start",
    "baseline_finish",
    "start_variance_days",
    "finish_variance_days",
    "over_allocated",
    "missing",
)


def outline_csv(
    outline: OutlineView,
    *,
    variances: Mapping[UUID, Variance],
    overloaded: Mapping[UUID, tuple[str, ...]],
) -> bytes:
    """The rows shown, with how far they are from the baseline where there is one."""
    return write_table(
        COLUMNS,
        (
            (
                *_cells(line),
                *_variance(variances.get(line.row.id)),
                "; ".join(overloaded.get(line.row.id, ())),
                "; ".join(line.gaps),
            )
            for line in outline.lines
        ),
    )


def _variance(found: Variance | None) -> tuple[object, ...]:
    if found is None:
        return ("", "", "", "")
    return (
        found.start.isoformat(sep=" "),
        found.finish.isoformat(sep=" "),
        found.start_days,
        found.finish_days,
    )


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
    )
