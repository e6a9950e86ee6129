"""What holds for every resource of engagements, whatever it is about."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from engagements.api import router_entries
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE
from tenancy.rest.filters import filters_of as declared
from tenancy.rest.resources import Changed, Made, Removed
from tenancy.scope import tenant_scope
from tests.engagements.api_cases import CASES, Ids, make_many
from tests.factories import Cast, make_cast
from tests.pages import MOST_QUERIES, queries_of
from tests.told import tell_everything

JSON = "application/json"
VIEWSETS: dict[str, Any] = {prefix: viewset for prefix, viewset, _name in router_entries}
MADE = [name for name, viewset in VIEWSETS.items() if issubclass(viewset, Made)]
CHANGED = [name for name, viewset in VIEWSETS.items() if issubclass(viewset, Changed)]
REMOVED = [name for name, viewset in VIEWSETS.items() if issubclass(viewset, Removed)]


@dataclass(frozen=True)
class Stage:
    """Three customers, the last of another workspace, each with one of everything."""

    cast: Cast
    own: Ids
    second: Ids
    foreign: Ids
    program: Client

    def at(self, prefix: str, ids: Ids | None = None) -> str:
        part = VIEWSETS[prefix].lookup_url_kwarg
        return f"/api/v1/{prefix}/" + (f"{ids[part]}/" if ids else "")

    def row(self, prefix: str) -> Any:
        viewset = VIEWSETS[prefix]
        return viewset.queryset.model.objects.get(pk=self.own[viewset.lookup_url_kwarg])


@pytest.fixture(scope="module")
def played(django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for the whole file, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_stage(make_cast())
        transaction.set_rollback(True)


@pytest.fixture
def stage(played: Stage) -> Iterator[Stage]:
    with transaction.atomic():
        yield played
        transaction.set_rollback(True)


def make_stage(cast: Cast) -> Stage:
    told: list[Ids] = []
    for engagement, word, by in (
        (cast.engagement, "Halden", cast.csm),
        (cast.second_engagement, "Solberg", cast.csm),
        (cast.other_engagement, "CANARY", cast.stranger),
    ):
        with tenant_scope(engagement.tenant_id):
            rows = tell_everything(engagement, word=word, by=by)
        ids = {"engagement_id": engagement.pk, "customer_id": engagement.customer_id}
        told.append({**rows, **ids})
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=EVERY_SCOPE, created_by=cast.admin
    )
    program = Client(headers={"Authorization": f"Bearer {new.text}"})
    return Stage(cast, *told, program)


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    data = "" if body is None else json.dumps(body)
    return client.generic(method.upper(), path, data, content_type=JSON, headers=said)


def test_every_resource_has_a_case() -> None:
    assert set(VIEWSETS) == set(CASES)


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_what_is_listed_is_read_one_by_one(stage: Stage, prefix: str) -> None:
    path = stage.at(prefix, stage.own)
    answer = stage.program.get(path)
    assert answer.status_code == 200, answer.content
    listed = stage.program.get(stage.at(prefix)).json()["results"]
    assert answer.json() in listed
    known = stage.program.get(path, headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304


@pytest.mark.parametrize("prefix", MADE)
def test_a_row_is_made_once(stage: Stage, prefix: str) -> None:
    body = CASES[prefix].body(stage.own)
    before = stage.program.get(stage.at(prefix)).json()["results"]
    made = send(stage.program, "post", stage.at(prefix), body, Idempotency_Key="k")
    again = send(stage.program, "post", stage.at(prefix), body, Idempotency_Key="k")
    assert made.status_code == 201, made.content
    assert again.content == made.content
    read = stage.program.get(made["Location"])
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    after = stage.program.get(stage.at(prefix)).json()["results"]
    assert len(after) == len(before) + 1
    shown = {name: value for name, value in made.json().items() if name in body}
    assert {name: str(value) for name, value in shown.items() if name != "amount"} == {
        name: str(value) for name, value in body.items() if name != "amount" and name in shown
    }


@pytest.mark.parametrize("prefix", MADE)
def test_what_a_row_needs_is_named(stage: Stage, prefix: str) -> None:
    refused = send(stage.program, "post", stage.at(prefix), {})
    assert refused.status_code == 400
    assert refused.json()["errors"]


@pytest.mark.parametrize("prefix", CHANGED)
def test_a_row_is_changed_in_the_version_it_has(stage: Stage, prefix: str) -> None:
    path, change = stage.at(prefix, stage.own), CASES[prefix].change
    assert send(stage.program, "patch", path, change).status_code == 428
    tag = stage.program.get(path)["ETag"]
    changed = send(stage.program, "patch", path, change, If_Match=tag)
    assert changed.status_code == 200, changed.content
    read = stage.program.get(path)
    assert (read.json(), read["ETag"]) == (changed.json(), changed["ETag"])
    assert tag != read["ETag"]
    late = send(stage.program, "patch", path, change, If_Match=tag)
    assert late.status_code == 412
    assert set(change) <= set(late.json()["changed"])
    assert late.json()["current"] == read.json()


@pytest.mark.parametrize("prefix", CHANGED)
def test_an_empty_change_changes_nothing(stage: Stage, prefix: str) -> None:
    path = stage.at(prefix, stage.own)
    before = stage.program.get(path)
    same = send(stage.program, "patch", path, {}, If_Match=before["ETag"])
    assert same.status_code == 200, same.content
    assert same["ETag"] == before["ETag"] or "changed_at" in same.json()


@pytest.mark.parametrize("prefix", REMOVED)
def test_a_row_is_taken_away_in_the_version_it_has(stage: Stage, prefix: str) -> None:
    path = stage.at(prefix, stage.own)
    assert send(stage.program, "delete", path).status_code == 428
    assert send(stage.program, "delete", path, If_Match='"x"').status_code == 412
    tag = stage.program.get(path)["ETag"]
    assert send(stage.program, "delete", path, If_Match=tag).status_code == 204
    assert stage.program.get(path).status_code == 404


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_rows_of_another_workspace_are_not_there(stage: Stage, prefix: str) -> None:
    for method in ("get", "patch", "delete"):
        path = stage.at(prefix, stage.foreign)
        answer = send(stage.program, method, path, {}, If_Match="*")
        assert answer.status_code in (404, 405), method
        assert method != "get" or answer.status_code == 404
        assert b"CANARY" not in answer.content
    assert b"CANARY" not in stage.program.get(stage.at(prefix)).content


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_rows_of_another_customer_are_not_there(stage: Stage, prefix: str) -> None:
    lead = stage.cast.browser(stage.cast.lead)
    listed = lead.get(stage.cast.at(stage.at(prefix)[1:]))
    assert b"Solberg" not in listed.content
    row = stage.cast.at(stage.at(prefix, stage.second)[1:])
    # What is for staff alone is refused before anybody looks for a row.
    assert lead.get(row).status_code == (404 if listed.status_code == 200 else 403)
    for method in ("patch", "delete"):
        assert send(lead, method, row, {}, If_Match="*").status_code in (403, 404, 405)


# Everybody asks questions and has tasks, and whoever sees customers has views of them;
# tests/engagements/test_log_api.py and test_api_views.py say what of others' they may not touch.
FOR_EVERYBODY = {"questions", "tasks", "customer-views"}


@pytest.mark.parametrize("prefix", [name for name in VIEWSETS if name not in FOR_EVERYBODY])
def test_nobody_who_may_not_changes_anything(stage: Stage, prefix: str) -> None:
    for person in (stage.cast.executive, stage.cast.member):
        browser = stage.cast.browser(person)
        path = stage.cast.at(stage.at(prefix)[1:])
        row = stage.cast.at(stage.at(prefix, stage.own)[1:])
        assert send(browser, "post", path, {}).status_code in (403, 405)
        for method in ("patch", "delete"):
            assert send(browser, method, row, {}, If_Match="*").status_code in (403, 405)


def filters_of(prefix: str) -> list[str]:
    return sorted(declared(VIEWSETS[prefix]()))


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_filters_take_what_they_are_for_and_refuse_the_rest(stage: Stage, prefix: str) -> None:
    path = stage.at(prefix)
    for name in filters_of(prefix):
        for value in ("\0", "x" * 5000, "-1", "9" * 400, "[]", "é"):
            answer = stage.program.get(path, {name: value})
            assert answer.status_code in (200, 400), (name, value)
            assert answer.status_code == 200 or set(answer.json()["errors"]) == {name}
        foreign = stage.program.get(path, {name: str(stage.foreign["customer_id"])})
        assert foreign.status_code == 400 or foreign.json()["results"] == []
    assert stage.program.get(path, {"nonsense": "1"}).status_code == 400
    for name, part in (("engagement", "engagement_id"), ("customer", "customer_id")):
        if name in filters_of(prefix):
            rows = stage.program.get(path, {name: str(stage.own[part])}).json()["results"]
            assert rows
            assert {row.get(name, str(stage.own[part])) for row in rows} == {str(stage.own[part])}


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_a_list_costs_the_same_for_ten_rows_and_a_thousand(stage: Stage, prefix: str) -> None:
    browser, path = stage.cast.browser(stage.cast.csm), stage.cast.at(stage.at(prefix)[1:])
    with tenant_scope(stage.cast.tenant.pk):
        row = stage.row(prefix)
        make_many(prefix, row, 10)
    queries_of(browser, path)
    few = queries_of(browser, path)
    with tenant_scope(stage.cast.tenant.pk):
        type(row).objects.exclude(pk=row.pk).filter(pk__gt=row.pk).delete()
    with tenant_scope(stage.cast.tenant.pk):
        make_many(prefix, stage.row(prefix), 1000)
    many = queries_of(browser, path)
    assert many == few
    assert many <= MOST_QUERIES


@pytest.mark.parametrize("prefix", VIEWSETS)
def test_pages_miss_nobody_and_show_nobody_twice(stage: Stage, prefix: str) -> None:
    with tenant_scope(stage.cast.tenant.pk):
        make_many(prefix, stage.row(prefix), 23)
        rows = VIEWSETS[prefix].queryset.model.objects
        # Customers that were merged into another are kept, and not listed.
        whole = (rows.current() if prefix == "customers" else rows).count()
    for order in ("newest", "oldest"):
        path, found = f"{stage.at(prefix)}?page_size=7&order={order}", list[str]()
        while path:
            page = stage.program.get(path).json()
            found += [row["id"] for row in page["results"]]
            path = page["next"]
        assert len(found) == len(set(found)) == whole


# --- whatever may be sent -------------------------------------------------------------------

SCHEMA: Callable[[], Any] = lambda: SchemaGenerator().get_schema(request=None, public=True)  # noqa: E731
ODD: tuple[Any, ...] = (
    *(None, True, -1, 10**30, 1.5, "", "\0", "\ud800", "x" * 10_000),
    *([], [{}], ["\0"], {"a": 1}, "0001-01-01", "NaN", "1e400"),
    *("00000000-0000-0000-0000-000000000000", "canary"),
)


# What a call that makes a row is sent; a change is sent all of them.
ODDEST = (None, 10**30, "\0", "\ud800", [], {"a": 1}, "canary")


@pytest.fixture(scope="module")
def schema() -> Any:
    return SCHEMA()


def sendable(schema: Any, prefix: str) -> list[str]:
    """The fields a POST or PATCH may send, as the description names them."""
    for path, method in ((f"/api/v1/{prefix}/", "post"), (None, "patch")):
        found = [
            calls[method]
            for name, calls in schema["paths"].items()
            if method in calls
            and (name == path or (path is None and name.startswith(f"/api/v1/{prefix}/{{")))
        ]
        if found:
            body = found[0]["requestBody"]["content"][JSON]["schema"]["$ref"].rpartition("/")[2]
            shape = schema["components"]["schemas"][body]["properties"]
            return [name for name, entry in shape.items() if not entry.get("readOnly")]
    return []


@pytest.mark.parametrize("prefix", sorted({*MADE, *CHANGED}))
def test_nothing_sent_is_ever_a_fault(stage: Stage, schema: Any, prefix: str) -> None:
    """Every field of the description with values nobody means, in calls that are good otherwise."""
    good = CASES[prefix].body(stage.own)
    fields = sendable(schema, prefix)
    assert fields
    for name in fields:
        for value in ODD if prefix in CHANGED else ():
            assert_no_fault(stage, "patch", stage.at(prefix, stage.own), {name: value})
        for value in ODDEST if prefix in MADE else ():
            assert_no_fault(stage, "post", stage.at(prefix), good | {name: value})


def assert_no_fault(stage: Stage, method: str, path: str, body: dict[str, Any]) -> None:
    answer = send(stage.program, method, path, body, If_Match="*")
    assert answer.status_code in (200, 201, 400), (method, body, answer.content)
    assert answer.status_code != 400 or answer.json()["errors"], body
    assert b"CANARY" not in answer.content


@pytest.mark.parametrize("prefix", MADE)
def test_a_row_of_another_workspace_is_not_taken(stage: Stage, prefix: str) -> None:
    good = CASES[prefix].body(stage.own)
    ids = {str(value): part for part, value in stage.own.items()}
    for name, value in good.items():
        part = ids.get(str(value))
        if part is None:
            continue
        for theirs in (stage.foreign, stage.second):
            body = good | {name: str(theirs[part])}
            answer = send(stage.program, "post", stage.at(prefix), body)
            others = {"impact_group", "engagement", "file"}
            named = {name} if theirs is stage.foreign else {name} | others
            whole_other = theirs is stage.second and answer.status_code == 201
            assert whole_other or answer.status_code == 400
            assert whole_other or set(answer.json()["errors"]) <= named


def test_the_description_is_whole_and_names_every_header(schema: Any) -> None:
    for prefix, viewset in VIEWSETS.items():
        calls = schema["paths"][f"/api/v1/{prefix}/"]
        one = schema["paths"][f"/api/v1/{prefix}/{{{viewset.lookup_url_kwarg}}}/"]
        for method, call in {**calls, **one}.items():
            headers = {p["name"] for p in call.get("parameters", []) if p["in"] == "header"}
            wanted = {"get": "If-None-Match", "post": "Idempotency-Key"}.get(method, "If-Match")
            assert headers == {wanted}, (prefix, method)
            assert call["summary"]
            assert call["description"]
        assert calls["get"]["summary"] != one["get"]["summary"]
        if "post" in calls:
            assert calls["get"]["summary"] != calls["post"]["summary"]
            assert {"409", "422"} <= set(calls["post"]["responses"])
        if "patch" in one:
            assert {"412", "428"} <= set(one["patch"]["responses"])
        assert "304" in one["get"]["responses"]


def test_ids_name_rows(stage: Stage) -> None:
    assert all(isinstance(value, UUID) for value in stage.own.values())
