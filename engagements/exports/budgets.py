"""The budget as a table."""

from engagements.queries import Budget
from rendering.spreadsheets import write_table

BUDGET_COLUMNS = (
    "purpose",
    "category",
    "impact_group",
    "work_stream",
    "currency",
    "budget",
    "committed",
    "paid",
    "remaining",
    "percent_done",
    "earned",
    "deviation",
    "why",
)


def budget_csv(budget: Budget) -> bytes:
    """The lines of a budget with their arithmetic."""
    return write_table(
        BUDGET_COLUMNS,
        (
            [
                row.name,
                row.category,
                row.group,
                row.work_stream,
                budget.currency,
                row.line.budget,
                row.line.committed,
                row.line.actual,
                row.line.remaining,
                int(row.line.done * 100),
                row.line.earned,
                row.line.deviation,
                row.reason,
            ]
            for row in budget.rows
        ),
    )
