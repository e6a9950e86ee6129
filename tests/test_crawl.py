"""Every address, asked by everybody, with ids of somebody else: 404 and not one byte of theirs.

An address with a part that `World.ids` does not know has no case here, and fails the suite.
"""

import gzip
import io
import json
import logging
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import resolve

from engagements.models import Customer, Engagement
from tenancy.models import Membership, Role
from tenancy.rest.filters import filters_of
from tenancy.scope import tenant_scope
from tests.addresses import Address, all_addresses
from tests.incoming import bring_in
from tests.world import LAST_DAY, World, make_world
from usage.models import Event, Quarantined, SourceKey, UsageImport

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
# What pages answer to; the rest they refuse whoever asks, which one role finds out.
OF_PAGES = ("get", "post")
WITH_BODY = ("post", "put", "patch")
ROLES = tuple(role.value for role in Role)
CUSTOMER_SIDE = ("lead", "member")
# Whoever may not do a thing at all is told so; whether the id exists stays unsaid.
REFUSED = {403, 405}
# What belongs to one person alone; one's own ids are those of the administrator.
PERSONAL = {"notification_id", "delivery_id"}
# Without a query the usage report has nothing to report on; the API refuses what it knows not.
RANGE = {"first": str(LAST_DAY - timedelta(days=30)), "last": str(LAST_DAY)}

ALL = all_addresses()
INSIDE = [address for address in ALL if address.in_workspace]
OWNED = [address for address in INSIDE if address.owned]
BY_KEY = [address for address in ALL if address.by_key]
OPEN = [address for address in ALL if not (address.in_workspace or address.by_key)]


# Rows the API's lists are narrowed by, and the part of an address that names such a row.
BY_ROW = (
    ("risk", "risk_id"),
    ("line", "line_id"),
    ("criterion", "criterion_id"),
    ("impact_group", "group_id"),
    ("survey", "survey_id"),
    ("file", "file_id"),
    ("kept", "customer_id"),
    ("gone", "customer_id"),
)


def name(address: Address) -> str:
    return address.route


def range_of(address: Address) -> dict[str, str]:
    return RANGE if "usage" in address.route or not address.is_api else {}


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
    if "/api/" in path:
        # Whatever version there is, so that writes get as far as they can.
        extra["headers"] = {"If-Match": "*"} | extra.get("headers", {})
    with transaction.atomic():
        response = getattr(client, method)(path, **extra)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        said = (str(response.headers).encode() + unpacked(content)).lower()
        # The time zones to choose from hold a word that is not meant here.
        answer = Answer(response.status_code, said.replace(b"atlantic/canary", b""))
        transaction.set_rollback(True)
    return answer


def unpacked(content: bytes) -> bytes:
    """What stands in it, in archives and workbooks too."""
    if content.startswith(b"\x1f\x8b"):
        return unpacked(gzip.decompress(content))
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(
            name.encode() + b"\n" + unpacked(archive.read(name)) for name in archive.namelist()
        )


ADDRESSES = count(1)


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


def methods(address: Address, role: str) -> tuple[str, ...]:
    every = role == "admin" or (address.is_api and role == "lead")
    return METHODS if every else OF_PAGES


@pytest.mark.parametrize("address", OWNED, ids=name)
@pytest.mark.parametrize("role", ROLES)
def test_foreign_ids_are_not_there(world: World, address: Address, role: str) -> None:
    client = world.browsers[role]
    for part in address.owned:
        path = address.path(world.own | {part: world.foreign[part]})
        for method in methods(address, role):
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
    """Refused before anything looks at a role, so one of each side asks by every method."""
    path = address.path(world.foreign)
    for role in ("admin", "lead"):
        for method in METHODS:
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
        answer = ask(
            world.browsers[role], "get", address.path(world.own), query_params=range_of(address)
        )
        # A page that does not answer would hold nothing either.
        others = {403} | ({404} if PERSONAL & set(address.parts) else set())
        assert answer.status in {200, 302, 405} | (others if role != "admin" else set())
        assert b"canary" not in answer.said
        assert role not in CUSTOMER_SIDE or b"solberg" not in answer.said


def test_the_pages_that_were_asked_do_say_something(world: World) -> None:
    for role, least in (("admin", 25), ("lead", 12)):
        answers = [
            ask(
                world.browsers[role], "get", address.path(world.own), query_params=range_of(address)
            )
            for address in INSIDE
        ]
        assert sum(b"halden" in answer.said for answer in answers) >= least


@pytest.mark.parametrize("address", OWNED, ids=name)
@pytest.mark.parametrize("role", CUSTOMER_SIDE)
def test_the_customer_side_reaches_one_customer(world: World, address: Address, role: str) -> None:
    """With the ids of another customer of the same workspace."""
    client = world.browsers[role]
    for method in methods(address, role):
        answer = ask(client, method, address.path(world.second))
        assert b"solberg" not in answer.said
        assert_not_there(world, address, client, method, answer)


