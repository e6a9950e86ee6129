"""What every answer carries, whatever it answers: the policy, and the rest that browsers obey."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from tests.addresses import Address, all_addresses
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
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# It says the same to everybody, and does not even ask who is there.
FOR_ALL = {"api/schema/"}


def name(address: Address) -> str:
    return address.route


def policy_of(header: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in header.split(";") if part.strip())
    return {directive: sources for directive, _space, sources in pairs}


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


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=name)
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "anybody"])
def test_every_answer_is_guarded(world: World, address: Address, signed_in: bool) -> None:
    # A browser of its own: some addresses sign people out.
    client = world.cast.browser(world.cast.admin) if signed_in else Client()
    client.raise_request_exception = False
    with transaction.atomic():
        response = client.get(address.path(world.own))
        transaction.set_rollback(True)
    assert response.status_code < 500 or address.route in {"healthz", "readyz"}
    policy = policy_of(response["Content-Security-Policy"])
    scripts = policy.pop("script-src").split()
    assert scripts[0] == "'self'"
    assert all(source.startswith("'nonce-") for source in scripts[1:])
    assert policy == POLICY
    assert {header: response.get(header) for header in FIXED} == FIXED
    if signed_in and address.route not in FOR_ALL:
        assert "no-store" in response["Cache-Control"]
