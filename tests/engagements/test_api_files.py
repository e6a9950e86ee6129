"""Files over the API: brought as multipart, downloaded, shared, deleted."""

from typing import Any

from django.test import Client

from engagements.models import StoredFile
from tenancy.scope import tenant_scope
from tests.engagements import papers
from tests.engagements.test_stored_files import folder, kept, rows, upload
from tests.factories import Cast

__all__ = ["folder"]


def path(cast: Cast, rest: str = "") -> str:
    return cast.at(f"api/v1/files/{rest}")


def send(client: Client, cast: Cast, **fields: Any) -> Any:
    return client.post(path(cast, "upload/"), fields)


def test_a_file_is_brought_and_had_back(cast: Cast, csm: Client) -> None:
    answer = send(csm, cast, file=upload("../a.exe"), engagement=str(cast.engagement.pk))
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["name"], row["kind"], row["shared"]) == ("a.exe.pdf", "pdf", False)
    assert row["uploaded_by"] == cast.csm.email
    assert csm.get(path(cast, f"{row['id']}/content/")).getvalue() == papers.PDF
    follows = send(csm, cast, file=upload("b.pdf", papers.PDF + b"2"), follows=row["id"])
    assert (follows.json()["version"], follows.json()["series"]) == (2, row["series"])
    listed = csm.get(path(cast, f"?series={row['series']}")).json()["results"]
    assert {one["version"]: one["is_newest"] for one in listed} == {1: False, 2: True}


def test_what_is_not_taken_is_said_of_the_file(cast: Cast, csm: Client) -> None:
    answer = send(csm, cast, file=upload("a.png", b"<svg>"), customer=str(cast.customer.pk))
    assert answer.status_code == 400
    assert "Save it as PDF or PNG" in answer.json()["errors"]["file"][0]
    assert send(csm, cast, file=upload()).json()["errors"].keys() == {"engagement"}
    assert rows(cast) == []


def test_what_the_customer_may_do(cast: Cast, lead: Client) -> None:
    mine = send(lead, cast, file=upload(), engagement=str(cast.engagement.pk)).json()
    assert mine["shared"]
    elsewhere = send(lead, cast, file=upload(), engagement=str(cast.second_engagement.pk))
    assert elsewhere.status_code == 400
    ours = kept(cast, name="o.txt", content=b"ours", shared=True)
    for row_id, statuses in ((mine["id"], (403, 204)), (str(ours.pk), (403, 403))):
        changed = lead.patch(
            path(cast, f"{row_id}/"),
            {"shared": False},
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        removed = lead.delete(path(cast, f"{row_id}/"), headers={"If-Match": "*"})
        assert (changed.status_code, removed.status_code) == statuses
    with tenant_scope(cast.tenant.pk):
        assert StoredFile.objects.get(pk=ours.pk).shared
