"""The way of events: straight to their view, or away when there are more than can be stored.

Without turning some away each request of a sender waits behind all before it, at last longer than
its sender does: it is then stored and sent once more. Turned away early, the queue stays as long as
the limit, pages come through, and libraries send again what was refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, resolve
from prometheus_client import Counter

from adoptiq import webworker
from usage.adapters.requests import Asked, Refusal, Reply
from usage.adapters.routes import ROUTES

# Spread, so that those turned away together do not come back together.
RETRY_SECONDS = (2, 3, 4, 5)
BUSY = Refusal(503, "Busy. Nothing of this request was stored; send it again.")

TURNED_AWAY = Counter("adoptiq_intake_turned_away", "Requests that waited too long to be taken in.")


class OverloadMiddleware:
    """Stands outside everything that costs time. People's requests are never turned away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        form = ROUTES.get(request.path_info.strip("/"))
        if form is None or webworker.waited() < settings.INTAKE_PATIENCE_SECONDS:
            return self.get_response(request)
        TURNED_AWAY.inc()
        return _turn_away(form.refuse(BUSY, Asked(request.path)))


class StraightMiddleware:
    """Takes events to their view past all that stands further in: a client library has no session,
    no language and no place in a workspace's pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.strip("/") not in ROUTES:
            return self.get_response(request)
        match = request.resolver_match = _resolved(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        response["Cache-Control"] = "no-store"
        return response


@lru_cache(maxsize=256)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)


def _turn_away(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.content, status=reply.status, content_type=reply.content_type)
    response["Retry-After"] = str(random.choice(RETRY_SECONDS))  # noqa: S311 (no secret)
    # A page may read it, which is how its library learns to wait.
    response["Access-Control-Allow-Origin"] = "*"
    return response
