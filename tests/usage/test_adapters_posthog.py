"""What PostHog's libraries send beyond what was captured."""

import gzip
from datetime import timedelta
from typing import Any

import pytest

from tests.usage.asking import NOW, ask, one, packed, reason, said, told

HOUR_AGO = "2026-11-22T11:00:00Z"


def event(name: str = "Report Exported", **fields: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": "u1", "uuid": "m1", "timestamp": HOUR_AGO} | fields


def batch(*events: Any, **body: Any) -> dict[str, Any]:
    return {"api_key": "k", "batch": list(events)} | body


@pytest.mark.parametrize(
    "body",
    [
        batch(event()),
        event(api_key="k"),
        [event(properties={"token": "k"})],
        f"data={packed(batch(event()))}&compression=base64".encode(),
        gzip.compress(f"data={packed([event(token='k')])}".encode(), mtime=0),
    ],
)
def test_one_event_comes_in_many_shapes(body: Any) -> None:
    parsed = ask("/e/?compression=gzip-js&_=1795348800000", body)
    assert (parsed.key, told(one(parsed)), said(parsed)) == (
        "k",
        "track Report Exported u1",
        {"status": 1},
    )


def test_an_address_may_carry_the_event() -> None:
    assert one(ask(f"/e/?data={packed(event(api_key='k'))}")).message_id == "m1"


@pytest.mark.parametrize(
    ("name", "properties", "line"),
    [
        ("$pageview", {"$pathname": "/reports"}, "page /reports u1"),
        ("$screen", {"$screen_name": "Reports"}, "screen Reports u1"),
        ("$autocapture", {}, "track $autocapture u1"),
        ("$pageleave", {}, "technical $pageleave u1"),
        ("$feature_flag_called", {}, "flag $feature_flag_called u1"),
        ("$create_alias", {"distinct_id": "old", "alias": "u1"}, "alias $create_alias u1 <old"),
        ("$identify", {"$anon_distinct_id": "a1"}, "identify $identify u1 ~a1"),
        ("x", {"$device_id": "u1"}, "track x - ~u1"),
        ("x", {"$is_identified": False}, "track x - ~u1"),
        ("x", {"$groups": {"team": "t", "account": "acme"}}, "track x u1 @acme"),
        ("x", {"$groups": {"team": "t"}}, "track x u1"),
        ("x", {"$groups": {"Company": 7}}, "track x u1 @7"),
    ],
)
def test_names_of_its_own_get_their_meaning(
    name: str, properties: dict[str, Any], line: str
) -> None:
    assert told(one(ask("/batch/", batch(event(name, properties=properties))))) == line


def test_all_groups_are_kept_beside_the_one_that_is_the_customer() -> None:
    named = {"$groups": {"team": "t1", "company": "acme"}}
    found = one(ask("/batch", batch(event(properties=named))))
    assert [(each.type, each.id) for each in found.groups] == [("team", "t1"), ("company", "acme")]


@pytest.mark.parametrize(
    ("properties", "body", "minutes"),
    [
        ({"$lib": "web"}, {"sent_at": "2026-11-22T11:10:00Z"}, 10),
        ({"$lib": "posthog-python"}, {"sent_at": "2026-11-22T11:10:00Z"}, 60),
        ({"$lib": "web", "$is_server": True}, {"sent_at": "2026-11-22T11:10:00Z"}, 60),
        ({"$lib": "web", "$ignore_sent_at": True}, {"sent_at": "2026-11-22T11:10:00Z"}, 60),
        ({"$lib": "web"}, {}, 30),
    ],
)
def test_only_the_clock_of_a_device_is_put_right(
    properties: dict[str, Any], body: dict[str, Any], minutes: int
) -> None:
    sent = 1795346999_000 + 1000
    found = one(ask(f"/e/?_={sent}", batch(event(properties=properties), **body)))
    assert NOW - found.occurred_at == timedelta(minutes=minutes)
    assert found.stated_at is not None


def test_an_offset_counts_back_from_the_receipt() -> None:
    found = one(ask("/e/", batch(event(timestamp=None, offset=90_000))))
    assert NOW - found.occurred_at == timedelta(seconds=90)


def test_the_newer_form_is_told_of_each_event() -> None:
    body = {"batch": [event(uuid="a"), event(uuid="b", distinct_id="")], "created_at": HOUR_AGO}
    parsed = ask("/i/v1/analytics/events", body, authorization="Bearer k")
    assert parsed.key == "k"
    assert said(parsed)["results"] == {
        "a": {"result": "ok"},
        "b": {"result": "warning", "details": "“distinct_id” is missing: nobody is named"},
    }


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (7, "not a JSON object"),
        (event(""), "“event” is missing"),
        (event(distinct_id=None), "“distinct_id” is missing"),
        (event(distinct_id={"a": 1}), "must be text"),
        (event(timestamp="2026-11-22T11:00:00"), "no time zone"),
        (event(timestamp=None, offset="x"), "“offset”"),
        (event("$groupidentify"), "must name the group"),
        (event("$create_alias"), "“alias” is missing"),
        (event(properties={"$groups": {"company": {"a": 1}}}), "“company” must be text"),
        (event(properties={"$groups": {str(n): "g" for n in range(21)}}), "more than 20 groups"),
    ],
)
def test_a_bad_event_is_told_apart_with_its_reason(item: Any, words: str) -> None:
    parsed = ask("/batch/", batch(item))
    assert words in reason(parsed)
    assert parsed.reply.status == 200
