"""Customers, criteria and risks as spreadsheets; the import reads customers back."""

from collections.abc import Iterable
from datetime import date

from engagements import queries
from engagements.models import RosterEntry
from engagements.queries import (
    CUSTOMER_COLUMNS,
    ROSTER_COLUMNS,
    Budget,
    CriterionView,
    Promise,
    Register,
)
from rendering.spreadsheets import write_table


def customers_csv(*, today: date) -> bytes:
    """Every current customer, one row each, with the seats held on that day."""
    rows = queries.get_export_rows(today=today)
    return write_table(CUSTOMER_COLUMNS, ([row[name] for name in CUSTOMER_COLUMNS] for row in rows))


CRITERION_COLUMNS = (
    "statement",
    "state",
    "owner",
    "measured_by",
    "what_counts",
    "unit",
    "baseline",
    "target",
    "deadline",
    "value",
    "currency",
    "version",
    "agreed_date",
    "agreed_for_customer",
    "agreed_by",
)


def criteria_csv(promise: Promise) -> bytes:
    """The criteria of success in the words in force, withdrawn ones last."""
    views = (*promise.criteria, *promise.withdrawn)
    return write_table(CRITERION_COLUMNS, (_criterion_cells(v, promise.currency) for v in views))


def _criterion_cells(view: CriterionView, currency: str) -> list[object]:
    words = view.wording
    return [
        view.statement,
        view.state,
        words.owner,
        words.measured_by,
        words.quality,
        view.unit,
        words.baseline,
        words.target,
        words.deadline,
        words.value,
        currency if words.value is not None else "",
        view.number,
        view.agreed_date,
        view.agreed_for_customer,
        view.agreed_for_vendor,
    ]


RISK_COLUMNS = (
    "risk",
    "probability",
    "impact",
    "score",
    "state",
    "owner",
    "mitigation",
    "mitigation_due",
    "overdue",
    "raised_by",
)


def risks_csv(register: Register) -> bytes:
    """The register, worst first, closed risks last."""
    return write_table(
        RISK_COLUMNS,
        (
            [
                row.title,
                row.probability,
                row.impact,
                row.score,
                row.state,
                row.owner,
                row.mitigation,
                row.due_date,
                "yes" if row.overdue else "no",
                "gate" if row.from_gate else "hand",
            ]
            for row in (*register.rows, *register.closed)
        ),
    )


def roster_csv(entries: Iterable[RosterEntry]) -> bytes:
    """A roster as the import reads it back."""
    return write_table(
        ROSTER_COLUMNS,
        (
            [
                entry.end_user.external_id,
                entry.end_user.name,
                entry.end_user.email,
                entry.impact_group.name if entry.impact_group else "",
                entry.access_since,
                entry.proficient_since,
                entry.proficient_by,
            ]
            for entry in entries
        ),
    )


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