@pytest.mark.parametrize("address", INSIDE, ids=name)
@pytest.mark.parametrize("role", ["admin", "lead"])
def test_a_query_cannot_name_what_is_not_yours(world: World, address: Address, role: str) -> None:
    """A workspace's ids asked by its neighbour, a customer's by another customer."""
    ids, word = (world.foreign, "canary") if role == "admin" else (world.second, "solberg")
    for query in queries(address, ids, word):
        answer = ask(
            world.browsers[role],
            "get",
            address.path(world.own),
            query_params=range_of(address) | query,
        )
        assert answer.status < 500, query
        assert word.encode() not in answer.said, query


def queries(address: Address, ids: dict[str, Any], word: str) -> Iterator[dict[str, str]]:
    filters = {"customer": str(ids["customer_id"]), "engagement": str(ids["engagement_id"])}
    filters |= {name: str(ids[part]) for name, part in BY_ROW}
    measures = {name: str(ids["measure_id"]) for name in ("measure", "csm", "sort", "seen")}
    # Where a filter takes several: one's own first, the other's behind it.
    several = {"customer__in": f"{ids['customer_id']},{ids['customer_id']}", "tenant": word[:-1]}
    names = ("id", "pk", "ordering", "page", "actor")
    others = {name: str(ids["customer_id"]) for name in names} | several
    # Not the whole word, since what was searched for stands in its field again.
    words = dict.fromkeys(("q", "show", "phase", "band"), word[:-1])
    known = narrowing(address, ids)
    if known is None:
        yield from (filters, measures | {"cursor": str(ids["measure_id"])}, others, words)
        return
    # The API refuses a query for any part it does not know, so those it knows come one by one.
    yield {"cursor": str(ids["measure_id"])}
    yield measures | others | words
    yield from ({name: value} for name, value in filters.items() if name in known)


def narrowing(address: Address, ids: dict[str, Any]) -> frozenset[str] | None:
    """The parameters that a list of the API is narrowed by, none where it reads one row; None
    for pages, and for what of the API is not made of rows."""
    found = resolve(address.path(ids)).func
    view = getattr(found, "cls", None)
    if getattr(view, "queryset", None) is None:
        return None
    return filters_of(view) if "list" in found.actions.values() else frozenset()


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_body_brings_nothing_foreign_back(world: World, address: Address) -> None:
    names = {part.removesuffix("_id"): str(value) for part, value in world.foreign.items()}
    values = names | {"csm": str(world.cast.stranger.pk), "name": "New", "key": "NEW-1"}
    # Pages take forms alone; whatever else they are sent is refused unread.
    for method in WITH_BODY if address.is_api else ("post",):
        for role in ("admin", "lead"):
            for body in bodies(values, as_form=method == "post" and not address.is_api):
                extra = {} if isinstance(body, dict) else {"content_type": "application/json"}
                path = address.path(world.own)
                answer = ask(world.browsers[role], method, path, data=body, **extra)
                assert answer.status < 500, (method, role, body)
                assert b"canary" not in answer.said


def bodies(values: dict[str, str], *, as_form: bool) -> list[Any]:
    """One of each, as a form or as JSON; and many of each."""
    if as_form:
        return [values, {name: [value, value] for name, value in values.items()}]
    many = {name: [value] for name, value in values.items()}
    return [json.dumps(shape) for shape in (values, [values], many, {"ids": list(values.values())})]


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_file_brings_nothing_foreign_back(world: World, address: Address) -> None:
    """Named like theirs, from a folder above, with their ids in every column."""
    ids = [str(value) for value in world.foreign.values()]
    text = ",".join(world.foreign) + "\n" + ",".join(ids) + "\n"
    for role in ("admin", "lead"):
        file = SimpleUploadedFile(f"../../{ids[1]}\r\nX-Set: 1.csv", text.encode())
        browser, path = world.browsers[role], address.path(world.own)
        answer = ask(browser, "post", path, data={"file": file}, content_type=MULTIPART_CONTENT)
        assert answer.status < 500, role
        assert b"canary" not in answer.said
        assert b"x-set" not in answer.said.partition(b"<")[0]


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_an_empty_body_is_never_a_fault(world: World, address: Address) -> None:
    for role in ("admin", "lead"):
        for method in ("post", "put", "patch", "delete"):
            answer = ask(world.browsers[role], method, address.path(world.own))
            assert answer.status < 500, (method, role)


