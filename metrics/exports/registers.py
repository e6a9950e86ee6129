"""What routes and contacts with the help desk say, as tables."""

from metrics.exports import plain
from metrics.queries.performance import PerformanceView
from metrics.queries.routes import RoutesView
from metrics.queries.support import SupportView, coached_percent, percent_of
from rendering.spreadsheets import write_table
from rendering.translation import translated

SHARES = ("period_until", "new_route", "other_routes", "all", "share_percent", "not_counted")
CONTACTS = (
    *("day", "coached", "did_for", "other", "coached_percent", "how_to", "active_users"),
    "how_to_per_100",
)
LINES = ("measure", "unit", "day", "amount")


def shares_csv(view: RoutesView) -> bytes:
    """Every period in which a route was counted; a share only where every route was."""
    names = view.names
    return write_table(
        SHARES,
        (
            [
                one.day,
                plain(one.new),
                plain(one.other),
                plain(one.total),
                "" if one.share is None else plain(percent_of(one.share)),
                ", ".join(names[key] for key in one.unread),
            ]
            for one in view.periods
        ),
    )


def support_csv(view: SupportView) -> bytes:
    """A row a week, each over 28 days."""
    return write_table(
        CONTACTS,
        (
            [
                one.day,
                one.coached,
                one.did_for,
                one.unclassed,
                plain(coached_percent(one)),
                one.how_to,
                "" if one.active_users is None else one.active_users,
                plain(one.per_hundred),
            ]
            for one in view.points
        ),
    )


def performance_csv(view: PerformanceView) -> bytes:
    """Each measure of the system's own by day, and how many people were active."""
    lines = [("active_people", "people", view.use)]
    lines += [(line.key, translated(line.unit), line) for line in view.lines]
    return write_table(
        LINES,
        (
            [name, unit, day, plain(amount)]
            for name, unit, line in lines
            for day, amount in zip(view.days, line.points, strict=True)
            if amount is not None
        ),
    )
