"""What the page of a plan shows: the outline as asked, the time line beside it, chips and filters.

The page and every change of the plan answer with the same context.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from adoption import charts
from adoption.models import WorkPackage
from adoption.queries import get_ghosts
from adoption.queries.choices import choices_of
from adoption.queries.outline import (
    GAPS,
    MANY_ROWS,
    Line,
    OutlineView,
    Viewer,
    get_outline,
)
from adoption.views.asking import address, asked_by, query_at, turned
from engagements.models import Engagement
from engagements.queries import EngagementHeader, get_next_action, header_of
from rendering.diagram import GanttWords
from rendering.formats import current
from rendering.web import page, wants_fragment
from tenancy.access import may
from tenancy.http import WorkspaceRequest

CHIPS = {
    "all": _lazy("All rows"),
    "top": _lazy("Top levels"),
    "open": _lazy("Not done"),
    "critical": _lazy("Critical"),
    "late": _lazy("Late"),
    "week": _lazy("This week"),
    "mine": _lazy("Mine"),
    "gaps": _lazy("Incomplete"),
}
GAP_WORDS = {
    "owner": _lazy("No owner"),
    "deliverable": _lazy("No deliverable"),
    "test": _lazy("No acceptance test"),
    "budget": _lazy("No budget"),
    "duration": _lazy("No duration (milestones)"),
}
COLUMNS = (
    ("", _lazy("WBS"), "o-wbs"),
    ("name", _lazy("Step"), ""),
    ("owner", _lazy("Owner"), "o-who"),
    ("days", _lazy("Days"), "o-day right"),
    ("start", _lazy("Start"), "o-date o-start right"),
    ("finish", _lazy("Finish"), "o-date right"),
    ("float", _lazy("Float"), "o-flo right"),
)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The engagement a page of its plan is about, and the moment there."""

    engagement: Engagement
    now: datetime

    @classmethod
    def of(cls, engagement: Engagement) -> "PlanPage":
        local = timezone.localtime(timezone=engagement.customer.zone)
        return cls(engagement, local.replace(tzinfo=None))

    @property
    def header(self) -> EngagementHeader:
        next_action = get_next_action(engagement=self.engagement)
        return header_of(self.engagement, today=self.now.date(), next_action=next_action)


def viewer_of(request: WorkspaceRequest, at: PlanPage) -> Viewer:
    user: Any = request.user
    sees_money = may(request.membership, "see_budget")
    return Viewer(user.pk, user.email, at.now.date(), sees_money)


def outline_of(
    request: WorkspaceRequest, at: PlanPage, query: QueryDict, *, whole: bool = False
) -> OutlineView | None:
    return get_outline(
        engagement_id=at.engagement.pk,
        asked=asked_by(query),
        viewer=viewer_of(request, at),
        whole=whole,
    )


def outline_context(
    request: WorkspaceRequest, at: PlanPage, query: QueryDict, **more: Any
) -> dict[str, Any]:
    """Everything the page of a plan needs; `more` may carry a `preview` and the row just added."""
    outline = outline_of(request, at, query)
    header = at.header
    context: dict[str, Any] = {
        "header": header,
        "plan": outline.plan if outline else None,
        "may_edit": may(request.membership, "edit_plan"),
        **more,
    }
    if outline is None:
        return context
    context |= _parts_of(outline)
    context["gantt"] = charts.gantt(
        outline.plan,
        outline.rows,
        today=at.now.date(),
        words=_words(header, outline),
        agreed=get_ghosts(plan_id=outline.plan.id),
    )
    if context["may_edit"]:
        context |= choices_of(at.engagement)
    return context


def _parts_of(outline: OutlineView) -> dict[str, Any]:
    asked = outline.asked
    return {
        "outline": outline,
        "version": outline.version,
        "rows": outline.rows,
        "lines": [_line(outline, line) for line in outline.lines],
        "here": address(asked, page=asked.page if asked.page > 1 else ""),
        "columns": _columns(outline),
        "chips": _chips(outline),
        "filters_set": bool(asked.q or asked.owner or asked.kind or asked.group or asked.gap),
        "kind_choices": WorkPackage.Kind.choices,
        "gap_choices": [{"key": key, "words": GAP_WORDS[key]} for key in GAPS],
        "gaps": _gaps(outline) if asked.show == "gaps" or asked.gap else None,
        "asked_for_gaps": asked.show == "gaps" or bool(asked.gap),
        "pager": _pager(outline),
    }


