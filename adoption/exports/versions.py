"""Versions of a plan, what differs between two, and who changed what, as spreadsheets."""

from adoption.queries.history import HistoryView
from adoption.queries.versions import ComparisonView, VersionsView
from rendering.spreadsheets import write_table

BASELINE_COLUMNS = (
    "kind",
    "name",
    "day",
    "taken_by",
    "is_the_baseline",
    "start",
    "finish",
    "work_packages",
    "live_finish_later_days",
)
COMPARISON_COLUMNS = (
    "what",
    "outline",
    "name",
    "start_before",
    "start_after",
    "start_moved_days",
    "finish_before",
    "finish_after",
    "finish_moved_days",
    "longer_days",
    "critical_before",
    "critical_after",
)
HISTORY_COLUMNS = ("at", "by", "what", "rows", "undone_at", "undone_by")


def versions_csv(shown: VersionsView) -> bytes:
    return write_table(
        BASELINE_COLUMNS,
        (
            (
                row.kind_words,
                row.name,
                row.day,
                row.taken_by,
                "yes" if row.chosen else "",
                row.start.isoformat(sep=" "),
                row.finish.isoformat(sep=" "),
                row.packages,
                round(row.later_days, 2),
            )
            for row in shown.baselines
        ),
    )


def comparison_csv(shown: ComparisonView) -> bytes:
    """Rows first, then links as `1 FS 2` in the column of names."""
    return write_table(COMPARISON_COLUMNS, (*_row_cells(shown), *_link_cells(shown)))


def _row_cells(shown: ComparisonView) -> list[tuple[object, ...]]:
    return [
        (
            change.kind,
            change.row.outline,
            change.row.name,
            change.before.start.isoformat(sep=" ") if change.before else None,
            change.after.start.isoformat(sep=" ") if change.after else None,
            round(change.start_days, 2) if change.before and change.after else None,
            change.before.finish.isoformat(sep=" ") if change.before else None,
            change.after.finish.isoformat(sep=" ") if change.after else None,
            round(change.finish_days, 2) if change.before and change.after else None,
            round(change.longer_days, 2) if change.before and change.after else None,
            "critical" if change.before and change.before.is_open_critical else "",
            "critical" if change.after and change.after.is_open_critical else "",
        )
        for change in shown.found.rows
    ]


def _link_cells(shown: ComparisonView) -> list[tuple[object, ...]]:
    kinds = {
        (True, False): "link removed",
        (False, True): "link added",
        (True, True): "lag changed",
    }
    return [
        (
            kinds[change.before is not None, change.after is not None],
            "",
            f"{change.link.before} {change.link.type} {change.link.after}",
            *[None] * (len(COMPARISON_COLUMNS) - 3),
        )
        for change in shown.found.links
    ]


def history_csv(shown: HistoryView) -> bytes:
    return write_table(
        HISTORY_COLUMNS,
        (
            (row.at, row.by, row.text, row.touched, row.undone_at, row.undone_by)
            for row in shown.changes
        ),
    )