def visitor() -> Client:
    """A browser at an address of its own: wrong keys are counted by address."""
    number = next(ADDRESSES)
    host = f"10.{os.getpid() % 256}.{number // 256 % 256}.{number % 256}"
    return Client(REMOTE_ADDR=host)


@pytest.mark.parametrize("address", BY_KEY, ids=name)
def test_a_key_reaches_its_own_workspace_only(world: World, address: Address) -> None:
    headers = {"Authorization": f"Bearer {world.api_key}"}
    for method in METHODS:
        own = ask(
            Client(),
            method,
            address.path(world.own),
            headers=headers,
            query_params=range_of(address),
        )
        assert own.status < 500
        assert b"canary" not in own.said
        # What may only be done is not read.
        assert method != "get" or own.status in (200, 405)
        foreign = ask(Client(), method, address.path(world.foreign), headers=headers)
        assert b"canary" not in foreign.said
        if address.owned and method != "options":
            assert foreign.status == 404 or foreign.status == own.status == 405, method
        assert ask(visitor(), method, address.path(world.own)).status == 401


@pytest.mark.parametrize("address", INSIDE + BY_KEY, ids=name)
def test_a_source_key_opens_nothing_but_the_intake(world: World, address: Address) -> None:
    for scheme, methods in (("Bearer", METHODS), ("Basic", OF_PAGES)):
        headers = {"Authorization": f"{scheme} {world.own['write_key']}"}
        for method in methods:
            answer = ask(visitor(), method, address.path(world.own), headers=headers)
            assert answer.status == (401 if address.is_api else 302), method
            assert b"halden" not in answer.said


def test_an_api_key_opens_no_intake(world: World) -> None:
    for path in ("/v1/batch", "/v1/track"):
        headers = {"Authorization": f"Bearer {world.api_key}"}
        assert (
            ask(
                visitor(), "post", path, data="{}", headers=headers, content_type="text/plain"
            ).status
            == 401
        )


def test_who_is_removed_is_out_at_once(world: World) -> None:
    """With the session and the browser they have, on pages and in the API."""
    cast = world.cast
    paths = (f"customers/{cast.customer.pk}/", f"api/v1/customers/{cast.customer.pk}/")
    browser = world.browsers["member"]
    assert [browser.get(cast.at(path)).status_code for path in paths] == [200, 200]
    removal = cast.at(f"settings/members/{world.own['membership_id']}/remove/")
    assert world.browsers["admin"].post(removal).status_code == 302
    assert [browser.get(cast.at(path)).status_code for path in paths] == [404, 404]


def test_who_moves_to_another_customer_leaves_the_first_at_once(world: World) -> None:
    cast = world.cast
    before, after = (f"customers/{c.pk}/" for c in (cast.customer, cast.second_customer))
    browser = world.browsers["member"]
    assert [browser.get(cast.at(path)).status_code for path in (before, after)] == [200, 404]
    Membership.objects.filter(pk=world.own["membership_id"]).update(
        customer_id=cast.second_customer.pk
    )
    assert [browser.get(cast.at(path)).status_code for path in (before, after)] == [404, 200]


def test_a_revoked_key_is_shut_at_once(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.api_key}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200
    world.browsers["admin"].post(world.cast.at(f"settings/keys/{world.own['key_id']}/revoke/"))
    assert visitor().get("/api/v1/customers/", headers=headers).status_code == 401


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


def test_a_file_reaches_no_foreign_row(world: World) -> None:
    """External ids and keys are a workspace's own: the same ones elsewhere are others."""
    theirs = world.cast.other_customer
    table = f"external_id,name,engagement_key\n{theirs.external_id},Taken,CANARY-1\n"
    path = world.cast.at("customers/import/")
    brought = bring_in(world.browsers["admin"], path, table.encode())
    assert brought.came_in
    assert "canary engagement" not in brought.text.lower()
    with tenant_scope(theirs.tenant_id):
        assert Customer.objects.get(pk=theirs.pk).name == "CANARY customer"
        assert Engagement.objects.get(key="CANARY-1").name == "CANARY engagement"
    with tenant_scope(world.cast.tenant.pk):
        assert Customer.objects.get(external_id=theirs.external_id).name == "Taken"


def test_an_upload_lies_in_the_folder_of_its_workspace(world: World) -> None:
    name = f"../../{world.cast.other_tenant.pk}/{world.foreign['import_id']}.csv"
    file = SimpleUploadedFile(name, b"timestamp,customer_id,user_id,event\n")
    world.browsers["admin"].post(world.cast.at("usage/imports/"), {"file": file})
    with tenant_scope(world.cast.tenant.pk):
        stored = UsageImport.objects.latest("created_at").stored_as
    default_storage.delete(stored)
    assert stored.startswith(f"usage/{world.cast.tenant.pk}/")
    assert ".." not in stored


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
