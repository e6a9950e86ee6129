"""Every address, asked by everybody, with ids of somebody else: 404 and not one byte of theirs.

An address with a part that `World.ids` does not know has no case here, and fails the suite.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World, make_world

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
CANARY = b"CANARY"
ROLES = ("admin", "manager", "csm", "executive", "lead", "member")
CUSTOMER_SIDE = ("lead", "member")
# What a refusal may look like; a foreign id must never get further than this.
NOT_YOURS = {403, 404, 405}


@dataclass(frozen=True)
class Address:
    """One URL pattern: its text with the parts in it, and their names."""

    route: str
    parts: tuple[str, ...]

    @property
    def in_workspace(self) -> bool:
        return self.route.startswith("w/<slug:workspace>/")

    def path(self, **values: Any) -> str:
        text = self.route
        for part in self.parts:
            start = text.index("<")
            end = text.index(">") + 1
            text = text[:start] + str(values[part]) + text[end:]
        return "/" + text


def addresses() -> Iterator[Address]:
    for route in flat(get_resolver().url_patterns, ""):
        clean = route.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")
        parts = [piece.split(">")[0].split(":")[-1] for piece in clean.split("<")[1:]]
        yield Address(simplified(clean), tuple(parts))


def flat(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from flat(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def simplified(route: str) -> str:
    """A router's regular expression as a route: `(?P<pk>[^/.]+)` becomes `<pk>`."""
    while "(?P<" in route:
        start = route.index("(?P<")
        name = route[start + 4 : route.index(">", start)]
        depth, end = 1, start + 1
        while depth:
            depth += {"(": 1, ")": -1}.get(route[end], 0)
            end += 1
        route = route[:start] + f"<{name}>" + route[end:]
    return route.replace("/?", "/")


ALL = sorted(set(addresses()), key=lambda address: address.route)
INSIDE = [address for address in ALL if address.in_workspace]
OWNED = [address for address in INSIDE if len(address.parts) > 1]
BY_KEY = [address for address in ALL if address.route.startswith("api/v1/")]


def names(address: Address) -> str:
    return address.route


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def ask(client: Client, method: str, path: str, **extra: Any) -> Any:
    client.raise_request_exception = False
    send: Callable[..., Any] = getattr(client, method)
    if method in ("post", "put", "patch"):
        extra.setdefault("content_type", "application/json" if "/api/" in path else None)
        if extra["content_type"] is None:
            del extra["content_type"]
    return send(path, **extra)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_every_address_has_a_case(world: World) -> None:
    unknown = {
        (address.route, part)
        for address in ALL
        for part in address.parts
        if part not in world.ids and not address.route.startswith("accounts/")
    }
    assert unknown == set()


@pytest.mark.parametrize("address", OWNED, ids=names)
def test_foreign_ids_are_not_there(world: World, address: Address) -> None:
    for role in ROLES:
        client = world.browser(role)
        for method in METHODS:
            path = address.path(**world.foreign(address.parts), workspace=world.slug)
            response = ask(client, method, path)
            assert response.status_code in NOT_YOURS or method == "options", (role, method, path)
            assert CANARY not in body(response)


@pytest.mark.parametrize("address", INSIDE, ids=names)
def test_a_foreign_workspace_is_not_there(world: World, address: Address) -> None:
    values = world.foreign(address.parts) | {"workspace": world.other_slug}
    for role in ROLES:
        response = ask(world.browser(role), "get", address.path(**values))
        assert response.status_code == 404
        assert CANARY not in body(response)


@pytest.mark.parametrize("address", INSIDE, ids=names)
def test_nobody_gets_in_without_signing_in(world: World, address: Address) -> None:
    values = world.own(address.parts) | {"workspace": world.slug}
    for method in ("get", "post"):
        response = ask(Client(), method, address.path(**values))
        assert response.status_code in (302, 401)
        assert b"Halden" not in body(response)


@pytest.mark.parametrize("address", INSIDE, ids=names)
def test_own_pages_hold_nothing_foreign(world: World, address: Address) -> None:
    values = world.own(address.parts) | {"workspace": world.slug}
    for role in ROLES:
        response = ask(world.browser(role), "get", address.path(**values), query_params=world.hints)
        assert response.status_code < 500
        assert CANARY not in body(response)


@pytest.mark.parametrize("address", INSIDE, ids=names)
def test_the_customer_side_reaches_one_customer(world: World, address: Address) -> None:
    """With the ids of another customer of the same workspace."""
    values = world.second(address.parts) | {"workspace": world.slug}
    for role in CUSTOMER_SIDE:
        for method in METHODS:
            response = ask(world.browser(role), method, address.path(**values))
            if len(address.parts) > 1 and method != "options":
                assert response.status_code in NOT_YOURS, (role, method, address.route)
            assert b"Solberg" not in body(response)


@pytest.mark.parametrize("address", BY_KEY, ids=names)
def test_a_key_reaches_its_own_workspace_only(world: World, address: Address) -> None:
    headers = {"Authorization": f"Bearer {world.api_key}"}
    for method in METHODS:
        path = address.path(**world.foreign(address.parts))
        response = ask(Client(), method, path, headers=headers)
        assert CANARY not in body(response)
        if address.parts and method != "options":
            assert response.status_code in NOT_YOURS
        assert ask(Client(), method, path).status_code == 401


@pytest.mark.parametrize("address", INSIDE, ids=names)
def test_an_empty_body_is_never_a_fault(world: World, address: Address) -> None:
    values = world.own(address.parts) | {"workspace": world.slug}
    for method in ("post", "put", "patch", "delete"):
        response = ask(world.browser("admin"), method, address.path(**values))
        assert response.status_code < 500, (method, address.route)
