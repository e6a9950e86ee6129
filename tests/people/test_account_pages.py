"""Signing in and one's own account: every page of allauth in the product's own dress."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from people.models import User
from tests.factories import PASSWORD, Cast
from tests.people.mailbox import deliver, link_in

IN_FRONT = [
    "login/",
    "password/reset/",
    "password/reset/done/",
    "signup/",
    "inactive/",
    "link/",
    "link/sent/",
]
INSIDE = [
    *("password/change/", "email/", "2fa/", "logout/", "reauthenticate/", "profile/", "sessions/"),
    *("2fa/totp/activate/", "2fa/webauthn/add/", "2fa/webauthn/"),
]
MARKS = ("css/tokens.css", "css/app.css", 'class="brand"', "<main", '<meta name="viewport"')


def looks_native(html: str) -> None:
    assert [
        mark for mark in MARKS if not re.search(mark.replace(".css", r"[\w.]*\.css"), html)
    ] == []
    assert not re.search(r"\sstyle=|\son\w+=", html)
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("path", IN_FRONT)
def test_pages_in_front_of_the_door(db: None, path: str) -> None:
    response = Client().get(f"/accounts/{path}")
    assert response.status_code == 200
    looks_native(response.content.decode())


@pytest.mark.parametrize("path", INSIDE)
def test_pages_of_ones_own_account(cast: Cast, path: str) -> None:
    client = sign_in(cast.csm)
    response = client.get(f"/accounts/{path}", follow=True)
    assert response.status_code == 200
    looks_native(response.content.decode())


def test_the_second_factor_begins_with_a_code_to_scan(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.csm, email=cast.csm.email, primary=True, verified=True)
    client = sign_in(cast.csm)
    sent = {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    page = client.post("/accounts/reauthenticate/", sent, follow=True).content.decode()
    looks_native(page)
    assert 'src="data:image/svg+xml' in page and 'for="id_code"' in page


def test_signing_in_is_not_announced(cast: Cast) -> None:
    page = sign_in(cast.csm).get(cast.at("settings/members/")).content.decode()
    assert 'class="toast-one is-' not in page


def sign_in(user: User) -> Client:
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_a_wrong_password_is_said_beside_the_form_and_says_nothing_more(cast: Cast) -> None:
    pages = [
        Client().post("/accounts/login/", {"login": email, "password": "no"}).content.decode()
        for email in (cast.csm.email, "nobody@example.org")
    ]
    for page in pages:
        assert 'role="alert"' in page
        looks_native(page)
    words = [re.findall(r'role="alert".*?</div>', page, re.S) for page in pages]
    assert words[0] == words[1]


def test_signing_out_is_a_form(cast: Cast) -> None:
    client = sign_in(cast.csm)
    page = client.get(cast.at("settings/members/")).content.decode()
    assert '<form action="/accounts/logout/" method="post">' in page
    client.post("/accounts/logout/")
    assert client.get(cast.at("settings/members/")).status_code == 302


def test_a_forgotten_password_comes_by_mail(cast: Cast) -> None:
    sign_in(cast.csm)
    done = Client().post("/accounts/password/reset/", {"email": cast.csm.email}, follow=True)
    looks_native(done.content.decode())
    deliver()
    form = Client().get(link_in(), follow=True)
    looks_native(form.content.decode())
    assert 'type="password"' in form.content.decode()


def test_a_used_link_says_so(db: None) -> None:
    page = Client().get("/accounts/password/reset/key/x-y/", follow=True)
    looks_native(page.content.decode())


def test_the_address_is_changed_on_a_page_of_its_own(cast: Cast) -> None:
    client = sign_in(cast.csm)
    page = client.get("/accounts/email/").content.decode()
    assert cast.csm.email in page
    sent = {"action_add": "", "email": "new@example.org"}
    changed = client.post("/accounts/email/", sent, follow=True).content.decode()
    looks_native(changed)
    assert "new@example.org" in changed
