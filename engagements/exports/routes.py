"""Routes and what was counted on them as a table."""

from engagements.queries.routes import RouteRegister
from rendering.spreadsheets import write_table

ROUTE_COLUMNS = (
    *("route", "kind", "to_be_shut_off_on", "shut_off_since", "overdue", "owner", "note"),
    *("period", "day", "amount"),
)


def routes_csv(register: RouteRegister) -> bytes:
    """A row for each period of each route; one without a period for a route nobody counted."""
    return write_table(
        ROUTE_COLUMNS,
        (
            [
                row.name,
                row.kind,
                row.shut_off_date,
                row.shut_date,
                "yes" if row.overdue else "no",
                row.owner,
                row.note,
                register.period if volume[0] else "",
                *volume,
            ]
            for row in register.rows
            for volume in (row.volumes or (("", ""),))
        ),
    )
