"""Views of the customer list over the API: whose they are, and who may change them."""

from typing import Any

import pytest
from django.test import Client

from tenancy import operations as tenancy
from tests.factories import Cast

JSON = "application/json"
TOO_LONG = "&".join(f"{name}={'漢' * 100}" for name in ("q", "segment", "industry"))


@pytest.fixture
def program(cast: Cast) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant,
        name="Views",
        scopes=frozenset({"customers:write"}),
        created_by=cast.admin,
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, body, content_type=JSON)


def path(cast: Cast, rest: str = "") -> str:
    return cast.at(f"api/v1/customer-views/{rest}")


def names(client: Client, address: str) -> list[str]:
    return [row["name"] for row in client.get(address).json()["results"]]


def test_people_see_their_own_views_and_shared_ones(cast: Cast, csm: Client) -> None:
    manager = cast.browser(cast.manager)
    for name, shared in (("Shared", True), ("Mine", False)):
        made = post(csm, path(cast), name=name, query="csm=me&nonsense=1", is_shared=shared)
        assert made.status_code == 201, made.content
        assert (made.json()["query"], made.json()["owner"]) == ("csm=me", cast.csm.email)
    assert names(csm, path(cast)) == ["Mine", "Shared"]
    assert names(manager, path(cast)) == ["Shared"]
    assert "Mine" in csm.get(cast.at("customers/?all=1")).content.decode()


def test_a_view_is_changed_by_whom_it_belongs_to(cast: Cast, csm: Client) -> None:
    row = post(csm, path(cast), name="Shared", is_shared=True).json()
    where, any_version = path(cast, f"{row['id']}/"), {"If-Match": "*"}
    for person, status in ((cast.manager, 403), (cast.executive, 403), (cast.admin, 200)):
        answer = cast.browser(person).patch(
            where, {"name": f"Of {person.pk}"[:40]}, content_type=JSON, headers=any_version
        )
        assert answer.status_code == status
    elsewhere = post(csm, path(cast), name="Theirs", owner=cast.manager.email)
    assert elsewhere.json()["errors"].keys() == {"owner"}
    assert cast.browser(cast.manager).delete(where, headers=any_version).status_code == 403
    assert csm.delete(where, headers=any_version).status_code == 204
    assert names(csm, path(cast)) == []


def test_a_key_says_whose_view_it_makes(cast: Cast, csm: Client, program: Client) -> None:
    address = "/api/v1/customer-views/"
    assert post(program, address, name="Nobody’s").json()["errors"].keys() == {"owner"}
    made = post(program, address, name="Due", query="renewal=90", owner=cast.csm.email)
    assert made.status_code == 201, made.content
    assert names(csm, path(cast)) == names(program, address) == ["Due"]


def test_filters_too_long_to_be_kept_are_refused_in_words(cast: Cast, csm: Client) -> None:
    refused = post(csm, path(cast), name="Long", query=TOO_LONG)
    assert refused.status_code == 400
    page = csm.post(cast.at("customers/views/new/"), {"name": "Long", "query": TOO_LONG})
    assert "more than a view can keep" in page.content.decode()
    row = post(csm, path(cast), name="Short", query="csm=me").json()
    put = cast.at(f"customers/views/{row['id']}/put/")
    said = csm.post(put, {"query": TOO_LONG}, follow=True).content.decode()
    assert "more than a view can keep" in said
    assert csm.get(path(cast, f"{row['id']}/")).json()["query"] == "csm=me"
