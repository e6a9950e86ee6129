"""What the page of a plan shows: the outline as asked, the time line beside it, chips and filters.

The page and every change of the plan answer with the same context.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from adoption import charts
from adoption.editing import Moves
from adoption.models import Plan, WorkPackage
from adoption.queries import outline as reading
from adoption.queries.choices import choices_of
from adoption.queries.outline import (
    GAPS,
    MANY_ROWS,
    Asked,
    Line,
    OutlineView,
    Viewer,
    get_outline,
)
from adoption.queries.overloads import get_overloaded
from adoption.queries.variances import Variance, get_variances
from adoption.views.asking import address, asked_by, query_at, turned
from adoption.views.finding import find_engagement, find_what_if
from engagements.models import Engagement
from engagements.queries import EngagementHeader, get_next_action, header_of
from people.queries import person_of
from rendering.diagram import GanttWords
from rendering.formats import current
from rendering.web import page, wants_fragment
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from tenancy.models import Role

# Two thirds of the place beside the outline, so that today can stand at the first third of it.
PIXELS_AHEAD = 340
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
# Beside the baseline, where it is shown.
AGAINST = (
    ("start_by", _lazy("Start ±"), "o-var right"),
    ("finish_by", _lazy("Finish ±"), "o-var right"),
)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The engagement a page of its plan is about, the moment there, and the copy it is about where
    it is not the plan itself. After a change, what was changed need not be read again: the plan
    as it is now, and its links."""

    engagement: Engagement
    now: datetime
    what_if: Plan | None = None
    changed: Plan | None = None
    links: tuple[tuple[UUID, UUID, str], ...] | None = None

    @classmethod
    def of(cls, engagement: Engagement, plan: Plan | None = None) -> "PlanPage":
        local = timezone.localtime(timezone=engagement.customer.zone)
        what_if = plan if plan is not None and plan.is_what_if else None
        return cls(engagement, local.replace(tzinfo=None), what_if)

    def after(self, plan: Plan, moves: Moves) -> "PlanPage":
        """The page after a change of its plan; as it was when nothing was changed."""
        if moves.change_id is None:
            return self
        return replace(self, changed=plan, links=moves.links)

    def query(self, query: QueryDict) -> QueryDict:
        """The same rows asked of this plan, whichever plan was named before."""
        named = query.copy()
        named.pop("what_if", None)
        if self.what_if is not None:
            named["what_if"] = str(self.what_if.pk)
        return named

    @property
    def header(self) -> EngagementHeader:
        next_action = get_next_action(engagement=self.engagement)
        return header_of(self.engagement, today=self.now.date(), next_action=next_action)

    @property
    def bare_header(self) -> EngagementHeader:
        """Without what is to be done next, for a fragment that stands below the header."""
        return header_of(self.engagement, today=self.now.date())


def viewer_of(request: WorkspaceRequest, at: PlanPage) -> Viewer:
    user: Any = request.user
    sees_money = may(request.membership, "see_budget")
    return Viewer(user.pk, user.email, at.now.date(), sees_money)


def outline_of(
    request: WorkspaceRequest, at: PlanPage, query: QueryDict, *, whole: bool = False
) -> OutlineView | None:
    asked, viewer = asked_by(at.query(query)), viewer_of(request, at)
    plan = at.changed or at.what_if
    if plan is not None:
        return reading.outline_of(plan, asked=asked, viewer=viewer, whole=whole, links=at.links)
    return get_outline(engagement_id=at.engagement.pk, asked=asked, viewer=viewer, whole=whole)


def outline_context(
    request: WorkspaceRequest, at: PlanPage, query: QueryDict, **more: Any
) -> dict[str, Any]:
    """Everything the page of a plan needs; `more` may carry a `preview` and the row just added."""
    outline = outline_of(request, at, query)
    header = at.bare_header if wants_fragment(request) else at.header
    context: dict[str, Any] = {
        "header": header,
        "plan": outline.plan if outline else None,
        "what_if": at.what_if,
        "may_edit": may(request.membership, "edit_plan"),
        **more,
    }
    if outline is None:
        return context
    overloaded = overloaded_of(request, at, outline)
    context |= _parts_of(outline) | _against(outline) | _room_for_dates(outline, at.now.year)
    variances = _variances(outline)
    context["lines"] = [
        _line(outline, line, overloaded=overloaded, variances=variances) for line in outline.lines
    ]
    context["gantt"] = charts.gantt(
        outline.plan,
        outline.rows,
        today=at.now.date(),
        words=_words(header, outline),
        agreed=outline.agreed,
        overloaded=overloaded,
        ahead=PIXELS_AHEAD,
    )
    if context["may_edit"]:
        context |= choices_of(at.engagement)
    return context


def overloaded_of(
    request: WorkspaceRequest, at: PlanPage, outline: OutlineView
) -> Mapping[UUID, tuple[str, ...]]:
    """Members of the customer's side see what is asked of themselves, as among the resources."""
    is_member = Role(request.membership.role) is Role.MEMBER
    return get_overloaded(
        plan=outline.plan,
        today=at.now.date(),
        person=person_of(request.user) if is_member else None,
    )


