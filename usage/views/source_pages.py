"""The pages of one source: what it sends, its last requests, its settings, its first event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, operations, queries
from usage.adapters.canonical import MAX_ITEMS, MAX_REQUEST_BYTES
from usage.adapters.snippets import NO_KEY, snippets
from usage.charts import volume_bars
from usage.forms import SourceSettingsForm
from usage.models import Source
from usage.queries.volume import ONLY
from usage.views.saying.volume import amounts_of, tell_volume

BY_HOUR = "hours"


@require_GET
def source(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """How much comes, with which keys."""
    require(request.membership, "manage_sources")
    found = queries.get_source_page(source=get_object_or_404(Source, pk=source_id))
    volume = _volume(request, source_id)
    context = {
        "source": found.source,
        "page": found,
        "tab": "volume",
        "volume": volume,
        "told": tell_volume(volume),
        "bars": volume_bars(amounts_of(volume)),
        "now": timezone.now(),
    }
    return page(request, "usage/source.html", context)


@require_GET
def volume_csv(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id)
    record(action="source_volume.exported", subject=source)
    name = f"{request.workspace.slug}-volume-{timezone.localdate()}.csv"
    return csv_file(exports.volume_csv(_volume(request, source_id)), name)


def _volume(request: WorkspaceRequest, source_id: UUID) -> queries.Volume:
    return queries.get_volume(
        source_id=source_id,
        by_hour=request.GET.get("by") == BY_HOUR,
        time_zone=request.workspace.time_zone,
        now=timezone.now(),
    )


@require_GET
def source_requests(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """The last requests; the page asks again by itself for some minutes and then stops."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id)
    only = request.GET.get("only", "")
    only = only if only in ONLY else ""
    asked = _whole(request.GET.get("asked", ""))
    context = {
        "source": source,
        "tab": "requests",
        "list": queries.get_requests(source_id=source_id, only=only),
        "only": only,
        "asked": asked + 1,
        "follows": asked < MOST_ASKED,
        "now": timezone.now(),
    }
    return page(request, "usage/source_requests.html", context, fragment="usage/_requests.html")


# At five seconds each: ten minutes.
MOST_ASKED = 120


@require_GET
def source_request(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """One of the last requests, whole."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id)
    found = queries.get_request(source_id=source_id, request_id=request.GET.get("id", ""))
    context = {"source": source, "tab": "requests", "found": found}
    return page(request, "usage/source_request.html", context)


@form_view
def source_settings(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """What it is called, takes and may send."""
    require(request.membership, "manage_sources")
    row = get_object_or_404(Source.objects.select_for_update(), pk=source_id)
    may_limit = may(request.membership, "limit_sources")
    form = SourceSettingsForm(request.POST or None, instance=row, may_limit=may_limit)
    if request.method == "POST" and form.is_valid() and _changed(form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("usage:source", request.workspace.slug, source_id)
    context = {
        "source": row,
        "tab": "settings",
        "form": form,
        "may_limit": may_limit,
        "request_bytes": MAX_REQUEST_BYTES,
        "request_items": MAX_ITEMS,
    }
    return page(request, "usage/source_settings.html", context)


def _changed(form: SourceSettingsForm, row: Source) -> bool:
    try:
        operations.change_source(source=row, fields=form.model_fields)
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    return True


@require_GET
def start_source(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """How to send the first event, and what became of it."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id, kind=Source.Kind.HTTP)
    return show_start(request, source, since=_since(request), now=timezone.now())


def show_start(
    request: WorkspaceRequest,
    source: Source,
    *,
    since: datetime | None,
    now: datetime,
    new_key: str = "",
) -> HttpResponse:
    """The page of the first event; with a new key this is the one time it is shown."""
    since = since or now
    asked = _whole(request.GET.get("asked", ""))
    context = {
        "source": source,
        "tab": "start",
        "new_key": new_key,
        "host": settings.PUBLIC_URL.rstrip("/"),
        "snippets": snippets(host=settings.PUBLIC_URL, write_key=new_key or NO_KEY),
        "found": queries.get_first_request(source_id=source.pk, since=since),
        "since": since.isoformat(),
        "asked": asked + 1,
        "follows": asked < MOST_ASKED,
    }
    return page(request, "usage/source_start.html", context, fragment="usage/_first.html")


def _since(request: WorkspaceRequest) -> datetime | None:
    try:
        moment = parse_datetime(request.GET.get("since", ""))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        return 0
    return int(text)
