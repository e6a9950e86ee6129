"""Over all customers: how adoption grew under each CSM, and what foresaw what customers decided."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from metrics import exports, queries
from metrics.foresight import Decision
from metrics.forms import ForesightForm, GrowthForm
from metrics.narrative.foresight import BAND_NAMES, SIGNALS, say_foresight, say_trust
from metrics.narrative.growth import LEFT_OUT, say_growth
from metrics.queries import Foresight, GrowthLine, GrowthView
from metrics.scoring import Band
from rendering.translation import translated
from rendering.web import csv_file, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

MOST_CASES = 100


@require_GET
def growth(request: WorkspaceRequest) -> HttpResponse:
    """How adoption grew; everybody's for those who may compare people, else one's own."""
    require(request.membership, "see_customers")
    view, since = _growth(request)
    context: dict[str, Any] = {
        "view": view,
        "form": GrowthForm({"since": since}),
        "query": urlencode({"since": since.isoformat()}),
        "said": [_told(line) for line in view.lines],
        "of_everybody": may(request.membership, "compare_people"),
    }
    return page(request, "metrics/growth.html", context, fragment="metrics/_growth.html")


def _told(line: GrowthLine) -> dict[str, Any]:
    """A CSM with the words on the change, and each customer with why it does not count."""
    return {
        "line": line,
        "words": translated(say_growth(line.growth, len(line.customers))),
        "customers": [
            (one, translated(LEFT_OUT[one.left_out]) if one.left_out else "")
            for one in line.customers
        ],
    }


def _growth(request: WorkspaceRequest) -> tuple[GrowthView, date]:
    since = GrowthForm(request.GET).chosen(today=timezone.localdate())
    return queries.get_growth(since=since, csm_id=_whose(request)), since


def _whose(request: WorkspaceRequest) -> UUID | None:
    """None for everybody's."""
    membership = request.membership
    return None if may(membership, "compare_people") else membership.user_id


@require_GET
def export_growth(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    view, since = _growth(request)
    record(action="growth.exported", facts={"since": since})
    name = f"{request.workspace.slug}-growth-since-{since}.csv"
    return csv_file(exports.growth_csv(view), name)


@require_GET
def foresight(request: WorkspaceRequest) -> HttpResponse:
    """What a figure said before customers decided, against what they decided."""
    require(request.membership, "see_customers")
    form = ForesightForm(request.GET)
    signal, days = form.chosen
    found = queries.get_foresight(signal=signal, days=days)
    context = {
        **_said(found),
        "found": found,
        "form": form,
        "days": days,
        "query": urlencode({"signal": signal.value, "days": days}),
        "shown": [(one, _named(one.band)) for one in found.cases[:MOST_CASES]],
    }
    return page(request, "metrics/foresight.html", context, fragment="metrics/_foresight.html")


def _said(found: Foresight) -> dict[str, Any]:
    test = found.test
    return {
        "finding": translated(say_foresight(test)),
        "trust": translated(say_trust(test)) if test.known else "",
        "lines": [
            (line, _named(line.band), [line.count(kind) for kind in Decision])
            for line in (*test.lines, test.unread)
        ],
        "signal_name": translated(SIGNALS[found.signal]),
    }


def _named(band: Band | None) -> str:
    return translated(BAND_NAMES[band.key]) if band else ""


@require_GET
def export_foresight(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    signal, days = ForesightForm(request.GET).chosen
    found = queries.get_foresight(signal=signal, days=days)
    record(action="foresight.exported", facts={"signal": signal.value, "days": days})
    name = f"{request.workspace.slug}-foresight-{signal.value}-{days}.csv"
    return csv_file(exports.foresight_csv(found), name)
