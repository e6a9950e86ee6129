"""What belongs to no app."""

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from adoptiq import health


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
