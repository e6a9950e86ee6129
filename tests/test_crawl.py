"""Every address, asked by everybody, with ids of somebody else: 404 and not one byte of theirs.

An address with a part that `World.ids` does not know has no case here, and fails the suite.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from engagements.models import Customer, Engagement
from tenancy.models import Role
from tenancy.scope import tenant_scope
from tests.addresses import Address, all_addresses
from tests.world import LAST_DAY, World, make_world
from usage.models import Event, Quarantined, SourceKey

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
# Methods nothing answers to are asked for by two roles only: it is the same refusal for all.
METHODS_OF = {"admin": METHODS, "lead": METHODS}
USED_METHODS = ("get", "post", "patch")
WITH_BODY = ("post", "put", "patch")
ROLES = tuple(role.value for role in Role)
CUSTOMER_SIDE = ("lead", "member")
# Whoever may not do a thing at all is told so; whether the id exists stays unsaid.
REFUSED = {403, 405}
# Without a query the usage report has nothing to report on.
RANGE = {"first": str(LAST_DAY - timedelta(days=30)), "last": str(LAST_DAY)}

ALL = all_addresses()
INSIDE = [address for address in ALL if address.in_workspace]
OWNED = [address for address in INSIDE if address.owned]
BY_KEY = [address for address in ALL if address.by_key]
OPEN = [address for address in ALL if not (address.in_workspace or address.by_key)]


def name(address: Address) -> str:
    return address.route


@dataclass(frozen=True)
class Answer:
    """The status, and everything that was said, headers too, in small letters."""

    status: int
    said: bytes


def ask(client: Client, method: str, path: str, **extra: Any) -> Answer:
    """One request. Whatever it changes is undone."""
    client.raise_request_exception = False
    if method in WITH_BODY and "/api/" in path:
        extra.setdefault("content_type", "application/json")
    with transaction.atomic():
        response = getattr(client, method)(path, **extra)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        said = (str(response.headers).encode() + content).lower()
        # The time zones to choose from hold a word that is not meant here.
        answer = Answer(response.status_code, said.replace(b"atlantic/canary", b""))
        transaction.set_rollback(True)
    return answer


@pytest.fixture(scope="module")
def stage(
    django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for the whole file, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_world(tmp_path_factory.mktemp("world"))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """Refusals are what is asked for here; their log lines would take longer than they do."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(stage: World) -> Iterator[World]:
    with transaction.atomic():
        yield stage
        transaction.set_rollback(True)


def test_every_address_has_a_case(world: World) -> None:
    unknown = {
        (address.route, part) for address in ALL for part in address.parts if part not in world.ids
    }
    assert unknown == set()


@pytest.mark.parametrize("address", OWNED, ids=name)
@pytest.mark.parametrize("role", ROLES)
def test_foreign_ids_are_not_there(world: World, address: Address, role: str) -> None:
    client = world.browsers[role]
    for part in address.owned:
        path = address.path(world.own | {part: world.foreign[part]})
        for method in METHODS_OF.get(role, USED_METHODS):
            answer = ask(client, method, path)
            assert b"canary" not in answer.said, (method, path)
            assert_not_there(world, address, client, method, answer)


def assert_not_there(
    world: World, address: Address, client: Client, method: str, answer: Answer
) -> None:
    """404; or the refusal that one's own id meets as well, which says nothing of the id."""
    if answer.status == 404 or (method == "options" and address.is_api):
        return
    assert answer.status in REFUSED, (method, answer.status)
    assert ask(client, method, address.path(world.own)).status == answer.status, method


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_foreign_workspace_is_not_there(world: World, address: Address) -> None:
    path = address.path(world.foreign)
    for role in ROLES:
        for method in ("get", "post"):
            answer = ask(world.browsers[role], method, path)
            assert answer.status == 404
            assert b"canary" not in answer.said


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_nobody_gets_in_without_signing_in(world: World, address: Address) -> None:
    for method in METHODS:
        answer = ask(Client(), method, address.path(world.own))
        assert answer.status == (401 if address.is_api else 302)
        assert b"halden" not in answer.said


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_own_pages_hold_nothing_foreign(world: World, address: Address) -> None:
    for role in ROLES:
        answer = ask(world.browsers[role], "get", address.path(world.own), query_params=RANGE)
        # A page that does not answer would hold nothing either.
        assert answer.status in {200, 302, 405} | ({403} if role != "admin" else set())
        assert b"canary" not in answer.said
        assert role not in CUSTOMER_SIDE or b"solberg" not in answer.said


