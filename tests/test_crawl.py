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
from itertools import count, islice
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
# What pages answer to; the rest they refuse whoever asks, which one role and one method find out.
OF_PAGES = ("get", "post")
REFUSED_BY_PAGES = ("delete",)
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
    ("route", "work_route_id"),
    ("kept", "customer_id"),
    ("gone", "customer_id"),
)


def name(address: Address) -> str:
    return address.route


def range_of(address: Address) -> dict[str, str]:
    is_report = "usage" in address.route and "imports" not in address.route
    return RANGE if is_report or not address.is_api else {}


@dataclass(frozen=True)
class Answer:
    """The status, and everything that was said, headers too, in small letters.

    `heard` is whether anything looked at the query, or at the body where one is sent: whoever did
    not would answer every other query or body alike.
    """

    status: int
    said: bytes
    heard: bool


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
        said = said.replace(b"atlantic/canary", b"")
        answer = Answer(response.status_code, said, heard(response, method))
        transaction.set_rollback(True)
    return answer


def heard(response: Any, method: str) -> bool:
    request = response.wsgi_request
    if method not in WITH_BODY:
        return "GET" in vars(request)
    # A kind of content that is refused unread says nothing of the next kind.
    return request._read_started or hasattr(request, "_post") or response.status_code == 415


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
    if address.is_api:
        return METHODS if role in ("admin", "lead") else OF_PAGES
    return (*OF_PAGES, *REFUSED_BY_PAGES) if role == "admin" else OF_PAGES


@pytest.mark.parametrize("address", OWNED, ids=name)
def test_ids_of_others_are_not_there(world: World, address: Address) -> None:
    assert [fault for role in ROLES for fault in reached(world, address, role)] == []


def reached(world: World, address: Address, role: str) -> Iterator[tuple[Any, ...]]:
    """Whatever says more than 404, or than the refusal that one's own id meets as well."""
    client, own = world.browsers[role], dict[str, int]()
    for ids, word in ids_of_others(world, address, role):
        for method in methods(address, role):
            answer = ask(client, method, address.path(ids))
            if word in answer.said:
                yield role, method, address.path(ids), word
            if answer.status == 404 or (method == "options" and address.is_api):
                continue
            if method not in own:
                own[method] = ask(client, method, address.path(world.own)).status
            if answer.status not in REFUSED or answer.status != own[method]:
                yield role, method, address.path(ids), answer.status, own[method]


