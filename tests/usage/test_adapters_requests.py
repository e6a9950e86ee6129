"""What all wire formats share: bodies, keys, hints, traits."""

import base64
import json
from typing import Any

import pytest

from tenancy.keys import make_key
from tests.usage.asking import ask, one, reason, said
from usage.adapters.bodies import read_json, read_payload
from usage.adapters.canonical import (
    IMPERSONATION,
    MAX_ITEM_BYTES,
    MAX_ITEMS,
    ROBOT,
    STAFF,
    UnreadableBody,
)
from usage.adapters.origins import is_allowed
from usage.adapters.requests import Asked, key_of, read_items
from usage.adapters.traits import MAX_TRAITS, small, trait

KEY = make_key("src").text


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "in_body", "found"),
    [
        (basic("a:"), ["b"], "a"),
        (basic("a"), [], "a"),
        ({"authorization": "Bearer c"}, ["b"], "b"),
        ({"authorization": "Bearer c"}, [None, 7, ""], "c"),
        (basic("service-account:secret"), ["x", KEY], KEY),
        ({"authorization": "Basic !!"}, [], ""),
        ({}, [], ""),
    ],
    ids=["user name", "without colon", "body", "bearer", "one like ours", "unreadable", "none"],
)
def test_a_key_is_looked_for_in_one_order(
    headers: dict[str, str], in_body: list[object], found: str
) -> None:
    assert key_of(Asked(headers=headers), *in_body) == found


def test_a_cut_emoji_and_a_number_that_is_none_are_mended() -> None:
    assert read_json(b'{"a":"x\\ud83d","b":NaN,"c":-Infinity}') == {
        "a": "x\ufffd",
        "b": None,
        "c": None,
    }
    assert read_json(b"[%d]" % 2**80) in ([float(2**80)], [str(2**80)])


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b"", {}),
        (b"data=", {}),
        (b"data=%25%25", {}),
        (b"&".join(b"data=%d" % n for n in range(60)), {}),
        (b"data=H4sIAAAA", {}),
        (b"[" * 100_000, {}),
        (b"9" * 5000, {}),
        (b"\xff\xfe", {}),
    ],
)
def test_what_holds_no_value_is_refused(body: bytes, query: dict[str, str]) -> None:
    with pytest.raises(UnreadableBody):
        read_payload(body, query)


@pytest.mark.parametrize(
    ("path", "field"), [("/v1/batch", "batch"), ("/e/", "batch"), ("/2/httpapi", "events")]
)
def test_more_items_than_any_library_sends_are_refused(path: str, field: str) -> None:
    parsed = ask(path, {field: [0] * (MAX_ITEMS + 1)})
    # A library that knows how then sends them in parts.
    assert parsed.reply.status == (400 if path == "/v1/batch" else 413)
    assert "10,000 items" in json.dumps(said(parsed))


LONG = "x" * MAX_ITEM_BYTES


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/batch", lambda one, long: {"batch": [{"type": "track"} | one, long]}),
        ("/v1/track", lambda one, long: long),
        ("/track", lambda one, long: [one, long]),
        ("/2/httpapi", lambda one, long: {"events": [one, long]}),
    ],
)
def test_an_item_beyond_the_limit_is_put_aside_and_the_others_count(path: str, body: Any) -> None:
    short = {"event": "E", "userId": "u1", "event_type": "E", "user_id": "u1"}
    short |= {"properties": {"distinct_id": "u1"}}
    long = short | {"type": "track", "properties": {"distinct_id": "u1", "log": LONG}}
    parsed = ask(path, body(short, long))
    assert parsed.reply.status == 200
    assert [refused.reason for refused in parsed.refusals] == ["the item is larger than 32 KB"]
    assert len(parsed.messages) == (0 if path == "/v1/track" else 1)


def test_posthog_says_more_of_an_event() -> None:
    event = {"event": "E", "distinct_id": "u1", "properties": {"log": LONG}}
    assert len(ask("/batch/", {"api_key": "k", "batch": [event]}).messages) == 1
    longer = event | {"properties": {"log": LONG * 30}}
    assert reason(ask("/batch/", {"api_key": "k", "batch": [longer]})).endswith("900 KB")