def test_the_pages_that_were_asked_do_say_something(world: World) -> None:
    for role, least in (("admin", 25), ("lead", 12)):
        answers = [
            ask(world.browsers[role], "get", address.path(world.own), query_params=RANGE)
            for address in INSIDE
        ]
        assert sum(b"halden" in answer.said for answer in answers) >= least


@pytest.mark.parametrize("address", OWNED, ids=name)
@pytest.mark.parametrize("role", CUSTOMER_SIDE)
def test_the_customer_side_reaches_one_customer(world: World, address: Address, role: str) -> None:
    """With the ids of another customer of the same workspace."""
    client = world.browsers[role]
    for method in METHODS_OF.get(role, USED_METHODS):
        answer = ask(client, method, address.path(world.second))
        assert b"solberg" not in answer.said
        assert_not_there(world, address, client, method, answer)


@pytest.mark.parametrize("address", INSIDE, ids=name)
@pytest.mark.parametrize("role", ["admin", "lead"])
def test_a_query_cannot_name_what_is_not_yours(world: World, address: Address, role: str) -> None:
    """A workspace's ids asked by its neighbour, a customer's by another customer."""
    ids, word = (world.foreign, "canary") if role == "admin" else (world.second, "solberg")
    for query in queries(ids, word):
        answer = ask(
            world.browsers[role], "get", address.path(world.own), query_params=RANGE | query
        )
        assert answer.status < 500, query
        assert word.encode() not in answer.said, query


def queries(ids: dict[str, Any], word: str) -> Iterator[dict[str, str]]:
    # One by one what the API filters by, since it refuses a query for its first bad part.
    yield {"customer": str(ids["customer_id"])}
    yield {"engagement": str(ids["engagement_id"])}
    yield {name: str(ids["measure_id"]) for name in ("measure", "csm", "sort", "seen", "cursor")}
    # Not the whole word, since what was searched for stands in its field again.
    yield dict.fromkeys(("q", "show", "phase", "band"), word[:-1])


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_body_brings_nothing_foreign_back(world: World, address: Address) -> None:
    names = {part.removesuffix("_id"): str(value) for part, value in world.foreign.items()}
    values = names | {"csm": str(world.cast.stranger.pk), "name": "New", "key": "NEW-1"}
    for method in WITH_BODY:
        for role in ("admin", "lead"):
            body: Any = json.dumps(values) if address.is_api or method != "post" else values
            extra = {} if isinstance(body, dict) else {"content_type": "application/json"}
            path = address.path(world.own)
            answer = ask(world.browsers[role], method, path, data=body, **extra)
            assert answer.status < 500, (method, role)
            assert b"canary" not in answer.said


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_an_empty_body_is_never_a_fault(world: World, address: Address) -> None:
    for role in ("admin", "lead"):
        for method in ("post", "put", "patch", "delete"):
            answer = ask(world.browsers[role], method, address.path(world.own))
            assert answer.status < 500, (method, role)


@pytest.mark.parametrize("address", BY_KEY, ids=name)
def test_a_key_reaches_its_own_workspace_only(world: World, address: Address) -> None:
    headers = {"Authorization": f"Bearer {world.api_key}"}
    for method in METHODS:
        own = ask(Client(), method, address.path(world.own), headers=headers, query_params=RANGE)
        assert own.status < 500
        assert b"canary" not in own.said
        assert method != "get" or own.status == 200
        foreign = ask(Client(), method, address.path(world.foreign), headers=headers)
        assert b"canary" not in foreign.said
        if address.owned and method != "options":
            assert foreign.status == 404 or foreign.status == own.status == 405, method
        assert ask(Client(), method, address.path(world.own)).status == 401


