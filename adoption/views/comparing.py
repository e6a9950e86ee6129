"""The page that compares two versions of a plan."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from adoption import exports, queries
from adoption.forms.versions import CompareForm
from adoption.queries.versions import ComparisonView, NamedVersion, VersionNames
from adoption.views.compared import say_cause, say_counts, say_finish
from adoption.views.finding import find_engagement
from adoption.views.versions import header_for
from engagements.models import Engagement
from rendering.templatetags.formats import said_short
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

KINDS = ("moved", "added", "removed", "changed")
MOST_ROWS = 300


@require_GET
def compare(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    listed = queries.get_version_names(engagement_id=engagement_id)
    context: dict[str, Any] = {"header": header_for(engagement), "listed": listed}
    if listed is not None:
        choices = _choices(listed, may(request.membership, "edit_plan"))
        before, after = _asked(request, listed)
        shown = _found(request, engagement, before, after)
        context |= {
            "form": CompareForm({"before": before, "after": after}, choices=choices),
            "before": before,
            "after": after,
            "shown": shown,
            **(_told(request, shown) if shown else {}),
        }
    return page(request, "adoption/compare.html", context)


@require_GET
def export_comparison(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    listed = queries.get_version_names(engagement_id=engagement_id)
    shown = None
    if listed is not None:
        shown = _found(request, engagement, *_asked(request, listed))
    if shown is None:
        raise Http404
    record(
        action="comparison.exported", subject=engagement, about_customer_id=engagement.customer_id
    )
    return csv_file(exports.comparison_csv(shown), f"{engagement.key.lower()}-comparison.csv")


def _asked(request: WorkspaceRequest, listed: VersionNames) -> tuple[str, str]:
    """As asked; else the chosen baseline, or last week, against the plan as it is."""
    usual = str(listed.chosen or "week")
    return request.GET.get("before") or usual, request.GET.get("after") or "live"


def _found(
    request: WorkspaceRequest, engagement: Engagement, before: str, after: str
) -> ComparisonView | None:
    today: date = timezone.localdate(timezone=engagement.customer.zone)
    return queries.get_comparison(
        engagement_id=engagement.pk,
        before=before,
        after=after,
        today=today,
        what_ifs=may(request.membership, "edit_plan"),
    )


def _choices(listed: VersionNames, with_what_ifs: bool) -> list[tuple[str, str]]:
    choices = [("live", _("The plan as it is")), ("week", _("A week ago"))]
    for row_id, name, day in listed.baselines:
        words = _("%(name)s, %(day)s") % {"name": name, "day": said_short(day)}
        choices.append((str(row_id), words))
    if with_what_ifs:
        words = _("What-if: %(name)s")
        choices += [(str(row_id), words % {"name": name}) for row_id, name in listed.what_ifs]
    return choices


def _told(request: WorkspaceRequest, shown: ComparisonView) -> dict[str, Any]:
    found = shown.found
    kind = request.GET.get("show", "")
    rows = [change for change in found.rows if kind not in KINDS or change.kind == kind]
    return {
        "sentence": say_finish(found),
        "counts": say_counts(found),
        "causes": [say_cause(cause) for cause in found.causes[2:]],
        "names": [_name(shown.before), _name(shown.after)],
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "links": _links(shown)[:MOST_ROWS],
        "kind": kind if kind in KINDS else "",
        "chips": [
            {"key": key, "count": sum(change.kind == key for change in found.rows)} for key in KINDS
        ],
    }


def _links(shown: ComparisonView) -> list[dict[str, Any]]:
    names = {**shown.found.before.by_uid, **shown.found.after.by_uid}
    return [
        {
            "change": change,
            "before": names.get(change.link.before),
            "after": names.get(change.link.after),
        }
        for change in shown.found.links
    ]


def _name(version: NamedVersion) -> str:
    if version.kind == "live":
        return _("the plan as it is")
    if version.kind == "week":
        return _("a week ago")
    return version.name
