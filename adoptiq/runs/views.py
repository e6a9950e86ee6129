"""The jobs page: what was done at night and from files, what waits, and what was given up."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoptiq import nightly
from adoptiq.runs import exports, operations, queries
from adoptiq.runs.queries import Filters, Runs
from rendering.web import csv_file, page, tell
from tenancy import tasks
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import JobRun


@require_GET
def runs(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_jobs")
    filters = _filters(request)
    shown = queries.get_runs(
        tenant_id=request.workspace.pk, filters=filters, page=_number(request.GET.get("page", ""))
    )
    context = {
        "runs": shown,
        "filters": filters,
        "chips": _chips(shown, filters),
        "query": _query(filters),
        "next_night": nightly.next_night(request.workspace, timezone.now()),
    }
    return page(request, "runs/runs.html", context, fragment="runs/_runs.html")


def _filters(request: WorkspaceRequest) -> Filters:
    """What the address asks for; what it cannot mean is left out."""
    state, job = request.GET.get("state", ""), request.GET.get("job", "")[:60]
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = None
    plain = "\x00" not in job
    return Filters(state if state in JobRun.State.values else "", job if plain else "", day)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _query(filters: Filters) -> str:
    words = {"state": filters.state, "job": filters.job, "day": filters.day or ""}
    return urlencode({name: word for name, word in words.items() if word})


def _chips(shown: Runs, filters: Filters) -> list[dict[str, object]]:
    labels = [("", _("All"), shown.total)]
    labels += [
        (state.value, str(state.label), shown.counts.get(state.value, 0)) for state in JobRun.State
    ]
    return [
        {
            "key": key or "all",
            "label": label,
            "count": count,
            "query": _query(replace(filters, state=key)),
            "current": filters.state == key,
        }
        for key, label, count in labels
        if count or not key or filters.state == key
    ]


@require_GET
def export_runs(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_jobs")
    rows = queries.get_all_runs(tenant_id=request.workspace.pk, filters=_filters(request))
    name = f"{request.workspace.slug}-jobs-{timezone.localdate()}.csv"
    return csv_file(exports.runs_csv(rows), name)


@require_POST
def run_again(request: WorkspaceRequest, run_id: UUID) -> HttpResponse:
    require(request.membership, "see_jobs")
    # Runs stand outside row security, so the workspace is named here.
    run = get_object_or_404(JobRun, pk=run_id, tenant_id=request.workspace.pk)
    try:
        tasks.publish(operations.run_again(run=run, now=timezone.now()))
        tell(request, _("“%(job)s” is begun again.") % {"job": queries.name_of(run.job)})
    except operations.NotRepeatable:
        tell(request, _("This run cannot be begun again: it is not over, or of another kind."))
    return redirect("runs:runs", request.workspace.slug)