def _line(outline: OutlineView, line: Line) -> dict[str, Any]:
    """A line for the template, with the address that folds or opens it."""
    values = {name: getattr(line, name) for name in Line.__slots__}
    values["written"] = written_days(line.row.duration_days, elapsed=line.facts.elapsed)
    values["turn"] = turned(outline.asked, line.facts.uid) if line.row.is_summary else ""
    return values


def written_days(days: float, *, elapsed: bool) -> str:
    """A duration the way somebody types it: `5d`, and `1ed` where the clock counts."""
    return f"{round(days, 2):g}{'e' if elapsed else ''}d"


def _columns(outline: OutlineView) -> list[dict[str, Any]]:
    sort, columns = outline.asked.sort, []
    for key, words, css in COLUMNS:
        turn = f"-{key}" if key and sort == key else key
        is_sorted = sort.removeprefix("-") == key
        direction = ""
        if is_sorted:
            direction = "descending" if sort.startswith("-") else "ascending"
        url = address(outline.asked, sort=turn)
        columns.append({"words": words, "css": css, "url": url, "direction": direction})
    return columns


def _chips(outline: OutlineView) -> list[dict[str, Any]]:
    counts, asked = outline.counts, outline.asked
    many = len(outline.plan.rows) > MANY_ROWS
    return [
        {
            "key": key,
            "words": words,
            "count": counts.get(key),
            "current": key == (asked.show or "all"),
            "url": f"?show={key}",
        }
        for key, words in CHIPS.items()
        if key not in ("top", "mine") or many or key == asked.show or counts.get(key)
    ]


def _gaps(outline: OutlineView) -> dict[str, Any]:
    asked = outline.asked
    kinds = dict(WorkPackage.Kind.choices)
    return {
        "lacking": outline.counts["gaps"],
        "chips": [
            {
                "key": gap,
                "words": GAP_WORDS[gap],
                "count": outline.gaps.get(gap, 0),
                "current": gap == asked.gap,
                "url": address(asked, gap="" if gap == asked.gap else gap, show="gaps", turn=[])
                if gap != "duration"
                else address(asked, gap=gap, show="all", turn=[]),
            }
            for gap in GAPS
        ],
        "kinds": [
            {"words": kinds[kind], "count": n, "url": f"?show=all&kind={kind}"}
            for kind, n in sorted(outline.kinds.items(), key=lambda item: -item[1])
        ],
    }


def _pager(outline: OutlineView) -> dict[str, Any]:
    now = min(max(outline.asked.page, 1), outline.pages)
    return {
        "page": now,
        "before": address(outline.asked, page=now - 1) if now > 1 else "",
        "after": address(outline.asked, page=now + 1) if now < outline.pages else "",
    }


def _words(header: EngagementHeader, outline: OutlineView) -> GanttWords:
    critical = outline.plan.critical
    lead = ngettext(
        "%(n)s work package is critical.", "%(n)s work packages are critical.", critical
    ) % {"n": critical}
    return GanttWords(
        title=_("Plan of %(name)s on a time line") % {"name": header.name},
        lead=lead,
        today=_("Today"),
        critical=_("critical"),
        span=_("{label}: {start} to {finish}"),
        more=_("{count} more rows stand in the table"),
        months=tuple(current().month(month) for month in range(1, 13)),
    )


def plan_after(
    request: WorkspaceRequest, at: PlanPage, *, row: Any = None, **more: Any
) -> HttpResponse:
    """After a change: the outline somebody had before them, at the row that was changed.

    With a `preview` among `more` the page asks first, with script or without.
    """
    query = query_at(request)
    if "preview" in more or wants_fragment(request):
        context = outline_context(request, at, query, chosen=row, **more)
        return page(request, "adoption/plan.html", context, fragment="adoption/_plan.html")
    url = reverse("adoption:plan", args=[request.workspace.slug, at.engagement.pk])
    said = query.urlencode()
    return redirect(f"{url}{'?' if said else ''}{said}{f'#row-{row}' if row else ''}")
