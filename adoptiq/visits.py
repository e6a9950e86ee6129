"""What somebody looked at last, for the command palette: ids in their session, never in the browser."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from rendering.web import wants_fragment

KEPT = 6
KINDS = ("engagement", "customer")
SESSION_KEY = "visits"

Answer = Callable[[HttpRequest], HttpResponseBase]


class VisitsMiddleware:
    """Notes the customer or engagement whose page somebody was shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match, membership = request.resolver_match, getattr(request, "membership", None)
        if match and membership and _is_page(request, response):
            for kind in KINDS:
                if f"{kind}_id" in match.kwargs:
                    _note(request, membership.tenant_id, kind, match.kwargs[f"{kind}_id"])
        return response


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    if request.method != "GET" or response.status_code != 200 or wants_fragment(request):
        return False
    return response.headers.get("Content-Type", "").startswith("text/html")


def _note(request: HttpRequest, tenant_id: UUID, kind: str, row_id: UUID) -> None:
    kept: dict[str, list[list[str]]] = request.session.get(SESSION_KEY, {})
    visit = [kind, str(row_id)]
    before = kept.get(str(tenant_id), [])
    if before[:1] != [visit]:
        after = [visit, *(other for other in before if other != visit)][:KEPT]
        # Most pages are seen again and again, which costs no write.
        request.session[SESSION_KEY] = kept | {str(tenant_id): after}


def get_recent(request: HttpRequest) -> tuple[tuple[str, UUID], ...]:
    """(kind, id) of the workspace a request is for, newest first."""
    workspace: Any = getattr(request, "workspace", None)
    kept: dict[str, list[list[str]]] = request.session.get(SESSION_KEY, {})
    return tuple((kind, UUID(row_id)) for kind, row_id in kept.get(str(workspace.pk), []))
