"""Sources of events: their keys, and what was put aside."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from usage import operations, queries
from usage.forms import SourceForm
from usage.models import Source


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: WorkspaceRequest) -> HttpResponse:
    """The senders of this workspace. A key is shown on the answer that made it, and never again."""
    require(request.membership, "manage_sources")
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _source, key = operations.create_source(**form.cleaned_data)
        return _page(request, SourceForm(), new_key=key.text)
    return _page(request, form)


@require_POST
def add_key(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    """A second key, so that the first can be replaced without a gap."""
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id, kind=Source.Kind.HTTP)
    try:
        key = operations.add_source_key(source=source)
    except operations.TooManySourceKeys:
        messages.error(request, _("Two keys are live already; revoke one first."))
        return redirect("usage:sources", request.workspace.slug)
    return _page(request, SourceForm(), new_key=key.text)


@require_POST
def revoke_key(request: WorkspaceRequest, source_id: UUID) -> HttpResponse:
    require(request.membership, "manage_sources")
    source = get_object_or_404(Source, pk=source_id)
    prefix = request.POST.get("prefix", "")
    if operations.revoke_source_key(source=source, prefix=prefix, now=timezone.now()):
        messages.success(request, _("The key opens nothing any more."))
    return redirect("usage:sources", request.workspace.slug)


def _page(request: WorkspaceRequest, form: SourceForm, new_key: str = "") -> HttpResponse:
    context = {
        "form": form,
        "sources": queries.get_sources(),
        "quarantined": queries.get_quarantined(),
        "new_key": new_key,
        "host": settings.PUBLIC_URL,
    }
    return page(request, "usage/sources.html", context)