def test_items_that_fit_together_are_not_measured() -> None:
    def never(_item: object, _position: int) -> Any:
        raise AssertionError

    assert read_items([], never, (), size=MAX_ITEM_BYTES).events == []
    items = [{"event": "E", "userId": "u1", "nested": json.loads("[" * 300 + "]" * 300)}]
    assert ask("/v1/batch", {"batch": items, "padding": LONG}).reply.status == 200


def track(**fields: Any) -> dict[str, Any]:
    return {"event": "E", "userId": "u1", "messageId": "m1"} | fields


@pytest.mark.parametrize(
    ("fields", "hints"),
    [
        ({}, set()),
        ({"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}}, {ROBOT}),
        ({"context": {"userAgent": "Mozilla/5.0 (Linux; Android 9; CUBOT X19)"}}, set()),
        ({"context": {"userAgent": "x" * 30_000 + "bot"}}, set()),
        ({"properties": {"impersonatedBy": "eve"}}, {IMPERSONATION}),
        ({"properties": {"impersonated": "false", "is_staff": 0}}, set()),
        ({"context": {"traits": {"is_staff": "yes"}}}, {STAFF}),
        ({"properties": {"is_internal": True, "staff": "Dr. House"}}, set()),
        ({"properties": {"$internal_or_test_user": True}}, {STAFF}),
    ],
)
def test_what_is_no_use_of_the_customers_people_is_marked(
    fields: dict[str, Any], hints: set[str]
) -> None:
    assert one(ask("/v1/track", track(**fields))).hints == hints


def test_traits_are_kept_small_and_found_however_they_are_spelt() -> None:
    kept = small({"name": "x" * 500, "nested": {"a": 1}, "\0": 1} | {f"k{n}": n for n in range(99)})
    assert (len(kept), len(kept["name"]), "nested" in kept) == (MAX_TRAITS, 200, False)
    assert trait({"createdAt": 1}, "created_at") == trait({"$Created At": 1}, "createdAt") == 1


def test_an_address_as_user_id_counts_as_the_address() -> None:
    assert one(ask("/v1/track", track(userId="Ann@Example.org"))).email == "ann@example.org"
    assert one(ask("/v1/track", track(userId="ann@host"))).email == ""


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("group", {}, "“groupId” is missing"),
        ("alias", {}, "“previousId” is missing"),
        ("track", {"messageId": None, "properties": {"a": [[]] * 3 + [0]}}, ""),
        ("track", {"sentAt": "nonsense"}, ""),
    ],
)
def test_calls_that_say_too_little_are_told_apart(
    kind: str, fields: dict[str, Any], words: str
) -> None:
    parsed = ask(f"/v1/{kind}", track(**fields))
    assert words in reason(parsed) if words else one(parsed)


@pytest.mark.parametrize(
    ("origin", "allowed", "answer"),
    [
        ("https://app.example.com", [], True),
        (None, ["example.com"], True),
        ("https://app.example.com", ["https://app.example.com/"], True),
        ("http://app.example.com", ["https://app.example.com"], False),
        ("https://app.example.com:8443", ["https://app.example.com"], False),
        ("https://app.example.com:8443", [" App.Example.com"], True),
        ("https://app.example.com", ["*.example.com", "other.com"], True),
        ("https://example.com", ["*.example.com"], False),
        ("https://evilexample.com", ["*.example.com", "https://*.example.com"], False),
        ("null", ["example.com"], False),
        ("https://[broken", ["example.com"], False),
    ],
)
def test_pages_are_told_apart(origin: str | None, allowed: list[str], answer: bool) -> None:
    assert is_allowed(origin, allowed) is answer


@pytest.mark.parametrize("name", ["E", ""])
def test_no_network_address_of_anybody_is_kept(name: str) -> None:
    """Neither of what is taken in nor of what is put aside."""
    context, said_of_use = {"ip": "192.0.2.1", "locale": "en"}, {"$ip": "192.0.2.1", "n": 1}
    body = track(event=name, context=context, properties=said_of_use)
    parsed = ask("/v1/track", body | {"ip": "192.0.2.1"})
    kept = [event.properties for event in parsed.messages] + [r.item for r in parsed.refusals]
    assert "192.0.2.1" not in str(kept)
    assert "'n': 1" in str(kept)


def test_a_pit_of_brackets_is_one_bad_item() -> None:
    pit = b"[" * 900 + b"]" * 900
    body = b'{"batch":[{"type":"track","event":"E","userId":"u","properties":{"a":%s}}]}' % pit
    assert "nested too deeply" in reason(ask("/v1/batch", body))
