"""The plan on a time line: value in, drawing out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from adoption.queries import PlanRow, PlanView
from rendering.diagram import Gantt, GanttLink, GanttRow, GanttWords
from rendering.diagram import gantt as draw


def gantt(
    plan: PlanView,
    rows: Sequence[PlanRow],
    *,
    today: date,
    words: GanttWords,
    agreed: Mapping[str, tuple[datetime, datetime]] | None = None,
    overloaded: Collection[UUID] = (),
    ahead: int = 0,
) -> Gantt:
    """The rows shown and the links among them, critical ones marked; under a row that moved since
    the baseline a thin bar says where `agreed` has it, by uid. `overloaded` rows ask somebody for
    more than there is."""
    ghosts = agreed or {}
    shown = {row.id: row for row in rows}
    links = [
        GanttLink(
            before=str(link.before),
            after=str(link.after),
            kind=cast(Literal["FS", "SS", "FF", "SF"], link.type),
            critical=_is_open_critical(shown[link.before]) and _is_open_critical(shown[link.after]),
        )
        for link in plan.links
        if link.before in shown and link.after in shown
    ]
    return draw(
        [_bar(row, ghosts.get(row.uid), overloaded=row.id in overloaded) for row in rows],
        links,
        today=today,
        name="plan",
        words=words,
        status=plan.status_at.date() if plan.status_at else None,
        ahead=ahead,
    )


def _is_open_critical(row: PlanRow) -> bool:
    return row.critical and not row.is_done and not row.is_summary


def _bar(row: PlanRow, agreed: tuple[datetime, datetime] | None, *, overloaded: bool) -> GanttRow:
    floating = not row.is_done and not row.is_summary and row.total_float_days > 0
    return GanttRow(
        key=str(row.id),
        label=row.name,
        start=row.start,
        finish=row.finish,
        level=row.level,
        summary=row.is_summary,
        milestone=row.is_milestone,
        critical=_is_open_critical(row),
        done=row.is_done,
        progress=row.percent,
        float_until=row.late_finish if floating else None,
        float_words=f"{row.total_float_days:.3g} d" if floating else "",
        agreed=agreed if agreed != (row.start, row.finish) else None,
        overloaded=overloaded,
    )
