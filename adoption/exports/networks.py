"""The network of a plan as a spreadsheet."""

from adoption.queries.networks import NetworkView
from rendering.spreadsheets import write_table

COLUMNS = (
    "outline",
    "name",
    "needs",
    "duration_days",
    "days_left",
    "start",
    "finish",
    "float_days",
    "state",
)


def network_csv(shown: NetworkView) -> bytes:
    return write_table(
        COLUMNS,
        (
            (
                step.outline,
                step.name,
                " ".join(step.needs),
                round(step.days, 2),
                round(step.days_left, 2),
                step.start.isoformat(sep=" "),
                step.finish.isoformat(sep=" "),
                round(step.float_days, 2),
                step.state,
            )
            for step in shown.steps
        ),
    )