@pytest.mark.parametrize("address", OPEN, ids=name)
def test_open_addresses_tell_nothing_of_anybody(world: World, address: Address) -> None:
    cast = world.cast
    # Browsers of their own: one of these addresses signs people out.
    for client in (Client(), cast.browser(cast.admin), cast.browser(cast.lead)):
        for method in ("get", "post"):
            answer = ask(client, method, address.path(world.foreign))
            # Without worker and beat, as here, health says so.
            assert answer.status < 500 or address.route == "healthz", (method, answer.status)
            assert b"canary" not in answer.said


Refused = tuple[str, str, dict[str, Any], str]


def refused_bodies(world: World) -> list[Refused]:
    own, foreign = world.own, world.foreign
    stranger = world.cast.stranger.email
    return [
        ("post", "customers/", {"external_id": "n", "name": "N", "csm": stranger}, "csm"),
        ("patch", f"customers/{own['customer_id']}/", {"csm": stranger}, "csm"),
        (
            "post",
            "engagements/",
            {"key": "N-1", "name": "N", "customer": str(foreign["customer_id"])},
            "customer",
        ),
        (
            "patch",
            f"engagements/{own['engagement_id']}/",
            {"customer": str(foreign["customer_id"])},
            "customer",
        ),
        ("patch", f"engagements/{own['engagement_id']}/", {"csm": stranger}, "csm"),
        (
            "post",
            "measures/",
            {"engagement": str(foreign["engagement_id"]), "definition": "active_users_28d"},
            "engagement",
        ),
    ]


def test_the_api_takes_no_foreign_row(world: World) -> None:
    by_key = {"headers": {"Authorization": f"Bearer {world.api_key}"}}
    for method, path, body, field in refused_bodies(world):
        for client, prefix, extra in (
            (world.browsers["admin"], f"/w/{world.slug}/api/v1/", {}),
            (Client(), "/api/v1/", by_key),
        ):
            answer = ask(client, method, prefix + path, data=json.dumps(body), **extra)
            assert answer.status == 400
            assert f'"{field}"'.encode() in answer.said
            assert b"canary" not in answer.said


def test_a_form_takes_no_foreign_person(world: World) -> None:
    cast = world.cast
    stranger = str(cast.stranger.pk)
    new_customer = {"name": "N", "external_id": "n", "time_zone": "UTC", "csm": stranger}
    new_engagement = {"name": "N", "key": "N-1", "phase": "sell", "csm": stranger}
    for path, data in (
        ("customers/new/", new_customer),
        (f"customers/{cast.customer.pk}/engagements/new/", new_engagement),
    ):
        response = world.browsers["admin"].post(cast.at(path), data)
        assert response.status_code == 200
        assert "csm" in response.context["form"].errors
    with tenant_scope(cast.tenant.pk):
        assert not Customer.objects.filter(external_id="n").exists()
        assert not Engagement.objects.filter(key="N-1").exists()


def test_a_foreign_source_key_is_not_revoked(world: World) -> None:
    theirs = SourceKey.objects.get(source_id=world.foreign["source_id"])
    path = f"/w/{world.slug}/usage/sources/{world.own['source_id']}/revoke/"
    world.browsers["admin"].post(path, {"prefix": theirs.prefix})
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_events_stay_in_the_workspace_of_their_key(world: World) -> None:
    """An event that names a customer of somebody else waits at home for one of that name."""
    cast = world.cast
    item = {
        "type": "track",
        "event": "Opened",
        "messageId": "m-1",
        "userId": "u",
        "context": {"groupId": cast.other_customer.external_id},
    }
    body = {"writeKey": world.own["write_key"], "batch": [item]}
    with tenant_scope(cast.other_tenant.pk):
        before = Event.objects.count()
    answer = Client().post("/v1/batch", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    with tenant_scope(cast.other_tenant.pk):
        assert Event.objects.count() == before
        assert not Quarantined.objects.exists()
    with tenant_scope(cast.tenant.pk):
        assert Quarantined.objects.get().group_key == cast.other_customer.external_id
