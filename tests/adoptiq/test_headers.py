"""What every answer carries, whatever it answers: the policy, and the rest that browsers obey."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import Morsel
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from tests.addresses import Address, all_addresses
from tests.paths import ROOT
from tests.world import World, make_world

ADDRESSES = all_addresses()
# The hash is the one of an empty style element.
POLICY = {
    "default-src": "'none'",
    "style-src-elem": "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "style-src-attr": "'none'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
}
# Of a file somebody brought: to be saved, and as a page allowed nothing.
OF_FILES = {"default-src": "'none'", "sandbox": "", "frame-ancestors": "'none'"}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains; preload"
# They say the same to everybody, and do not even ask who is there.
FOR_ALL = {"api/schema/", "metrics"}
HEALTH = {"healthz", "readyz"}
# What changes in the settings with an address that begins with https.
BOUND = """
import json
from adoptiq import settings
names = [name for name in dir(settings) if name.startswith("SECURE_") or "COOKIE" in name]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def name(address: Address) -> str:
    return address.route


def policy_of(header: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in header.split(";") if part.strip())
    return {directive: sources for directive, _space, sources in pairs}


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """The settings as a server reached over https reads them."""
    done = subprocess.run(
        [sys.executable, "-c", BOUND],
        cwd=ROOT,
        env=os.environ | {"PUBLIC_URL": "https://adoptiq.example"},
        capture_output=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


@pytest.fixture
def over_https(production: dict[str, Any], settings: Any) -> None:
    for name, value in production.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def world(
    django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for the whole file, in a transaction that is never committed."""
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_world(tmp_path_factory.mktemp("world"))
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def guard(response: HttpResponseBase, *, signed_in: bool = False, secure: bool = False) -> None:
    """What has to stand on every answer."""
    policy = policy_of(response["Content-Security-Policy"])
    if policy == OF_FILES:
        assert response["Content-Disposition"].startswith("attachment")
    elif "sandbox" in policy:
        # A mail as it was written, in a frame of its own: no script, nothing from elsewhere.
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy
        return
    else:
        scripts = policy.pop("script-src").split()
        assert scripts[0] == "'self'"
        assert all(source.startswith("'nonce-") for source in scripts[1:])
        assert policy == POLICY
    said = {header: response.get(header) for header in FIXED}
    # An address that holds a secret tells nobody where it stood.
    stricter = {"Referrer-Policy": "no-referrer"} if "no-referrer" in said.values() else {}
    assert said == FIXED | stricter
    assert response.get("Strict-Transport-Security") == (HSTS if secure else None)
    if signed_in:
        assert "no-store" in response["Cache-Control"]


def ask(client: Client, method: str, path: str, **extra: Any) -> HttpResponseBase:
    client.raise_request_exception = False
    with transaction.atomic():
        response: HttpResponseBase = getattr(client, method)(path, **extra)
        if response.streaming:
            # Read to its end, a file is closed.
            b"".join(response)
        transaction.set_rollback(True)
    return response


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=name)
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "anybody"])
def test_every_answer_is_guarded(world: World, address: Address, signed_in: bool) -> None:
    client = world.cast.browser(world.cast.admin) if signed_in else Client()
    # POST comes last, since it may sign out.
    for method in ("get", "put", "post"):
        response = ask(client, method, address.path(world.own))
        assert response.status_code < 500 or address.route in HEALTH, method
        kept = signed_in and address.route not in FOR_ALL and "logout" not in address.route
        guard(response, signed_in=kept)


# What is added over https is added to every answer alike, so one address in eight tells.
@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES[::8], ids=name)
def test_every_answer_is_guarded_over_https(
    world: World, address: Address, over_https: None
) -> None:
    client = world.cast.browser(world.cast.admin)
    response = ask(client, "get", address.path(world.own), secure=True)
    guard(response, secure=True)
    for cookie in response.cookies.values():
        assert_bound(cookie)
    if address.route not in HEALTH | {"metrics"}:
        plain = ask(Client(), "get", address.path(world.own))
        assert plain.status_code == 301
        assert plain["Location"].startswith("https://")


def assert_bound(cookie: Morsel[str]) -> None:
    """To this host, over https, out of reach of scripts and of other sites' forms."""
    assert cookie.key.startswith("__Host-")
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_cookies_are_bound_to_the_host(world: World, over_https: None) -> None:
    world.cast.csm.set_password("a long enough sentence")
    world.cast.csm.save()
    client = Client()
    page = client.get("/accounts/login/", secure=True)
    fields = {"login": world.cast.csm.email, "password": "a long enough sentence"}
    answer = client.post("/accounts/login/", fields, secure=True)
    assert answer.status_code == 302
    found = {**page.cookies, **answer.cookies}
    assert {"__Host-session", "__Host-csrf"} <= set(found)
    for cookie in found.values():
        assert_bound(cookie)


FAULTS = {
    400: ("get", "/", {"headers": {"Host": "elsewhere.example"}}),
    403: ("post", "/theme/", {}),
    404: ("get", "/nothing/here/", {}),
    405: ("get", "/theme/", {}),
    500: ("post", "/fault/", {}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", sorted(FAULTS))
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_errors_are_guarded(
    world: World, status: int, secure: bool, request: pytest.FixtureRequest, settings: Any
) -> None:
    if secure:
        request.getfixturevalue("over_https")
    settings.ROOT_URLCONF = "tests.secret_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    method, path, extra = FAULTS[status]
    for client in (world.cast.browser(world.cast.admin), Client(enforce_csrf_checks=True)):
        client.handler.enforce_csrf_checks = True
        response = ask(client, method, path, secure=secure, **extra)
        assert response.status_code == status
        guard(response, secure=secure)
        assert b"Traceback" not in response.content


@pytest.mark.django_db
def test_too_much_is_refused_and_guarded(world: World) -> None:
    client = world.cast.browser(world.cast.admin)
    many = {f"field-{number}": "x" for number in range(1_100)}
    response = ask(client, "post", world.cast.at("customers/new/"), data=many)
    assert response.status_code == 400
    guard(response)


def test_static_files_are_guarded(db: None) -> None:
    for name in ("css/app.css", "js/app.js", "vendor/tabler.min.css", "icon.svg"):
        response = ask(Client(), "get", staticfiles_storage.url(name))
        assert response.status_code == 200, name
        guard(response)
    guard(ask(Client(), "get", "/static/nothing.css"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["media", "files", "static/..", ".adoptiq", "mail", ".git"])
def test_no_folder_is_open(path: str) -> None:
    response = ask(Client(), "get", f"/{path}/usage/")
    assert response.status_code == 404
    guard(response)
