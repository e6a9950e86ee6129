"""What Amplitude's libraries send, and the answers they wait for."""

from datetime import timedelta
from typing import Any

import pytest

from tests.usage.asking import NOW, ask, one, reason, said, told

HOUR_AGO = int(NOW.timestamp() * 1000) - 3_600_000


def event(name: str = "Report Exported", **fields: Any) -> dict[str, Any]:
    return {"event_type": name, "user_id": "u1", "insert_id": "m1", "time": HOUR_AGO} | fields


def body(*events: Any, **more: Any) -> dict[str, Any]:
    return {"api_key": "k", "events": list(events)} | more


@pytest.mark.parametrize("path", ["/2/httpapi", "/2/httpapi/", "/batch", "/batch/"])
def test_both_addresses_answer_what_its_libraries_wait_for(path: str) -> None:
    parsed = ask(path, body(event(), event(insert_id="m2")))
    assert (parsed.key, len(parsed.messages)) == ("k", 2)
    reply = said(parsed)
    assert (reply["code"], reply["events_ingested"]) == (200, 2)
    assert reply["payload_size_bytes"] > 100
    assert reply["server_upload_time"] == int(NOW.timestamp() * 1000)


def test_the_other_library_at_the_same_address_gets_its_own_answer() -> None:
    parsed = ask("/batch", {"api_key": "k", "batch": [{"event": "E", "distinct_id": "u1"}]})
    assert (told(one(parsed)), said(parsed)) == ("track E u1", {"status": 1})


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (event(device_id="d1", groups={"company": "acme"}), "track Report Exported u1 ~d1 @acme"),
        (event(user_id=None, device_id="d1"), "track Report Exported - ~d1"),
        (event("$identify", groups={"account": ["acme"]}), "identify $identify u1 @acme"),
        (event("$groupidentify", groups={"company": "acme"}), "group $groupidentify - @acme"),
        (
            event("[Amplitude] Page Viewed", event_properties={"[Amplitude] Page Path": "/x"}),
            "page /x u1",
        ),
        (event("session_start"), "technical session_start u1"),
    ],
)
def test_names_of_its_own_get_their_meaning(item: dict[str, Any], line: str) -> None:
    assert told(one(ask("/2/httpapi", body(item)))) == line


def test_a_user_of_two_customers_counts_in_each_and_once_in_each() -> None:
    two = body(event(groups={"company": ["solberg", "acme", "acme"]}))
    first, second = ask("/2/httpapi", two).messages
    assert [first.group_id, second.group_id] == ["acme", "solberg"]
    assert [first.message_id, second.message_id] == ["m1", "m1@solberg"]
    again = ask("/2/httpapi", two).messages
    assert [event.message_id for event in again] == ["m1", "m1@solberg"]


def test_what_is_set_becomes_traits() -> None:
    said_of_user = {"$set": {"email": "Ann@Example.org"}, "$setOnce": {"plan": "pro"}, "$add": {}}
    found = one(ask("/2/httpapi", body(event("$identify", user_properties=said_of_user))))
    assert (found.email, found.traits) == (
        "ann@example.org",
        {"email": "Ann@Example.org", "plan": "pro"},
    )


@pytest.mark.parametrize(
    ("library", "minutes"), [("amplitude-ts/2.1", 10), ("amplitude-node-ts/1.5", 60), (None, 60)]
)
def test_only_the_clock_of_a_device_is_put_right(library: str | None, minutes: int) -> None:
    sent = {"client_upload_time": "2026-11-22T11:10:00.000Z"}
    found = one(ask("/2/httpapi", body(event(library=library), **sent)))
    assert NOW - found.occurred_at == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (event(user_id=None), "neither “user_id” nor “device_id”"),
        (event(event_type=None), "“event_type” is missing"),
        (event(time="soon"), "“time” must be a number"),
        (event(time=9e30), "outside the calendar"),
        (event(time=1), "before the year 2000"),
        (event("$groupidentify"), "must name the group"),
    ],
)
def test_a_bad_event_is_told_apart_with_its_reason(item: Any, words: str) -> None:
    parsed = ask("/2/httpapi", body(item))
    assert words in reason(parsed)
    assert said(parsed)["code"] == 200


def test_a_refusal_blames_a_field_so_that_it_is_not_sent_again_and_again() -> None:
    parsed = ask("/2/httpapi", {"api_key": "k"})
    assert parsed.reply.status == 400
    assert said(parsed)["missing_field"] == "events"
