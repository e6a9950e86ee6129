"""Packages, links and changes of plans over the API."""

import json
from typing import Any

import pytest
from django.test import Client

from adoption.models import WorkPackage
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE, READING
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.told_plan import tell_plan

JSON = "application/json"


@pytest.fixture
def ids(cast: Cast) -> dict[str, Any]:
    with tenant_scope(cast.tenant.pk):
        told = tell_plan(cast.engagement, word="Halden", by=cast.csm)
        package = WorkPackage.objects.get(pk=told["package_id"])
    return told | {"plan": package.plan_id}


def program(cast: Cast, *, can_write: bool = True) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant,
        name="Key",
        scopes=EVERY_SCOPE if can_write else READING,
        created_by=cast.admin,
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


def send(client: Client, method: str, path: str, body: Any = None, tag: str = "") -> Any:
    headers = {"If-Match": tag} if tag else {}
    data = "" if body is None else json.dumps(body)
    return client.generic(method, path, data, content_type=JSON, headers=headers)


def test_a_package_is_made_changed_moved_and_removed(cast: Cast, ids: dict[str, Any]) -> None:
    client, at = program(cast), "/api/v1/packages/"
    body = {"plan": str(ids["plan"]), "name": "Write course", "duration": "3d", "kind": "training"}
    made = send(client, "POST", at, body)
    assert made.status_code == 201, made.content
    assert (made.json()["outline"], made.json()["duration"]) == ("3", "1440m")
    path = made["Location"].removeprefix("http://testserver")
    assert send(client, "PATCH", path, {"duration": "5d"}).status_code == 428
    changed = send(
        client, "PATCH", path, {"duration": "5d", "deadline_at": "2026-12-31"}, made["ETag"]
    )
    assert (changed.json()["duration"], changed.json()["deadline_at"]) == (
        "2400m",
        "2026-12-31T17:00:00",
    )
    assert send(client, "PATCH", path, {"duration": "6d"}, made["ETag"]).status_code == 412
    parent = {"parent": str(ids["package_id"])}
    moved = send(client, "PATCH", path, parent, changed["ETag"])
    assert (moved.status_code, moved.json()["outline"]) == (200, "2.1")
    assert send(client, "DELETE", path, tag=moved["ETag"]).status_code == 204
    assert client.get(path).status_code == 404


def test_refusals_are_by_field(cast: Cast, ids: dict[str, Any]) -> None:
    client = program(cast)
    path = f"/api/v1/packages/{ids['package_id']}/"
    tag = client.get(path)["ETag"]
    for body, field in (
        ({"duration": "soon"}, "duration"),
        ({"constraint": "SNET"}, "constraint_at"),
        ({"constraint_at": "2026-12-01T10:00:00+01:00"}, "constraint_at"),
        ({"owner_member": cast.stranger.email}, "owner_member"),
        ({"plan": str(ids["comment_id"])}, "plan"),
    ):
        refused = send(client, "PATCH", path, body, tag)
        assert refused.status_code == 400, refused.content
        assert field in refused.json()["errors"]


def test_links_are_kept_and_circles_spelled_out(cast: Cast, ids: dict[str, Any]) -> None:
    client, at = program(cast), "/api/v1/dependencies/"
    path = f"{at}{ids['dependency_id']}/"
    read = client.get(path)
    assert (read.json()["type"], read.json()["lag"]) == ("FS", "0m")
    changed = send(client, "PATCH", path, {"type": "SS", "lag": "-1ed"}, read["ETag"])
    assert (changed.json()["type"], changed.json()["lag"]) == ("SS", "-1440em")
    same = send(client, "PATCH", path, {"lag": "-1440em"}, changed["ETag"])
    assert same["ETag"] == changed["ETag"]
    round_about = {"before": read.json()["after"], "after": read.json()["before"]}
    refused = send(client, "POST", at, round_about)
    assert refused.status_code == 400
    assert "Halden first → Halden second" in refused.json()["errors"]["links"][0]
    assert send(client, "DELETE", path, tag=same["ETag"]).status_code == 204
    assert send(client, "POST", at, round_about).status_code == 201


def test_lists_are_of_one_engagement_and_say_no_money_to_members(
    cast: Cast, ids: dict[str, Any]
) -> None:
    csm, member = cast.browser(cast.csm), cast.browser(cast.member)
    path = cast.at(f"api/v1/packages/?engagement={cast.engagement.pk}")
    changes = cast.at("api/v1/plan-changes/")
    client = program(cast)
    for prefix in ("packages", "dependencies", "plan-changes"):
        for engagement, count in ((cast.engagement.pk, 1), (cast.second_engagement.pk, 0)):
            listed = client.get(f"/api/v1/{prefix}/?engagement={engagement}")
            assert min(len(listed.json()["results"]), 1) == count, listed.content
    assert "budget" in client.get("/api/v1/packages/").json()["results"][0]
    assert "budget" in csm.get(path).json()["results"][0]
    assert "budget" not in member.get(path).json()["results"][0]
    assert "budget" not in json.dumps(member.get(changes).json())


