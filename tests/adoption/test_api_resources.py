"""Resources and assignments over the API."""

import json
from typing import Any

from django.test import Client

from adoption.models import Resource, WorkPackage
from tenancy.scope import tenant_scope
from tests.adoption.test_api_packages import program, send
from tests.adoption.test_resources import instructor, planned
from tests.factories import Cast

__all__ = ["planned"]

RESOURCES, ASSIGNMENTS = "/api/v1/resources/", "/api/v1/assignments/"


def path_of(answer: Any) -> str:
    return str(answer["Location"].removeprefix("http://testserver"))


def test_a_resource_is_made_changed_and_archived(planned: Cast) -> None:
    client = program(planned)
    body = {"engagement": str(planned.engagement.pk), "name": "Ana", "capacity": "0.50"}
    made = send(client, "POST", RESOURCES, body)
    assert made.status_code == 201, made.content
    path = path_of(made)
    assert send(client, "PATCH", path, {"name": "Ana B."}).status_code == 428
    changed = send(client, "PATCH", path, {"name": "Ana B."}, made["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Ana B.")
    same = send(client, "POST", RESOURCES, body | {"name": "ana b."})
    assert "name" in same.json()["errors"]
    assert send(client, "DELETE", path, None, changed["ETag"]).status_code == 204
    assert client.get(path).status_code == 404
    with tenant_scope(planned.tenant.pk):
        assert Resource.objects.get().archived_at is not None


def test_what_needs_it_is_said_and_taken_back(planned: Cast) -> None:
    client = program(planned)
    with tenant_scope(planned.tenant.pk):
        ana = instructor(planned)
        rows = WorkPackage.objects.filter(plan__engagement=planned.engagement)
        package, summary = rows.get(outline="1.1"), rows.get(outline="1")
    body = {"package": str(package.pk), "resource": str(ana.pk), "units": "0.50"}
    made = send(client, "POST", ASSIGNMENTS, body)
    assert made.status_code == 201, made.content
    refused = send(client, "POST", ASSIGNMENTS, body | {"package": str(summary.pk)})
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"package"})
    path = path_of(made)
    changed = send(client, "PATCH", path, {"units": "1.00"}, made["ETag"])
    assert changed.json()["units"] == "1.00"
    listed = client.get(f"{ASSIGNMENTS}?resource={ana.pk}").json()["results"]
    assert [row["package"] for row in listed] == [str(package.pk)]
    assert send(client, "DELETE", path, None, changed["ETag"]).status_code == 204
    assert client.get(f"{ASSIGNMENTS}?resource={ana.pk}").json()["results"] == []


def test_who_reads_only_changes_nothing_and_nobody_reads_anothers(planned: Cast) -> None:
    reader = program(planned, can_write=False)
    with tenant_scope(planned.tenant.pk):
        ana = instructor(planned)
    path = f"{RESOURCES}{ana.pk}/"
    assert json.loads(reader.get(path).content)["name"] == "Ana"
    tag = reader.get(path)["ETag"]
    assert send(reader, "PATCH", path, {"name": "Eve"}, tag).status_code == 403
    assert Client().get(path).status_code == 401
    inside = planned.at(f"api/v1/resources/{ana.pk}/")
    assert planned.browser(planned.lead).get(inside).status_code == 200
    assert planned.browser(planned.member).get(inside).status_code == 404
    assert planned.browser(planned.stranger).get(inside).status_code == 404