def _against(outline: OutlineView) -> dict[str, Any]:
    """Whether the baseline is shown, and the address that turns it on or off where there is one."""
    asked = outline.asked
    other = address(asked, against="" if asked.against else 1, page=asked.page)
    is_shown = asked.against and bool(outline.agreed)
    return {
        "against": is_shown,
        "against_url": other if outline.agreed else "",
        "against_columns": _headings(asked, AGAINST) if is_shown else [],
    }


def _room_for_dates(outline: OutlineView, year: int) -> dict[str, bool]:
    """A day of another year is said with its year, which wants more room."""
    return {"long_dates": {outline.plan.start.year, outline.plan.finish.year} != {year}}


def _variances(outline: OutlineView) -> Mapping[UUID, Variance]:
    """How far the rows shown are from the baseline, where that is asked for and there is one."""
    if not outline.asked.against:
        return {}
    return get_variances(plan=outline.plan, agreed=outline.agreed, rows=outline.rows)


def _parts_of(outline: OutlineView) -> dict[str, Any]:
    asked = outline.asked
    return {
        "outline": outline,
        "version": outline.version,
        "rows": outline.rows,
        "here": address(asked, page=asked.page if asked.page > 1 else ""),
        "columns": _headings(asked, COLUMNS),
        "chips": _chips(outline),
        "everything": address(Asked(what_if=asked.what_if)),
        "unfiltered": address(Asked(what_if=asked.what_if, show=asked.show)),
        "filters_set": bool(asked.q or asked.owner or asked.kind or asked.group or asked.gap),
        "kind_choices": WorkPackage.Kind.choices,
        "gap_choices": [{"key": key, "words": GAP_WORDS[key]} for key in GAPS],
        "gaps": _gaps(outline) if asked.show == "gaps" or asked.gap else None,
        "asked_for_gaps": asked.show == "gaps" or bool(asked.gap),
        "pager": _pager(outline),
    }


def _line(
    outline: OutlineView,
    line: Line,
    *,
    overloaded: Mapping[UUID, tuple[str, ...]],
    variances: Mapping[UUID, Variance],
) -> dict[str, Any]:
    """A line for the template, with the address that folds or opens it."""
    values = {name: getattr(line, name) for name in Line.__slots__}
    values["written"] = written_days(line.row.duration_days, elapsed=line.facts.elapsed)
    values["variance"] = variances.get(line.row.id)
    values["overloaded"] = ", ".join(overloaded.get(line.row.id, ()))
    values["turn"] = turned(outline.asked, line.facts.uid) if line.row.is_summary else ""
    return values


def written_days(days: float, *, elapsed: bool) -> str:
    """A duration the way somebody types it: `5d`, and `1ed` where the clock counts."""
    return f"{round(days, 2):g}{'e' if elapsed else ''}d"


def _headings(asked: Asked, columns: Iterable[tuple[str, Any, str]]) -> list[dict[str, Any]]:
    """Headings that sort by themselves, the other way round the second time."""
    headings = []
    for key, words, css in columns:
        is_sorted = asked.sort.removeprefix("-") == key
        direction = ""
        if is_sorted:
            direction = "descending" if asked.sort.startswith("-") else "ascending"
        url = address(asked, sort=f"-{key}" if key and asked.sort == key else key)
        headings.append({"words": words, "css": css, "url": url, "direction": direction})
    return headings


def _chips(outline: OutlineView) -> list[dict[str, Any]]:
    counts, asked = outline.counts, outline.asked
    many = len(outline.plan.rows) > MANY_ROWS
    return [
        {
            "key": key,
            "words": words,
            "count": counts.get(key),
            "current": key == (asked.show or "all"),
            "url": address(Asked(what_if=asked.what_if, show=key)),
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
            {
                "words": kinds[kind],
                "count": n,
                "url": address(Asked(what_if=asked.what_if, show="all", kind=kind)),
            }
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
        status=_("Status date"),
        overloaded=_("too much at once"),
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
    return redirect(f"{plan_address(request, at, query)}{f'#row-{row}' if row else ''}")


def plan_address(request: WorkspaceRequest, at: PlanPage, query: QueryDict | None = None) -> str:
    """Where the plan of a page stands, with the rows that somebody had before them."""
    url = reverse("adoption:plan", args=[request.workspace.slug, at.engagement.pk])
    said = at.query(query_at(request) if query is None else query).urlencode()
    return f"{url}?{said}" if said else url


def page_at(request: WorkspaceRequest, engagement_id: UUID, query: QueryDict) -> PlanPage:
    """The plan that a query string asks for. Copies are for those who may change the plan."""
    engagement = find_engagement(engagement_id)
    what_if = find_what_if(engagement_id, query)
    if what_if is not None:
        require(request.membership, "edit_plan")
    return PlanPage.of(engagement, what_if)
