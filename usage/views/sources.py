"""Sources of events: the list of them, their keys, and what was put aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rendering.web import form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from usage import operations, queries
from usage.forms import SourceForm
from usage.models import Source
from usage.views.source_pages import show_start

SHOWN_ASIDE = 10


@form_view
def sources(request: WorkspaceRequest) -> HttpResponse:
    """The senders of this workspace. A key is shown on the answer that made it, and never again."""
    require(request.membership, "manage_sources")
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source, key = operations.create_source(**form.model_fields)
        return show_start(request, source, since=None, now=timezone.now(), new_key=key.text)
    context = {
        "form": form,
        "sources": queries.get_sources(),
        "quarantined": queries.get_quarantined(limit=SHOWN_ASIDE),
        "may_see_personal_data": may(request.membership, "manage_personal_data"),
    }
    return page(request, "usage/sources.html", context)


@require_POST
def add_key(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """A second key, so that the first can be replaced without a gap."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id, kind=Source.Kind.HTTP)
    try:
        key = operations.add_source_key(source=source)
    except operations.TooManySourceKeys:
        messages.error(request, _("Two keys are live already; revoke one first."))
        return redirect("usage:source", request.workspace.slug, source_id)
    return show_start(request, source, since=None, now=timezone.now(), new_key=key.text)


@form_view
def revoke_key(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """Asked for first, since nothing brings a key back."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id)
    found = queries.get_source_page(source=source)
    prefix = (request.POST or request.GET).get("prefix", "")
    key = next((one for one in found.keys if one.prefix == prefix), None)
    if key is None:
        return redirect("usage:source", request.workspace.slug, source_id)
    if request.method == "POST":
        operations.revoke_source_key(source=source, prefix=prefix, now=timezone.now())
        tell(request, _("The key opens nothing any more."))
        return redirect("usage:source", request.workspace.slug, source_id)
    context = {"source": source, "key": key, "is_last": len(found.keys) == 1, "tab": "volume"}
    return page(request, "usage/revoke_key.html", context)
