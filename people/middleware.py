"""What every request of somebody signed in must pass: time limits, the second factor, limits."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people.proof import SIGNED_IN_AT
from people.queries import lacks_second_factor
from tenancy.http import address_of
from tenancy.limits import TooManyTries

Answer = Callable[[HttpRequest], HttpResponseBase]

SEEN_AT = "seen_at"
SEEN_NOTED_EVERY_SECONDS = 60
AFTER_SECOND_FACTOR = "after_second_factor"


class SessionLimitsMiddleware:
    """Ends a session that was idle too long or began too long ago, and notes when it was used."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._look_at(request, time.time())
        return self.get_response(request)

    def _look_at(self, request: HttpRequest, now: float) -> None:
        began = request.session.setdefault(SIGNED_IN_AT, now)
        seen = request.session.get(SEEN_AT, began)
        idle, age = now - seen, now - began
        if idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_LONGEST_SECONDS:
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            logout(request)
        elif idle > SEEN_NOTED_EVERY_SECONDS or SEEN_AT not in request.session:
            self._note_use(request, now)

    def _note_use(self, request: HttpRequest, now: float) -> None:
        request.session[SEEN_AT] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now(),
            ip=address_of(request) or "0.0.0.0",  # noqa: S104 (stands for none)
            user_agent=request.headers.get("User-Agent", "")[:200],
        )


class SecondFactorMiddleware:
    """Inside a workspace that asks for a second factor, nothing answers before there is one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        membership: Any = getattr(request, "membership", None)
        if membership is None:
            return self.get_response(request)
        if not lacks_second_factor(membership):
            request.session.pop(AFTER_SECOND_FACTOR, None)
            return self.get_response(request)
        if "/api/" in request.path:
            detail = _("This workspace asks for a second factor. Set one up on the web first.")
            return JsonResponse({"detail": detail}, status=403)
        return _lead_to_setup(request)


def _lead_to_setup(request: HttpRequest) -> HttpResponse:
    request.session[AFTER_SECOND_FACTOR] = {
        "path": f"/w/{request.workspace.slug}/",  # type: ignore[attr-defined]
        "name": request.workspace.name,  # type: ignore[attr-defined]
    }
    url = reverse("mfa_index")
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


class LimitsMiddleware:
    """Answers with 429 and words where a limit was reached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyTries):
            return None
        minutes = -(-error.retry_after_seconds // 60)
        context = {"minutes": minutes}
        response = render(request, "429.html", context, status=429)
        response["Retry-After"] = str(error.retry_after_seconds)
        return response
