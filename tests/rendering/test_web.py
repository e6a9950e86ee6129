"""How a page answers: whole, as a fragment, with messages beside it, and out of every cache."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxMiddleware

from rendering import csp, web
from tests.factories import Cast

HTMX = {"HTTP_HX_REQUEST": "true"}


def ask(path: str = "/", **headers: Any) -> HttpRequest:
    request = RequestFactory().get(path, **headers)
    HtmxMiddleware(lambda _request: HttpResponse())(request)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def answer(request: HttpRequest) -> HttpResponse:
    context = {"heading": "Whole"}
    return web.page(
        request, "components/_empty.html", context, fragment="components/_state_icon.html"
    )


def test_a_visit_gets_the_whole_page() -> None:
    response = answer(ask())
    assert b"Whole" in response.content
    assert "HX-Request" in response["Vary"]


def test_a_refresh_by_htmx_gets_the_fragment() -> None:
    response = answer(ask(**HTMX))
    assert b"Whole" not in response.content and b"<svg" in response.content
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("header", ["HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"])
def test_boosted_visits_and_restored_history_get_the_whole_page(header: str) -> None:
    assert b"Whole" in answer(ask(**HTMX, **{header: "true"})).content


def test_a_page_without_a_fragment_is_always_whole() -> None:
    response = web.page(ask(**HTMX), "components/_empty.html", {"heading": "Whole"}, status=404)
    assert b"Whole" in response.content
    assert response.status_code == 404


def test_messages_travel_beside_a_fragment() -> None:
    request = ask(**HTMX)
    web.tell(request, "Halden left the book.", undo="/w/acme/undo/")
    messages.error(request, "A workspace keeps an administrator.")
    sent = json.loads(answer(request)["HX-Trigger"])
    assert sent["toasts"]["list"] == [
        {"text": "Halden left the book.", "level": "success", "undo": "/w/acme/undo/"},
        {"text": "A workspace keeps an administrator.", "level": "error", "undo": ""},
    ]


def test_messages_wait_for_a_page_that_can_show_them() -> None:
    request = ask()
    web.tell(request, "Saved.")
    assert "HX-Trigger" not in answer(request)


def test_a_message_offers_to_undo_what_was_done(csm: Client, cast: Cast) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/archive/")
    page = csm.post(path, follow=True).content.decode()
    toast = page.partition('class="toast-one is-success"')[2].partition("</form>")[0]
    assert "nothing was deleted" in toast and f'action="{path}?undo=1"' in toast
    assert "Undo" in toast
    back = csm.post(f"{path}?undo=1", follow=True).content.decode()
    assert "is back in the book" in back


def test_the_theme_is_kept_and_the_reader_goes_back(db: None) -> None:
    response = Client().post("/theme/", {"theme": "dark", "next": "/accounts/login/?next=/"})
    assert response["Location"] == "/accounts/login/?next=/"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["samesite"] == "Lax"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x"])
def test_the_theme_leads_nowhere_else(db: None, elsewhere: str) -> None:
    response = Client().post("/theme/", {"theme": "light", "next": elsewhere})
    assert response["Location"] == "/"


def test_an_unknown_theme_is_not_kept(db: None) -> None:
    response = Client().post("/theme/", {"theme": "neon"})
    assert "theme" not in response.cookies
    assert Client().get("/theme/").status_code == 405


@pytest.mark.parametrize(("cookie", "kept"), [("dark", "dark"), ("light", "light"), ("neon", "")])
def test_the_server_writes_the_theme_before_the_first_paint(
    db: None, cookie: str, kept: str
) -> None:
    client = Client()
    client.cookies["theme"] = cookie
    page = client.get("/accounts/login/").content.decode()
    assert ("data-bs-theme=" in page) == bool(kept)
    assert not kept or f'data-bs-theme="{kept}"' in page


def test_an_expired_login_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    here = f"http://testserver{cast.at('settings/members/')}"
    response = Client().post(cast.at("settings/keys/"), **HTMX, HTTP_HX_CURRENT_URL=here)
    assert response.status_code == 204
    target = response["HX-Redirect"]
    assert target == f"{settings.LOGIN_PATH}?next={cast.at('settings/members/')}"


def test_other_redirects_pass_for_htmx_too() -> None:
    middleware = web.HtmxLoginMiddleware(lambda _request: redirect("/somewhere/"))
    response = middleware(ask(**HTMX))
    assert (response.status_code, response["Location"]) == (302, "/somewhere/")


def test_what_a_member_sees_stays_out_of_caches(csm: Client, cast: Cast) -> None:
    assert csm.get(cast.at("settings/members/"))["Cache-Control"] == "no-store"


def test_the_content_policy_is_strict(db: None) -> None:
    header = Client().get("/accounts/login/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in header.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["style-src-attr"] == "'none'"
    assert parts["frame-ancestors"] == parts["base-uri"] == parts["object-src"] == "'none'"
    assert "unsafe" not in header and "http" not in header
    assert set(csp.POLICY["DIRECTIVES"]) == set(parts)
