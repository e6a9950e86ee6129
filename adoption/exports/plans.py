"""A plan as a spreadsheet: the same rows and figures as the page."""

from adoption.queries import PlanView
from rendering.spreadsheets import write_table

COLUMNS = (
    "outline",
    "name",
    "owner",
    "duration_days",
    "start",
    "finish",
    "latest_finish",
    "total_float_days",
    "free_float_days",
    "critical",
    "percent_complete",
)


def plan_csv(plan: PlanView) -> bytes:
    return write_table(
        COLUMNS,
        (
            (
                row.outline,
                row.name,
                row.owner,
                round(row.duration_days, 2),
                row.start.isoformat(sep=" "),
                row.finish.isoformat(sep=" "),
                row.late_finish.isoformat(sep=" ") if row.late_finish else None,
                round(row.total_float_days, 2),
                None if row.free_float_days is None else round(row.free_float_days, 2),
                "critical" if row.critical else "",
                round(row.percent),
            )
            for row in plan.rows
        ),
    )