def test_a_key_for_reading_changes_nothing(cast: Cast, ids: dict[str, Any]) -> None:
    client = program(cast, can_write=False)
    path = f"/api/v1/packages/{ids['package_id']}/"
    assert client.get(path).status_code == 200
    assert send(client, "PATCH", path, {"name": "X"}, client.get(path)["ETag"]).status_code == 403
    assert send(client, "POST", f"{path}progress/", {"percent": 50}).status_code == 403


def test_progress_is_reported(cast: Cast, ids: dict[str, Any]) -> None:
    client = program(cast)
    path = f"/api/v1/packages/{ids['package_id']}/"
    done = send(client, "POST", f"{path}progress/", {"percent": 100})
    assert done.status_code == 200, done.content
    assert done.json()["done_percent"] == 100
    assert done.json()["actual_finish"]
    refused = send(client, "POST", f"{path}progress/", {"percent": 120})
    assert "percent" in refused.json()["errors"]


def test_a_member_of_the_customer_reports_on_what_is_theirs(
    cast: Cast, ids: dict[str, Any]
) -> None:
    member = cast.browser(cast.member)
    path = cast.at(f"api/v1/packages/{ids['package_id']}/")
    refused = send(member, "POST", f"{path}progress/", {"percent": 100})
    assert refused.status_code == 403
    assert "belongs to somebody else" in refused.content.decode()
    tag = member.get(path)["ETag"]
    assert send(member, "PATCH", path, {"name": "Mine"}, tag).status_code == 403
    owner = {"owner_member": cast.member.email}
    client, own = program(cast), f"/api/v1/packages/{ids['package_id']}/"
    assert send(client, "PATCH", own, owner, client.get(own)["ETag"]).status_code == 200
    done = send(member, "POST", f"{path}progress/", {"percent": 100})
    assert (done.status_code, done.json()["done_percent"]) == (200, 100)


def test_a_checklist_is_written_ticked_and_taken_down(cast: Cast, ids: dict[str, Any]) -> None:
    client, at = program(cast), "/api/v1/check-items/"
    made = send(client, "POST", at, {"package": str(ids["package_id"]), "text": "Read by two"})
    assert (made.status_code, made.json()["done"]) == (201, False), made.content
    path = f"{at}{made.json()['id']}/"
    done = send(client, "PATCH", path, {"done": True, "text": "Read by three"}, made["ETag"])
    assert done.status_code == 200, done.content
    assert (done.json()["text"], done.json()["done_at"] is not None) == ("Read by three", True)
    refused = send(client, "PATCH", path, {"text": " "}, done["ETag"])
    assert "text" in refused.json()["errors"]
    assert len(client.get(f"{at}?engagement={cast.engagement.pk}").json()["results"]) == 2
    member = cast.browser(cast.member)
    theirs = cast.at(f"api/v1/check-items/{made.json()['id']}/")
    tag = member.get(theirs)["ETag"]
    assert send(member, "PATCH", theirs, {"done": False}, tag).status_code == 403
    assert send(member, "DELETE", theirs, tag=tag).status_code == 403
    assert send(client, "DELETE", path, tag=done["ETag"]).status_code == 204
    assert client.get(path).status_code == 404


def test_comments_are_said_and_taken_back_by_who_said_them(cast: Cast, ids: dict[str, Any]) -> None:
    member, csm = cast.browser(cast.member), cast.browser(cast.csm)
    at = cast.at("api/v1/package-comments/")
    body = {"package": str(ids["package_id"]), "text": "@csm, in March?"}
    said = send(member, "POST", at, body)
    assert (said.status_code, said.json()["by"]) == (201, cast.member.email), said.content
    assert said.json()["mentions"] == {"csm": "Csm"}
    path = f"{at}{said.json()['id']}/"
    assert send(csm, "DELETE", path, tag=csm.get(path)["ETag"]).status_code == 403
    assert send(member, "DELETE", path, tag=said["ETag"]).status_code == 204
    assert len(csm.get(f"{at}?package={ids['package_id']}").json()["results"]) == 1
    assert cast.browser(cast.stranger).get(path).status_code == 404
