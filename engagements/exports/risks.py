"""The register of risks as a table."""

from engagements.queries import Register
from rendering.spreadsheets import write_table

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
