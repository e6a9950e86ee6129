"""Resources, what is asked of them and what levelling would move, as spreadsheets."""

from adoption.queries.loading import LevellingView, LoadingView
from rendering.spreadsheets import write_table


def resources_csv(shown: LoadingView) -> bytes:
    """One line a resource: what there is, what is asked, and when it is away next."""
    return write_table(
        (
            "name", "kind", "person", "capacity", "for_workspace", "work_packages",
            "working_days_asked", "most_at_once", "times_asked_too_much", "away_from", "away_until",
            "away_reason",
        ),
        (
            (
                row.resource.name,
                row.resource.kind,
                row.resource.person,
                row.resource.capacity,
                "yes" if row.resource.is_shared else "",
                row.packages,
                round(row.days, 2),
                row.busiest,
                row.overloads,
                away.first.isoformat() if away else None,
                away.last.isoformat() if away else None,
                away.reason if away else None,
            )
            for row in shown.rows
            for away in [row.resource.next_away(shown.as_of)]
        ),
    )  # fmt: skip


def levelling_csv(shown: LevellingView) -> bytes:
    """One line a package that would move."""
    return write_table(
        ("outline", "name", "resources", "start", "would_start", "working_days", "waits_itself"),
        (
            (
                row.package.outline,
                row.package.name,
                ", ".join(row.resources),
                row.start.isoformat(sep=" "),
                row.to.isoformat(sep=" "),
                round(row.days, 2),
                "yes" if row.waits else "",
            )
            for row in shown.moved
        ),
    )
