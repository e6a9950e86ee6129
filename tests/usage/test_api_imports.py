"""Usage logs over the API: posted, read in the background, asked about, sent again."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from drf_spectacular.generators import SchemaGenerator

from tenancy import operations as tenancy
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage import operations
from usage.adapters.files import Layout
from usage.models import Event, UsageImport
from usage.tasks import IMPORT_JOB, perform_import

ADDRESS = "/api/v1/usage/imports/"
OWN = (
    "message_id,timestamp,customer_id,user_id,event,feature\nm1,2026-01-01T10:00:00Z,a,ann,Used,\n"
)
FOREIGN = "When;Account;Who;What\n1.7.2026 9:30;acme;ann;Used\n31.7.2026 9:30;acme;bob;Used\n"
MAPPING = {"When": "timestamp", "Account": "customer_id", "Who": "user_id", "What": "event"}


def program(cast: Cast, *scopes: str) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="+".join(scopes), scopes=frozenset(scopes), created_by=cast.admin
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


@pytest.fixture
def writer(cast: Cast) -> Client:
    return program(cast, "usage:write")


def send(client: Client, content: str | bytes, key: str = "", **said: Any) -> Any:
    text = content.encode() if isinstance(content, str) else content
    fields = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in said.items()}
    headers = {"Idempotency-Key": key} if key else {}
    file = SimpleUploadedFile("log.csv", text)
    return client.post(ADDRESS, {"file": file, **fields}, headers=headers)


def read(cast: Cast, answer: Any) -> UsageImport:
    perform_import(JobRun.objects.get(job=IMPORT_JOB, subject=answer.json()["id"]))
    with tenant_scope(cast.tenant.pk):
        return UsageImport.objects.get(pk=answer.json()["id"])


def none_kept(cast: Cast) -> bool:
    """Whether no import is noted and no file lies about."""
    with tenant_scope(cast.tenant.pk):
        noted = UsageImport.objects.exists()
    folder = f"usage/{cast.tenant.pk}"
    lies = default_storage.exists(folder) and default_storage.listdir(folder)[1]
    return not noted and not lies


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_log_is_taken_at_once_and_read_behind_its_address(
    cast: Cast, writer: Client, pack: Any
) -> None:
    answer = send(writer, pack(OWN + "short\n"))
    assert answer.status_code == 202, answer.content
    where = answer["Location"]
    assert (answer.json()["state"], answer.json()["origin"]) == ("waiting", "api")
    assert writer.get(where).json() == answer.json()
    assert read(cast, answer).rows_new == 1
    done = writer.get(where).json()
    assert (done["state"], done["percent"], done["rows_new"], done["rows_wrong"]) == (
        "done",
        100,
        1,
        1,
    )
    faults = writer.get(done["rows_left_out"], headers={"Accept": "text/csv"})
    assert faults["Content-Type"].startswith("text/csv")
    assert faults.content.decode("utf-8-sig").splitlines()[1].startswith("3,")
    assert writer.get(ADDRESS, {"state": "done"}).json()["results"] == [done]


def test_columns_are_said_or_remembered_under_a_name_or_by_their_header(
    cast: Cast, writer: Client
) -> None:
    said = {"time_format": "dmy", "time_zone": "Europe/Oslo"}
    assert read(cast, send(writer, FOREIGN, mapping=MAPPING, **said)).rows_new == 2
    unknown = send(writer, FOREIGN)
    assert (unknown.status_code, set(unknown.json()["errors"])) == (400, {"mapping"})
    missing = send(writer, FOREIGN, read_as="Weekly")
    assert (missing.status_code, set(missing.json()["errors"])) == (400, {"read_as"})
    with tenant_scope(cast.tenant.pk):
        layout = Layout(columns=MAPPING, **said)
        operations.keep_layout(name="Weekly", layout=layout, header=list(MAPPING), by=None)
    for named in ({"read_as": "weekly"}, {}):
        again = read(cast, send(writer, FOREIGN, **named))
        assert (again.rows_new, again.rows_repeated) == (0, 2)


def test_counts_of_days_need_no_user(cast: Cast, writer: Client) -> None:
    text = "date,dau,hits\n2026-01-01,3,40\n"
    mapping = {"date": "day", "dau": "active_users", "hits": "events"}
    answer = send(writer, text, mapping=mapping, kind="daily", constants={"customer_id": "acme"})
    assert (read(cast, answer).rows_new, answer.json()["kind"]) == (1, "daily")


def test_a_log_of_a_source_is_recognised_by_what_it_sent(cast: Cast, writer: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        source, key = operations.create_source(name="App", creates_customers=True)
    body = {
        "writeKey": key.text,
        "type": "track",
        "event": "Used",
        "messageId": "m1",
        "userId": "ann",
        "timestamp": "2026-01-01T10:00:00Z",
        "context": {"groupId": "a"},
    }
    sent = Client().post("/v1/track", json.dumps(body), content_type="application/json")
    assert sent.status_code == 200
    done = read(cast, send(writer, OWN, source=str(source.pk)))
    assert (done.rows_new, done.rows_repeated) == (0, 1)
    # Among files, the same id is another event.
    assert read(cast, send(writer, OWN)).rows_new == 1
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.filter(source=source).count() == 1


def test_sent_again_under_its_key_it_is_one_import(cast: Cast, writer: Client) -> None:
    first, again = (send(writer, OWN, key="k1") for _try in range(2))
    assert again.status_code == 202
    assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert JobRun.objects.filter(job=IMPORT_JOB).count() == 1
    assert send(writer, OWN.replace("ann", "bob"), key="k1").status_code == 422


@pytest.mark.parametrize(
    ("content", "said", "field"),
    [
        (b"\0\1\2", {}, "file"),
        (b"", {}, "file"),
        (OWN, {"mapping": {"nobody": "user_id"}}, "mapping"),
        (FOREIGN, {"mapping": MAPPING | {"When": "moment"}}, "mapping"),
        (OWN, {"mapping": "[1]"}, "mapping"),
        (OWN, {"mapping": "{"}, "mapping"),
        (OWN, {"mapping": {"a\0": "-"}}, "mapping"),
        (OWN, {"constants": {"user_id": "x"}}, "constants"),
        (OWN, {"read_as": "x", "mapping": MAPPING}, "read_as"),
        (OWN, {"time_zone": "Mars/Base"}, "time_zone"),
        (OWN, {"time_format": "when"}, "time_format"),
        (OWN, {"kind": "x"}, "kind"),
        (OWN, {"sheet": -1}, "sheet"),
        (OWN, {"source": str(UUID(int=1))}, "source"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    cast: Cast, writer: Client, content: str | bytes, said: dict[str, Any], field: str
) -> None:
    answer = send(writer, content, **said)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), answer.content
    assert none_kept(cast)


@override_settings(UPLOAD_LIMIT_BYTES=10)
def test_a_log_beyond_the_limit_is_refused_as_on_the_page(cast: Cast, writer: Client) -> None:
    assert set(send(writer, OWN).json()["errors"]) == {"file"}
    assert none_kept(cast)


def test_only_who_may_bring_logs_does(cast: Cast, writer: Client) -> None:
    assert send(program(cast, "usage:read"), OWN).status_code == 403
    assert send(program(cast, "customers:write"), OWN).status_code == 403
    path = cast.at(ADDRESS[1:])
    lead = cast.browser(cast.lead)
    assert lead.post(path, {"file": SimpleUploadedFile("log.csv", b"x")}).status_code == 403
    with tenant_scope(cast.other_tenant.pk):
        theirs, _key = operations.create_source(name="Theirs")
    assert set(send(writer, OWN, source=str(theirs.pk)).json()["errors"]) == {"source"}
    row = read(cast, send(writer, OWN))
    csm = cast.browser(cast.csm)
    shown = csm.get(f"{path}{row.pk}/").json()
    assert shown["rows_left_out"].endswith(f"{path}{row.pk}/rows-left-out/")
    stranger = cast.browser(cast.stranger)
    other = f"/w/{cast.other_tenant.slug}{ADDRESS}{row.pk}/"
    assert [stranger.get(f"{other}{part}").status_code for part in ("", "rows-left-out/")] == [
        404,
        404,
    ]


def test_the_description_says_what_is_sent_and_answered() -> None:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    post = schema["paths"][ADDRESS]["post"]
    assert set(post["requestBody"]["content"]) == {"multipart/form-data"}
    assert {"202", "400", "403", "409", "422"} <= set(post["responses"])
    assert [p["name"] for p in post["parameters"] if p["in"] == "header"] == ["Idempotency-Key"]
    assert post["x-scope"] == "usage:write"
