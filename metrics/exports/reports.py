"""Resources of an engagement, as a table."""

from metrics.queries import (
    ResourcesView,
)
from rendering.spreadsheets import write_table
from rendering.translation import translated

RESOURCES = (
    "impact_group",
    "people",
    "packages",
    "planned",
    "planned_share",
    "spent",
    "spent_share",
    "currency",
)


def resources_csv(view: ResourcesView) -> bytes:
    """Where the money goes, a row for each impact group; shares are 0 to 1."""
    return write_table(
        RESOURCES,
        (
            [
                translated(row.name),
                "" if row.people is None else row.people,
                row.money.packages,
                row.money.planned,
                "" if row.planned_share is None else round(row.planned_share, 6),
                row.money.spent,
                "" if row.spent_share is None else round(row.spent_share, 6),
                view.currency,
            ]
            for row in view.rows
        ),
    )
