"""Workspaces, members and keys, asked by each of the cast."""

import re

import pytest
from django.test import Client

from people.models import User
from tenancy.models import ApiKey, Membership, Role
from tenancy.operations import add_member
from tests.factories import Cast, make_user


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def membership(cast: Cast, name: str) -> Membership:
    return Membership.objects.get(tenant=cast.tenant, user=getattr(cast, name))


def test_somebody_of_one_workspace_goes_straight_in(csm: Client, cast: Cast) -> None:
    assert csm.get("/").headers["Location"] == cast.at("")


def test_somebody_of_two_workspaces_chooses(csm: Client, cast: Cast) -> None:
    add_member(tenant=cast.other_tenant, user=cast.csm, role=Role.CSM)
    page = csm.get("/").content.decode()
    assert "Acme" in page
    assert "Rival" in page


def test_somebody_of_none_is_told_what_to_do(cast: Cast) -> None:
    page = cast.browser(make_user("newcomer")).get("/").content.decode()
    assert "No workspace yet" in page


def test_an_admin_lets_somebody_in(admin: Client, cast: Cast) -> None:
    fields = {"email": "New@Example.org", "name": "New Person", "role": "csm"}
    assert admin.post(cast.at("settings/members/"), fields).status_code == 302
    made = User.objects.get(email="new@example.org")
    assert Membership.objects.get(tenant=cast.tenant, user=made).role == Role.CSM
    again = admin.post(cast.at("settings/members/"), fields)
    assert "This person is in the workspace already." in again.content.decode()


def test_a_removed_member_is_out_at_once(admin: Client, csm: Client, cast: Cast) -> None:
    assert csm.get(cast.at("")).status_code == 200
    admin.post(cast.at(f"settings/members/{membership(cast, 'csm').pk}/remove/"))
    assert csm.get(cast.at("")).status_code == 404


def test_the_last_admin_stays(admin: Client, cast: Cast) -> None:
    path = cast.at(f"settings/members/{membership(cast, 'admin').pk}/remove/")
    page = admin.post(path, follow=True).content.decode()
    assert "A workspace keeps at least one administrator." in page
    assert membership(cast, "admin").role == Role.ADMIN


@pytest.mark.parametrize("name", ["csm", "executive"])
def test_only_admins_change_members_and_keys(
    request: pytest.FixtureRequest, cast: Cast, name: str
) -> None:
    client: Client = request.getfixturevalue(name)
    assert client.get(cast.at("settings/members/")).status_code == 200
    assert client.post(cast.at("settings/members/"), {}).status_code == 403
    assert client.get(cast.at("settings/keys/")).status_code == 403


def test_the_customers_side_sees_no_members(lead: Client, cast: Cast) -> None:
    assert lead.get(cast.at("settings/members/")).status_code == 403


def test_a_key_is_shown_once_and_works_until_it_is_revoked(admin: Client, cast: Cast) -> None:
    page = admin.post(cast.at("settings/keys/"), {"name": "Warehouse"}).content.decode()
    found = re.search(r"aiq_live_\w+", page)
    assert found is not None
    headers = {"Authorization": f"Bearer {found[0]}"}
    assert found[0] not in admin.get(cast.at("settings/keys/")).content.decode()
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200
    key = ApiKey.objects.get(tenant=cast.tenant, name="Warehouse")
    admin.post(cast.at(f"settings/keys/{key.pk}/revoke/"))
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 401


def test_a_key_that_only_reads_writes_nothing(admin: Client, cast: Cast) -> None:
    page = admin.post(cast.at("settings/keys/"), {"name": "Reader"}).content.decode()
    found = re.search(r"aiq_live_\w+", page)
    assert found is not None
    answer = Client().post(
        "/api/v1/customers/",
        {"name": "x", "external_id": "x"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {found[0]}"},
    )
    assert answer.status_code == 403


def test_keys_are_few(admin: Client, cast: Cast) -> None:
    for number in range(10):
        admin.post(cast.at("settings/keys/"), {"name": f"Key {number}"})
    page = admin.post(cast.at("settings/keys/"), {"name": "One more"}).content.decode()
    assert "Ten keys are live already." in page
    assert ApiKey.objects.filter(tenant=cast.tenant).count() == 10
