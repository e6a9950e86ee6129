"""Opens the scope of the workspace a request is for, around everything that answers it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy import limits, operations, queries
from tenancy.audit import Actor, acting
from tenancy.http import address_of
from tenancy.models import ActorKind, ApiKey, Membership, Role
from tenancy.rest.errors import refusal
from tenancy.scope import tenant_scope

Answer = Callable[[HttpRequest], HttpResponseBase]

WORKSPACE_PATH = re.compile(r"^/w/(?P<slug>[^/]+)/(?P<rest>.*)$")
KEY_PATH = "/api/v1/"
USE_NOTED_EVERY = timedelta(minutes=1)


def name_in_logs(tenant_id: UUID) -> None:
    """For the whole request: refusals are logged when the scope is closed again."""
    structlog.contextvars.bind_contextvars(workspace=str(tenant_id))


def _is_open_to(membership: Membership) -> bool:
    """A workspace that waits to be deleted is closed to all but those who may take that back."""
    return membership.tenant.delete_after is None or membership.role == Role.ADMIN


class WorkspaceMiddleware:
    """`/w/<workspace>/…`: for people signed in who belong there; for anybody else it is not there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = WORKSPACE_PATH.match(request.path_info)
        if match is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._ask_to_sign_in(request, is_api=match["rest"].startswith("api/"))
        membership = queries.get_membership(user_id=request.user.pk, slug=match["slug"])
        if membership is None or not _is_open_to(membership):
            raise Http404
        # Read already, so nobody who asks whose membership it is reads it again.
        membership.user = request.user
        return self._answer_inside(request, membership)

    def _ask_to_sign_in(self, request: HttpRequest, *, is_api: bool) -> HttpResponseBase:
        if is_api:
            return refusal(401, _("Sign in first."))
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    def _answer_inside(self, request: HttpRequest, membership: Membership) -> HttpResponseBase:
        request.workspace = membership.tenant  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.api_key = None  # type: ignore[attr-defined]
        name_in_logs(membership.tenant_id)
        actor = Actor(ActorKind.PERSON, str(request.user), request.user.pk, address_of(request))
        with (
            acting(actor),
            tenant_scope(
                membership.tenant_id, realm=membership.realm, customer_id=membership.customer_id
            ),
        ):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Views inside a workspace find it on the request, not among their arguments.

        Of a closed one, administrators reach the page that says so, and nothing else.
        """
        workspace = getattr(request, "workspace", None)
        if workspace is None:
            return None
        kwargs.pop("workspace", None)
        if workspace.delete_after is None or getattr(view, "open_while_closed", False):
            return None
        if "/api/" in request.path_info:
            raise Http404
        return redirect(settings.WORKSPACE_CLOSED_URL, workspace.slug)


class ApiKeyMiddleware:
    """`/api/v1/…`: for programs, by `Authorization: Bearer <key>`; the key names the workspace."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(KEY_PATH):
            return self.get_response(request)
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        key = queries.get_api_key(text=text.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            return self._refuse_key(request) if text else self._refuse()
        return self._answer_inside(request, key)

    def _refuse_key(self, request: HttpRequest) -> HttpResponseBase:
        counted = limits.allow("wrong_key", address_of(request) or "none")
        if counted.ok:
            return self._refuse()
        detail = _("Too many wrong keys came from this address. Wait a little.")
        response = refusal(429, detail)
        response["Retry-After"] = str(counted.retry_after_seconds)
        return response

    def _refuse(self) -> HttpResponseBase:
        detail = _("Send an API key of your workspace as 'Authorization: Bearer aiq_live_…'.")
        response = refusal(401, detail)
        response["WWW-Authenticate"] = "Bearer"
        return response

    def _answer_inside(self, request: HttpRequest, key: ApiKey) -> HttpResponseBase:
        now = timezone.now()
        if key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY:
            operations.note_key_use(key=key, now=now)
        request.workspace = key.tenant  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        request.api_key = key  # type: ignore[attr-defined]
        name_in_logs(key.tenant_id)
        actor = Actor(ActorKind.KEY, str(key), key.pk, address_of(request))
        with acting(actor), tenant_scope(key.tenant_id):
            return self.get_response(request)
