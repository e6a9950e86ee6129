"""The door for client libraries: what is let in, what is refused, and how it is said."""

import base64
import gzip
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import EndUser
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.asking import CAPTURES, SETTINGS, captured, said
from usage.models import Event, Quarantined
from usage.operations import create_source, revoke_source_key

SENT = [c for c in CAPTURES if not c["path"].startswith((SETTINGS, "/flags"))]


@pytest.fixture
def key(cast: Cast) -> str:
    with tenant_scope(cast.tenant.pk):
        _source, key = create_source(name="web", creates_customers=True)
    return key.text


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def send(body: Any, path: str = "/v1/batch", **extra: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    extra.setdefault("content_type", "text/plain")
    return Client().post(path, content, **extra)


def track(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Report Exported",
        "userId": "ann",
        "messageId": f"m{number}",
        "context": {"groupId": "halden"},
    } | fields


def kept(cast: Cast) -> int:
    with tenant_scope(cast.tenant.pk):
        return Event.objects.count()


def test_every_captured_request_is_answered_as_its_library_waits_for(cast: Cast, key: str) -> None:
    """With the key as user name, which all of them can be made to send."""
    for capture in SENT:
        headers = {name.lower(): value for name, value in capture["headers"].items()}
        body = capture["body"].encode()
        squeezed = headers.get("content-encoding") == "gzip"
        response = Client().generic(
            capture["method"],
            capture["path"],
            gzip.compress(body) if squeezed else body,
            content_type=headers.get("content-type", ""),
            headers={"authorization": basic(key)},
        )
        expected = captured(capture)
        answer = response.json() if "json" in response["Content-Type"] else response.text
        if isinstance(answer, dict) and "server_upload_time" in answer:
            assert answer.pop("server_upload_time") > said(expected)["server_upload_time"]
            assert answer == {"code": 200, "events_ingested": 1, "payload_size_bytes": len(body)}
        else:
            assert (response.status_code, answer) == (200, said(expected)), capture["path"]
        counts = dict(part.split("=") for part in response["AdoptIQ-Intake"].split(", "))
        assert sum(map(int, counts.values())) == len(expected.messages)
    with tenant_scope(cast.tenant.pk):
        users = set(EndUser.objects.values_list("customer__external_id", "external_id"))
        names = set(Event.objects.values_list("name", flat=True))
    assert ("acct1", "u1") in users
    assert names >= {"Report Exported", "Home", "X", "E"}


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/b", "/v1/import/"])
def test_batches_come_in_with_and_without_the_final_slash(cast: Cast, key: str, path: str) -> None:
    response = send({"writeKey": key, "batch": [track(), track(2)]}, path)
    assert response.status_code == 200
    assert kept(cast) == 2


@pytest.mark.parametrize("path", ["/v1/track", "/v1/t", "/v1/track/", "/v1/page", "/v1/s"])
def test_single_calls_take_their_type_from_the_address(cast: Cast, key: str, path: str) -> None:
    item = track() | {"type": None, "name": "Home", "writeKey": key}
    assert send(item, path).status_code == 200
    assert kept(cast) == 1


@pytest.mark.parametrize(
    "header",
    [
        lambda key: basic(key),
        lambda key: "Basic " + base64.b64encode(key.encode()).decode(),
        lambda key: f"Bearer {key}",
    ],
)
def test_the_key_may_come_in_a_header(cast: Cast, key: str, header: Any) -> None:
    response = send({"batch": [track()]}, headers={"authorization": header(key)})
    assert response.status_code == 200
    assert kept(cast) == 1


@pytest.mark.parametrize("text", ["", "aiq_src_wrong_key", "Basic !!", "Bearer ", "Basic w6k="])
def test_a_wrong_key_opens_nothing(cast: Cast, key: str, text: str) -> None:
    response = send({"batch": [track()]}, headers={"authorization": text})
    assert response.status_code == 401
    assert kept(cast) == 0


def test_a_revoked_key_opens_nothing_at_once(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        source, key = create_source(name="web")
        revoke_source_key(source=source, prefix=key.prefix, now=timezone.now())
    assert send({"writeKey": key.text, "batch": [track()]}).status_code == 401


def test_a_bad_event_among_good_ones_is_put_aside_and_the_answer_is_200(
    cast: Cast, key: str
) -> None:
    bad = track(2, timestamp="2026-11-01T10:00:00")
    assert send({"writeKey": key, "batch": [track(), bad, 7]}).status_code == 200
    assert kept(cast) == 1
    with tenant_scope(cast.tenant.pk):
        assert sorted(Quarantined.objects.values_list("reason", flat=True)) == [
            "the item is not a JSON object",
            "“2026-11-01T10:00:00” has no time zone: add Z or an offset such as +02:00",
        ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\x1f\x8bdamaged",
        gzip.compress(b"0" * 6_000_000, mtime=0),
        b'{"batch": ' + b" " * 5_300_000 + b"[]}",
        b'{"batch": ' + b" " * 6_500_000 + b"[]}",
        b'{"batch": {}}',
    ],
)
def test_a_request_nobody_can_read_is_refused_for_good(cast: Cast, key: str, body: bytes) -> None:
    response = send(body, headers={"authorization": basic(key)})
    assert response.status_code == 400
    assert response.json()["message"]


def test_a_browser_may_ask_first(db: None) -> None:
    response = Client().options("/v1/t")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in response["Access-Control-Allow-Headers"]


def test_a_browser_that_sends_cookies_along_is_answered_by_name(cast: Cast, key: str) -> None:
    origin = {"origin": "https://app.example"}
    answers = [Client().options("/track/", headers=origin)]
    answers += [send([{"event": "E"}], "/track/", headers=origin | {"authorization": basic(key)})]
    for response in answers:
        assert response["Access-Control-Allow-Origin"] == "https://app.example"
        assert response["Access-Control-Allow-Credentials"] == "true"
        assert "Origin" in response["Vary"]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/2/httpapi", {"api_key": "no", "events": []}, 400, "Invalid API key: "),
        ("/batch", {"api_key": "no", "events": []}, 400, "Invalid API key: "),
        ("/batch/", {"api_key": "no", "batch": []}, 401, "authentication_error"),
        ("/track?verbose=1", [{"event": "E", "properties": {"token": "no"}}], 401, '"status":0'),
        ("/track?verbose=0", [{"event": "E", "properties": {"token": "no"}}], 401, "0"),
    ],
)
def test_a_wrong_key_is_refused_in_the_words_of_the_library(
    cast: Cast, path: str, body: Any, status: int, words: str
) -> None:
    response = send(body, path)
    assert response.status_code == status
    assert words in response.text


