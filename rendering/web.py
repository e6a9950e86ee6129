"""How a page answers: whole or as a fragment, with the shell's context, and never from a cache."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from rendering.formats import using

Answer = Callable[[HttpRequest], HttpResponseBase]

# A page with a form on it: shown, and answered to.
form_view = require_http_methods(["GET", "HEAD", "POST"])

THEMES = ("light", "dark")


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or just its fragment for an htmx refresh of that fragment."""
    as_fragment = fragment if fragment and wants_fragment(request) else None
    response = render(request, as_fragment or template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if as_fragment:
        carry_messages(request, response)
    return response


def csv_file(content: bytes | str, name: str) -> HttpResponse:
    """A table to keep; `name` is the file's, made of our own keys and days."""
    response = HttpResponse(content, content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook_file(content: bytes, name: str) -> HttpResponse:
    """The same as an Excel workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """A page to print."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def tell(request: HttpRequest, words: str, *, undo: str = "") -> None:
    """Say on the next page what was done. `undo` is the address that takes it back by POST."""
    messages.success(request, words, extra_tags=undo)


def undo_of(request: HttpRequest) -> str:
    """The address of an action that takes itself back: its own, asked to undo.

    Not its own alone: sent by two people, or twice by one, the second would undo the first.
    """
    return f"{request.path}?undo=1"


def is_undo(request: HttpRequest) -> bool:
    return "undo" in request.GET


def carry_messages(request: HttpRequest, response: HttpResponse) -> None:
    """A fragment has no place for messages, so they travel beside it and appear as toasts."""
    words = [
        {"text": str(message), "level": message.level_tag, "undo": message.extra_tags or ""}
        for message in messages.get_messages(request)
    ]
    if words:
        trigger_client_event(response, "toasts", {"list": words})


def wants_fragment(request: HttpRequest) -> bool:
    """A real htmx refresh: neither a boosted visit nor the restoring of history."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def theme_cookie() -> str:
    """Its name; over https with the prefix that ties it to this host. Script writes it too."""
    return "__Host-theme" if settings.SESSION_COOKIE_SECURE else "theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the base template needs on every page."""
    workspace: Any = getattr(request, "workspace", None)
    theme = request.COOKIES.get(theme_cookie())
    return {
        "ws": workspace.slug if workspace else "",
        "workspace": workspace,
        "membership": getattr(request, "membership", None),
        "theme": theme if theme in THEMES else "",
    }


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the look somebody chose, and go back to where they were."""
    theme = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    if theme in THEMES:
        response.set_cookie(
            theme_cookie(),
            theme,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


class HtmxLoginMiddleware:
    """Sends the whole page to sign in again when a fragment finds the session gone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        htmx: Any = getattr(request, "htmx", None)
        if not htmx or response.status_code != 302:
            return response
        if not response["Location"].startswith(settings.LOGIN_PATH):
            return response
        # Back to the page that was open, which may not be the address the fragment came from.
        again = redirect_to_login(htmx.current_url_abs_path or "/", settings.LOGIN_URL)
        return HttpResponse(status=204, headers={"HX-Redirect": again["Location"]})


class FormatsMiddleware:
    """Pages of a workspace are written in its formats, and its time zone says what today is.

    The API speaks to programs, which count in UTC.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        workspace: Any = getattr(request, "workspace", None)
        if workspace is None or "/api/v1/" in request.path_info:
            return self.get_response(request)
        with using(workspace.locale), timezone.override(workspace.time_zone):
            return self.get_response(request)


class NoStoreMiddleware:
    """What somebody signed in sees stays out of every cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user: Any = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
