"""What belongs to no app."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from adoptiq import documentation, health, measurements, palette
from adoptiq.demo import loading
from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest


# A view inside a transaction could not say that the database is away.
@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Database, broker, worker and beat, each in words; 503 when one is down."""
    found = health.check()
    return _answer(found, ok=found.ok)


@transaction.non_atomic_requests
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve pages: database and broker answer; 503 when not."""
    found = health.check()
    return _answer(found, ok=found.ready)


def _answer(found: health.Health, *, ok: bool) -> JsonResponse:
    parts = {name: {"ok": part.ok, "detail": part.detail} for name, part in found.parts.items()}
    return JsonResponse({"ok": ok} | parts, status=200 if ok else 503)


@transaction.non_atomic_requests
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for this machine itself or with METRICS_TOKEN; else it is not there."""
    if not measurements.may_read(request):
        raise Http404
    return HttpResponse(measurements.get_exposition(), content_type=measurements.CONTENT_TYPE)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in words, drawn from its own OpenAPI description."""
    return page(request, "api_docs.html", {"docs": documentation.get_documentation()})


@require_safe
def search(request: WorkspaceRequest) -> HttpResponse:
    """The command palette: as a page of links, and what is found as the options of its dialog."""
    require(request.membership, "search")
    text, found = palette.find(request)
    context = {"text": text, "found": found, "count": sum(len(group.entries) for group in found)}
    return page(request, "adoptiq/search.html", context, fragment="adoptiq/_results.html")


@require_POST
def remove_demo(request: WorkspaceRequest) -> HttpResponse:
    """Take this demo out and nothing else: nobody else's, and nothing that is no demo."""
    require(request.membership, "manage_demo")
    if not request.workspace.is_demo:
        raise Http404
    tenant = request.workspace
    transaction.on_commit(lambda: loading.remove_own_demo(tenant=tenant))
    messages.success(request, _("The demo is gone. Nothing else was touched."))
    return redirect("home")