def test_too_many_wrong_keys_are_told_when_to_come_back(cast: Cast) -> None:
    body = {"api_key": "no", "events": []}
    answers = [send(body, "/2/httpapi", REMOTE_ADDR="192.0.2.77") for _ in range(61)]
    assert [response.status_code for response in answers] == [400] * 60 + [429]
    assert answers[-1].json()["code"] == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_switches_need_no_key(db: None) -> None:
    assert send({"token": "any"}, "/flags/?v=2").json()["flags"] == {}


def test_a_pit_of_brackets_is_put_aside_and_nothing_fails(cast: Cast, key: str) -> None:
    pit = b"[" * 1000 + b"]" * 1000
    body = b'{"writeKey":"%s","batch":[%s]}' % (key.encode(), pit)
    assert send(body).status_code == 200
    with tenant_scope(cast.tenant.pk):
        assert Quarantined.objects.count() == 1


def test_reading_is_not_what_this_door_is_for(db: None) -> None:
    assert Client().get("/v1/batch").status_code == 405


def test_the_browser_library_learns_where_to_send(cast: Cast, key: str) -> None:
    response = Client().get(f"/v1/projects/{key}/settings")
    place = response.json()["integrations"]["Segment.io"]
    assert place == {"apiKey": key, "apiHost": "testserver/v1", "protocol": "http"}
    assert Client().get("/v1/projects/wrong/settings").status_code == 404


def test_a_repeat_of_a_request_changes_nothing(cast: Cast, key: str) -> None:
    for _time in range(3):
        send({"writeKey": key, "batch": [track(), track(2)]})
    assert kept(cast) == 2