def ids_of_others(
    world: World, address: Address, role: str
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Part by part of another workspace; for a customer's side, those of another customer too.

    The roles between open the same scope as the administrator: what they may do differs, not whose
    rows there are. Of several parts they ask for the last.
    """
    for part in address.owned if role in ("admin", *CUSTOMER_SIDE) else address.owned[-1:]:
        yield world.own | {part: world.foreign[part]}, b"canary"
    if role in CUSTOMER_SIDE:
        yield world.second, b"solberg"


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_foreign_workspace_is_not_there(world: World, address: Address) -> None:
    """Refused before anything looks at a role, so one of each side asks."""
    path = address.path(world.foreign)
    for role in ("admin", "lead"):
        for method in methods(address, role):
            answer = ask(world.browsers[role], method, path)
            assert answer.status == 404, (role, method)
            assert b"canary" not in answer.said, (role, method)


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_nobody_gets_in_without_signing_in(world: World, address: Address) -> None:
    visitor = Client()
    for method in METHODS:
        answer = ask(visitor, method, address.path(world.own))
        assert answer.status == (401 if address.is_api else 302), method
        assert b"halden" not in answer.said, method


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_own_pages_hold_nothing_foreign(world: World, address: Address) -> None:
    for role in ROLES:
        answer = look(world, address, role)
        # A page that does not answer would hold nothing either.
        others = {403} | ({404} if PERSONAL & set(address.parts) else set())
        assert answer.status in {200, 302, 405} | (others if role != "admin" else set()), role
        assert b"canary" not in answer.said, role
        assert role not in CUSTOMER_SIDE or b"solberg" not in answer.said, role


def look(world: World, address: Address, role: str) -> Answer:
    path = address.path(world.own)
    return ask(world.browsers[role], "get", path, query_params=range_of(address))


def test_the_pages_that_were_asked_do_say_something(world: World) -> None:
    for role, least in (("admin", 25), ("lead", 12)):
        telling = (each for each in INSIDE if b"halden" in look(world, each, role).said)
        assert len(list(islice(telling, least))) == least, role


@pytest.mark.parametrize("address", INSIDE, ids=name)
def test_a_query_cannot_name_what_is_not_yours(world: World, address: Address) -> None:
    """A workspace's ids asked by its neighbour, a customer's by another customer."""
    path, period = address.path(world.own), range_of(address)
    for role, ids, word in (
        ("admin", world.foreign, "canary"),
        ("lead", world.second, "solberg"),
    ):
        for query in queries(address, ids, word):
            answer = ask(world.browsers[role], "get", path, query_params=period | query)
            assert answer.status < 500, (role, query)
            assert word.encode() not in answer.said, (role, query)
            if not answer.heard:
                break


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
def test_what_is_sent_brings_nothing_foreign_back(world: World, address: Address) -> None:
    """Bodies with their ids, a file with them, nothing at all: never a fault, no word of theirs."""
    path = address.path(world.own)
    for role in ("admin", "lead"):
        for method in changing(address, role):
            for what, extra in sendings(world, address, method):
                answer = ask(world.browsers[role], method, path, **extra)
                assert answer.status < 500, (role, method, what)
                assert b"canary" not in answer.said, (role, method, what)
                assert b"x-set" not in answer.said.partition(b"<")[0], (role, method, what)
                if not answer.heard:
                    break


def changing(address: Address, role: str) -> Iterator[str]:
    return (each for each in methods(address, role) if each in (*WITH_BODY, "delete"))


def sendings(
    world: World, address: Address, method: str
) -> Iterator[tuple[object, dict[str, Any]]]:
    """What may be sent, and how it is called. Pages take forms alone, by POST; whatever else they
    are sent is refused unread."""
    names = {part.removesuffix("_id"): str(value) for part, value in world.foreign.items()}
    values = names | {"csm": str(world.cast.stranger.pk), "name": "New", "key": "NEW-1"}
    if method in WITH_BODY and (address.is_api or method == "post"):
        for body in bodies(values, as_form=method == "post" and not address.is_api):
            extra = {} if isinstance(body, dict) else {"content_type": "application/json"}
            yield body, {"data": body} | extra
    if method == "post":
        yield "a file", {"data": {"file": a_file(world)}, "content_type": MULTIPART_CONTENT}
    yield "nothing", {}


def a_file(world: World) -> SimpleUploadedFile:
    """Named like theirs, from a folder above, with their ids in every column."""
    ids = [str(value) for value in world.foreign.values()]
    text = ",".join(world.foreign) + "\n" + ",".join(ids) + "\n"
    return SimpleUploadedFile(f"../../{ids[1]}\r\nX-Set: 1.csv", text.encode())


def bodies(values: dict[str, str], *, as_form: bool) -> list[Any]:
    """One of each, as a form or as JSON; and many of each."""
    if as_form:
        return [values, {name: [value, value] for name, value in values.items()}]
    many = {name: [value] for name, value in values.items()}
    return [json.dumps(shape) for shape in (values, [values], many, {"ids": list(values.values())})]


def a_host() -> str:
    """An address of one's own: wrong keys are counted by address."""
    number = next(ADDRESSES)
    return f"10.{os.getpid() % 256}.{number // 256 % 256}.{number % 256}"


@pytest.mark.parametrize("address", BY_KEY, ids=name)
def test_a_key_reaches_its_own_workspace_only(world: World, address: Address) -> None:
    headers = {"Authorization": f"Bearer {world.api_key}"}
    program, path, query = Client(), address.path(world.own), range_of(address)
    for method in METHODS:
        own = ask(program, method, path, headers=headers, query_params=query)
        assert own.status < 500, method
        assert b"canary" not in own.said, method
        # What may only be done is not read.
        assert method != "get" or own.status in (200, 405)
        foreign = ask(program, method, address.path(world.foreign), headers=headers)
        assert b"canary" not in foreign.said, method
        if address.owned and method != "options":
            assert foreign.status == 404 or foreign.status == own.status == 405, method
        assert ask(program, method, path, REMOTE_ADDR=a_host()).status == 401, method


@pytest.mark.parametrize("address", INSIDE + BY_KEY, ids=name)
def test_a_source_key_opens_nothing_but_the_intake(world: World, address: Address) -> None:
    program, path = Client(), address.path(world.own)
    for scheme, methods in (("Bearer", METHODS), ("Basic", OF_PAGES)):
        headers = {"Authorization": f"{scheme} {world.own['write_key']}"}
        for method in methods:
            answer = ask(program, method, path, headers=headers, REMOTE_ADDR=a_host())
            assert answer.status == (401 if address.is_api else 302), (scheme, method)
            assert b"halden" not in answer.said, (scheme, method)


def test_an_api_key_opens_no_intake(world: World) -> None:
    for path in ("/v1/batch", "/v1/track"):
        headers = {"Authorization": f"Bearer {world.api_key}"}
        answer = ask(
            Client(),
            "post",
            path,
            data="{}",
            headers=headers,
            content_type="text/plain",
            REMOTE_ADDR=a_host(),
        )
        assert answer.status == 401


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
    asked = Client(REMOTE_ADDR=a_host()).get("/api/v1/customers/", headers=headers)
    assert asked.status_code == 401


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
        before = Event.objects.count(), Quarantined.objects.count()
    answer = Client().post("/v1/batch", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    with tenant_scope(cast.other_tenant.pk):
        assert (Event.objects.count(), Quarantined.objects.count()) == before
    with tenant_scope(cast.tenant.pk):
        waiting = Quarantined.objects.filter(group_key=cast.other_customer.external_id)
        assert waiting.count() == 1
