"""The page of a plan's network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from adoption import charts, exports, queries
from adoption.charts import NetworkWords
from adoption.queries.networks import PATH, READABLE, NetworkStep, NetworkView
from adoption.queries.reasons import Why
from adoption.views.finding import find_engagement
from adoption.views.saying import say_arrow, say_reason, say_state, say_step
from engagements.queries import get_next_action, header_of
from rendering.diagram import Network
from rendering.templatetags.formats import number, said_short
from rendering.web import csv_file, page
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

NEAR_DAYS = 3.0
MOST_DAYS = 60.0
ZOOMS = (75, 100, 150)
LEVELS = {"all": 0, "path": PATH}
_SAID_STEPS = 6
# As many as can be read as circles.
_TABLE_ROWS = READABLE


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the network; what makes no sense is not asked."""

    level: int | None
    to: UUID | None
    within: float
    why: UUID | None
    zoom: int

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        zoom = _whole(query.get("zoom"))
        level = query.get("level", "")
        return cls(
            level=LEVELS[level] if level in LEVELS else _whole(level),
            to=_id(query.get("to")),
            within=_days(query.get("within")),
            why=_id(query.get("why")),
            zoom=zoom if zoom in ZOOMS else 100,
        )

    def view(self, engagement_id: UUID) -> NetworkView | None:
        return queries.get_network(
            engagement_id=engagement_id,
            level=self.level,
            to=self.to,
            within=self.within,
            why=self.why,
        )

    @property
    def level_word(self) -> str | int | None:
        return next((word for word, n in LEVELS.items() if n == self.level), self.level)

    def address(self, **changes: object) -> str:
        """The query string of the same page with some of it asked differently."""
        level = self.level_word
        within = None if self.within == NEAR_DAYS else f"{self.within:g}"
        zoom = None if self.zoom == 100 else self.zoom
        asked = {"level": level, "to": self.to, "within": within, "zoom": zoom, "why": self.why}
        return "?" + urlencode({k: v for k, v in (asked | changes).items() if v is not None})


@require_GET
def network(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    asked = Asked.of(request.GET)
    shown = asked.view(engagement_id)
    today = timezone.localtime(timezone=engagement.customer.zone).date()
    next_action = get_next_action(engagement=engagement)
    context: dict[str, Any] = {
        "header": header_of(engagement, today=today, next_action=next_action),
        "shown": shown,
    }
    if shown:
        context |= _shown(shown, asked)
    return page(request, "adoption/network.html", context)


@require_GET
def export_network(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    shown = Asked.of(request.GET).view(engagement_id)
    if shown is None:
        raise Http404
    record(action="network.exported", subject=engagement, about_customer_id=engagement.customer_id)
    return csv_file(exports.network_csv(shown), f"{engagement.key.lower()}-network.csv")


def _shown(shown: NetworkView, asked: Asked) -> Mapping[str, Any]:
    finding, reason = _finding(shown), _reasons(asked)
    return {
        "asked": asked,
        "drawing": draw(shown, asked),
        "finding": finding,
        "rows": [
            {"step": step, "state": say_state(step), "url": reason(step)}
            for step in shown.steps[:_TABLE_ROWS]
        ],
        "more_rows": max(0, len(shown.steps) - _TABLE_ROWS),
        "level_chips": _level_chips(shown, asked),
        "zoom_chips": [
            {"words": f"{zoom} %", "url": asked.address(zoom=zoom), "current": zoom == asked.zoom}
            for zoom in ZOOMS
        ],
        "why": _why(shown.why) if shown.why else None,
        "csv_query": asked.address(why=None),
        "back": asked.address(why=None),
    }


def draw(shown: NetworkView, asked: Asked) -> Network:
    """The network as a page and a picture show it."""
    return charts.network(
        shown,
        words=_words(_finding(shown)),
        address=_reasons(asked),
        zoom=asked.zoom / 100,
    )


def _reasons(asked: Asked) -> Callable[[NetworkStep], str]:
    """Where the page says why a step is there; the rest of the address is written once."""
    rest = asked.address(why=None)
    start = f"{rest}&" if len(rest) > 1 else rest
    return lambda step: f"{start}why={step.id}#why"


def _words(finding: str) -> NetworkWords:
    lead = _(
        "Circles are steps, arrows are dependencies, with the duration of the step they leave."
    )
    return NetworkWords(
        title=_("Network diagram of the plan"),
        lead=f"{lead} {finding}.",
        state=say_state,
        says=say_step,
        arrow=say_arrow,
    )


def _level_chips(shown: NetworkView, asked: Asked) -> list[dict[str, object]]:
    chips: list[dict[str, object]] = [
        {
            "words": ngettext("Top level", "Top %(n)s levels", level) % {"n": level},
            "url": asked.address(level=level),
            "current": level == shown.level,
        }
        for level in shown.levels
    ]
    others = [("path", _("Critical path")), ("all", _("All steps"))]
    return chips + [
        {"words": words, "url": asked.address(level=key), "current": LEVELS[key] == shown.level}
        for key, words in others
    ]


def _finding(shown: NetworkView) -> str:
    """What sets the finish, in one sentence."""
    goal = f"{shown.to.outline} {shown.to.name}" if shown.to else ""
    if not shown.way:
        return _("Nothing that is open sets a finish")
    first, last = shown.way[0], shown.way[-1]
    facts = {
        "first": f"{first.outline} {first.name}",
        "sum": _sum(shown),
        "goal": goal,
        "day": said_short(last.finish),
    }
    if not facts["sum"]:
        told = (
            _("%(first)s sets %(goal)s, %(day)s")
            if goal
            else _("%(first)s sets the finish, %(day)s")
        )
    elif goal:
        told = _("%(first)s sets %(goal)s: %(sum)s working days to %(day)s")
    else:
        told = _("%(first)s sets the finish: %(sum)s working days to %(day)s")
    return told % facts


def _sum(shown: NetworkView) -> str:
    """19 + 5 + 6, each step and each wait on the way; a long one leaves out its middle. Empty
    where links join other ends than finish and start, so that days do not add up."""
    joins = {(join.before, join.after): join for join in shown.joins}
    days = [step.days_left or step.days for step in shown.way]
    links = [joins[one.id, other.id] for one, other in pairwise(shown.way)]
    if any(link.type != "FS" or (link.lag_days and link.elapsed) for link in links):
        return ""
    waits = [*(link.lag_days for link in links), 0.0]
    said = [number(n) for pair in zip(days, waits, strict=True) for n in pair if n]
    if len(said) > _SAID_STEPS:
        said = [*said[: _SAID_STEPS - 2], "…", said[-1]]
    return " + ".join(said).replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")


def _why(why: Why) -> dict[str, Any]:
    return {
        "step": why,
        "reasons": [say_reason(reason) for reason in why.reasons],
        "also": why.also_needs,
        "followers": why.followers,
    }


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _days(text: str | None) -> float:
    whole = _whole(text)
    return NEAR_DAYS if whole is None else min(MOST_DAYS, float(whole))
