"""Whether the person in front of the screen has just shown who they are.

A sign-in counts for ten minutes; afterwards they show it again: with their second factor when they
have one, else with their password, else by a link to their address.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

SIGNED_IN_AT = "signed_in_at"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def proved_recently(request: HttpRequest) -> bool:
    """Whether whoever is signed in has shown within ten minutes who they are."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    times = [
        record["at"]
        for record in get_authentication_records(request, user)
        if record.get("reauthenticated")
    ]
    latest = max([*times, request.session.get(SIGNED_IN_AT, 0.0)])
    return bool(0 <= time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def sensitive(view: View) -> View:
    """A view that changes something that matters: by POST it wants a fresh proof.

    Without one it leads to the proof, and from there back to the page that was open, where the
    person presses again. Pages and fragments alike.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Whoever is not signed in has nothing to prove yet; the view sends them to sign in.
        known = request.user.is_authenticated
        if request.method in SAFE_METHODS or not known or proved_recently(request):
            return view(request, *args, **kwargs)
        return ask_for_proof(request)

    return cast(View, asked)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """The way to the proof and back."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = f"{methods[0]['url']}?{urlencode({'next': _open_page(request)})}"
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _open_page(request: HttpRequest) -> str:
    """The page somebody acted on; the start when it cannot be told."""
    htmx: Any = getattr(request, "htmx", None)
    came_from = (htmx and htmx.current_url) or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
