"""Portfolios over the API: archiving, merging, handing over and standing in, each taken back."""

from typing import Any

import pytest
from django.test import Client

from engagements.models import Customer
from tenancy import operations as tenancy
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer

JSON = "application/json"
SCOPES = ["customers:read", "customers:write"]


@pytest.fixture
def program(cast: Cast) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=SCOPES, created_by=cast.admin
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


def post(program: Client, path: str, body: Any = None) -> Any:
    return program.post(f"/api/v1/{path}", body or {}, content_type=JSON)


def listed(program: Client, kind: str) -> set[str]:
    return {row["id"] for row in program.get(f"/api/v1/{kind}/").json()["results"]}


def test_a_customer_is_archived_and_brought_back(cast: Cast, program: Client) -> None:
    at = f"customers/{cast.customer.pk}/"
    assert post(program, at + "archive/").status_code == 204
    assert str(cast.customer.pk) not in listed(program, "customers")
    assert post(program, at + "archive/").status_code == 404
    back = post(program, at + "restore/")
    assert (back.status_code, back.json()["id"]) == (200, str(cast.customer.pk))
    assert str(cast.customer.pk) in listed(program, "customers")


def test_an_engagement_is_archived_and_brought_back(cast: Cast, program: Client) -> None:
    at = f"engagements/{cast.engagement.pk}/"
    for way, archived in (("archive", True), ("restore", False)):
        assert post(program, f"{at}{way}/").status_code == 200
        with tenant_scope(cast.tenant.pk):
            cast.engagement.refresh_from_db()
        assert (cast.engagement.archived_at is not None) == archived


def test_two_customers_become_one_and_two_again(cast: Cast, program: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        twin = make_customer("twin")
    pair = {"kept": str(cast.customer.pk), "gone": str(twin.pk)}
    merge = post(program, "merges/", pair)
    assert merge.status_code == 201, merge.json()
    assert str(twin.pk) not in listed(program, "customers")
    again = post(program, "merges/", pair)
    assert again.status_code == 400
    undone = post(program, f"merges/{merge.json()['id']}/undo/")
    assert undone.json()["undone_at"]
    assert str(twin.pk) in listed(program, "customers")


def test_a_portfolio_is_handed_over_and_back(cast: Cast, program: Client) -> None:
    body = {
        "from_user": cast.csm.email,
        "to_user": cast.admin.email,
        "customers": [str(cast.customer.pk)],
        "note": "They like short calls.",
    }
    made = post(program, "hand-overs/", body)
    assert made.status_code == 201, made.json()
    assert made.json()["moved_customers"] == [str(cast.customer.pk)]
    assert csm_of(cast) == cast.admin.pk
    assert post(program, f"hand-overs/{made.json()['id']}/undo/").json()["undone_at"]
    assert csm_of(cast) == cast.csm.pk


def csm_of(cast: Cast) -> Any:
    with tenant_scope(cast.tenant.pk):
        return Customer.objects.get(pk=cast.customer.pk).csm_id


def test_nobody_hands_over_what_is_not_theirs(cast: Cast, program: Client) -> None:
    body = {
        "from_user": cast.csm.email,
        "to_user": cast.admin.email,
        "customers": [str(cast.other_customer.pk)],
    }
    refused = post(program, "hand-overs/", body)
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["customers"]


def test_a_cover_is_ended(cast: Cast, program: Client) -> None:
    body = {
        "person": cast.csm.email,
        "stand_in": cast.admin.email,
        "from_date": "2026-12-01",
        "to_date": "2026-12-05",
    }
    made = post(program, "covers/", body)
    assert made.status_code == 201, made.json()
    assert post(program, f"covers/{made.json()['id']}/cancel/").json()["cancelled_at"]
