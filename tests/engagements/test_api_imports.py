"""Files over the API: uploaded, their columns named, checked, brought in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.models import Customer, RosterEntry, StagedImport
from rendering.spreadsheets import write_workbook
from tenancy import operations as tenancy
from tenancy.scope import tenant_scope
from tests.factories import Cast

JSON = "application/json"
ADDRESS = "/api/v1/imports/"
CUSTOMERS = b"Account ID,Account name,Fancy\nnew-1,New One,a\nnew-2,New Two,b\n"
BAD = b"external_id,name,time_zone\nnew-1,New One,Europe/Oslo\nnew-2,New Two,Mars/Base\n"


def program(cast: Cast, *scopes: str) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="+".join(scopes), scopes=frozenset(scopes), created_by=cast.admin
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


@pytest.fixture
def writer(cast: Cast) -> Client:
    return program(cast, "customers:write", "people:write")


def send(client: Client, content: bytes, kind: str = "customers", **fields: Any) -> Any:
    file = SimpleUploadedFile("table.csv", content)
    return client.post(f"{ADDRESS}upload/", {"file": file, "kind": kind, **fields})


def bring(client: Client, row: Any, **fields: Any) -> Any:
    return client.post(f"{ADDRESS}{row['id']}/bring-in/", fields, content_type=JSON)


def customers(cast: Cast) -> set[str]:
    with tenant_scope(cast.tenant.pk):
        return set(Customer.objects.values_list("external_id", flat=True)) - {"halden", "solberg"}


def test_a_file_is_guessed_checked_and_brought_in(cast: Cast, writer: Client) -> None:
    made = send(writer, CUSTOMERS)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["row_count"], sorted(row["mapping"].values())) == (2, ["", "external_id", "name"])
    found = writer.get(f"{ADDRESS}{row['id']}/check/").json()
    assert (found["created"], found["saved"], found["faults"]) == (2, False, [])
    assert customers(cast) == set()
    done = bring(writer, row)
    assert (done.status_code, done.json()["saved"]) == (200, True)
    assert customers(cast) == {"new-1", "new-2"}
    assert bring(writer, row).status_code == 404


def test_rows_at_fault_are_named_and_may_be_left_out(cast: Cast, writer: Client) -> None:
    row = send(writer, BAD).json()
    found = writer.get(f"{ADDRESS}{row['id']}/check/").json()
    assert [(one["row"], one["column"]) for one in found["faults"]] == [(3, "time_zone")]
    refused = bring(writer, row)
    assert refused.status_code == 400
    assert "One row needs another look" in refused.json()["errors"]["file"][0]
    assert customers(cast) == set()
    assert bring(writer, row, good_rows_only=True).json()["created"] == 1
    assert customers(cast) == {"new-1"}
    assert writer.get(f"{ADDRESS}{row['id']}/").status_code == 200


def test_columns_are_named_by_whoever_knows_them(cast: Cast, writer: Client) -> None:
    row = send(writer, b"a,b\nnew-1,New One\n").json()
    where, any_version = f"{ADDRESS}{row['id']}/", {"If-Match": "*"}
    assert row["mapping"] == {}
    assert bring(writer, row).json()["errors"].keys() == {"mapping"}
    for wrong in ({"a": "name"}, {"a": "external_id", "z": "name"}, {"a": "external_id", "b": "?"}):
        refused = writer.patch(where, {"mapping": wrong}, content_type=JSON, headers=any_version)
        assert refused.json()["errors"].keys() == {"mapping"}, wrong
    right = {"mapping": {"a": "external_id", "b": "name"}}
    writer.patch(where, right, content_type=JSON, headers=any_version)
    assert bring(writer, row).status_code == 200
    assert customers(cast) == {"new-1"}


def test_what_is_no_table_is_refused_in_words(cast: Cast, writer: Client) -> None:
    for content in (b"", b"external_id,name\n", b"PK\x03\x04nothing"):
        refused = send(writer, content)
        assert refused.status_code == 400
        assert refused.json()["errors"].keys() == {"file"}
    book = send(writer, write_workbook(("external_id",), [["new-1"]], title="One")).json()
    gone = writer.patch(
        f"{ADDRESS}{book['id']}/",
        {"sheet": 3},
        content_type=JSON,
        headers={"If-Match": "*"},
    )
    assert gone.json()["errors"].keys() == {"sheet"}


def test_a_roster_wants_a_key_that_may_change_people(cast: Cast, writer: Client) -> None:
    rows, engagement = b"external_id,name\nu-1,Ola\n", str(cast.engagement.pk)
    assert send(writer, rows, "roster").json()["errors"].keys() == {"engagement"}
    assert send(writer, CUSTOMERS, engagement=engagement).json()["errors"].keys() == {"engagement"}
    other = send(writer, rows, "roster", engagement=str(cast.other_engagement.pk))
    assert other.json()["errors"].keys() == {"engagement"}
    row = send(writer, rows, "roster", engagement=engagement).json()
    narrow = program(cast, "customers:write")
    assert send(narrow, rows, "roster", engagement=engagement).status_code == 403
    assert narrow.get(f"{ADDRESS}{row['id']}/").status_code == 404
    assert bring(writer, row).json()["created"] == 1
    with tenant_scope(cast.tenant.pk):
        assert RosterEntry.objects.get().end_user.external_id == "u-1"


def test_whoever_only_reads_brings_nothing_in(cast: Cast) -> None:
    reader = program(cast, "customers:read", "people:write")
    assert send(reader, CUSTOMERS).status_code == 403
    for person in (cast.executive, cast.lead, cast.member):
        browser = cast.browser(person)
        file = SimpleUploadedFile("table.csv", CUSTOMERS)
        path = cast.at("api/v1/imports/upload/")
        assert browser.post(path, {"file": file, "kind": "customers"}).status_code == 403
    with tenant_scope(cast.tenant.pk):
        assert not StagedImport.objects.exists()
