"""The door for client libraries: what is let in, what is refused, and how it is said."""

import base64
import gzip
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.paths import DATA
from usage.models import Event, Quarantined
from usage.operations import create_source, revoke_source_key

CAPTURES = [
    json.loads(line) for line in (DATA / "usage" / "sdk_captures.jsonl").read_text().splitlines()
]
SENT = [
    capture
    for capture in CAPTURES
    if capture["path"].startswith("/v1/") and capture["method"] == "POST"
]


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


@pytest.mark.parametrize("capture", SENT, ids=lambda c: f"{c['path']} {c['rawlen']}")
def test_every_captured_request_is_accepted_as_it_was_sent(
    cast: Cast, key: str, capture: dict[str, Any]
) -> None:
    headers = {name.lower(): value for name, value in capture["headers"].items()}
    body = capture["body"].encode()
    squeezed = headers.get("content-encoding") == "gzip"
    response = Client().post(
        capture["path"],
        gzip.compress(body) if squeezed else body,
        content_type=headers["content-type"],
        headers={"authorization": basic(key)},
    )
    assert (response.status_code, response.json()) == (200, {"success": True})


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
        gzip.compress(b"0" * 6_000_000),
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


def test_reading_is_not_what_this_door_is_for(db: None) -> None:
    assert Client().get("/v1/batch").status_code == 405


def test_the_browser_library_learns_where_to_send(cast: Cast, key: str) -> None:
    response = Client().get(f"/v1/projects/{key}/settings")
    place = response.json()["integrations"]["Segment.io"]
    assert place == {"apiKey": key, "apiHost": "testserver/v1"}
    assert Client().get("/v1/projects/wrong/settings").status_code == 404


def test_a_repeat_of_a_request_changes_nothing(cast: Cast, key: str) -> None:
    for _time in range(3):
        send({"writeKey": key, "batch": [track(), track(2)]})
    assert kept(cast) == 2
