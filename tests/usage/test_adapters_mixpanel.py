"""What Mixpanel's libraries send, and the answers they compare with."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.usage.asking import NOW, ask, one, packed, reason, said, told

HOUR_AGO = int(NOW.timestamp()) - 3600


def event(name: str = "Report Exported", **properties: Any) -> dict[str, Any]:
    own = {"token": "k", "distinct_id": "u1", "time": HOUR_AGO, "$insert_id": "m1"}
    return {"event": name, "properties": own | properties}


def profile(**fields: Any) -> dict[str, Any]:
    return {"$token": "k", "$distinct_id": "u1", "$time": HOUR_AGO} | fields


@pytest.mark.parametrize(
    ("path", "body", "answer"),
    [
        ("/track", [event()], "1"),
        ("/track/?verbose=1", event(), {"error": None, "status": 1}),
        ("/track", f"data={packed(event())}".encode(), "1"),
        ("/track?verbose=0", f"data={quote(packed([event()]))}&verbose=1".encode(), None),
        (f"/track?data={quote(packed(event()))}", b"", "1"),
        ("/import?strict=1", [event()], {"code": 200, "num_records_imported": 1, "status": "OK"}),
        ("/import", f"data={packed(event())}&verbose=1".encode(), {"error": None, "status": 1}),
    ],
)
def test_one_event_comes_in_many_shapes(path: str, body: Any, answer: Any) -> None:
    parsed = ask(path, body)
    assert (parsed.key, told(one(parsed))) == ("k", "track Report Exported u1")
    assert said(parsed) == answer or answer is None


def test_an_import_may_come_in_lines_and_one_bad_line_is_left_out() -> None:
    lines = b'{"event":"A","properties":{"distinct_id":"u1","token":"k"}}\n{bad\n'
    parsed = ask("/import", lines)
    assert [told(each) for each in parsed.messages] == ["track A u1"]
    assert [refusal.position for refusal in parsed.refusals] == [1]


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (event(company="acme"), "track Report Exported u1 @acme"),
        (event(account=["acme"]), "track Report Exported u1 @acme"),
        (event(company={"a": 1}, customer=True), "track Report Exported u1"),
        (event(distinct_id="$device:d1"), "track Report Exported - ~d1"),
        (event(**{"$device_id": "d1", "$user_id": "u2"}), "track Report Exported u2 ~d1"),
        (
            event("$identify", **{"$identified_id": "u1", "$anon_id": "d1"}),
            "alias $identify u1 <d1",
        ),
        (event("$create_alias", alias="u2"), "alias $create_alias u2 <u1"),
        (event("$merge", **{"$distinct_ids": ["d1", "u1"]}), "alias $merge u1 <d1"),
        (event("$mp_web_page_view", current_page_title="Home"), "page Home u1"),
        (event("$session_start"), "technical $session_start u1"),
    ],
)
def test_names_of_its_own_get_their_meaning(item: dict[str, Any], line: str) -> None:
    assert told(one(ask("/track", [item]))) == line


def test_a_repeat_is_event_person_time_and_insert_id_all_the_same() -> None:
    found = ask("/track", [event(), event(), event(distinct_id="u2"), event(time=HOUR_AGO + 1)])
    ids = [each.message_id for each in found.messages]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_without_an_id_and_without_a_time_each_event_counts() -> None:
    bare = {"event": "A", "properties": {"distinct_id": "u1", "token": "k"}}
    ids = [each.message_id for each in ask("/track", [bare, bare]).messages]
    assert ids[0] != ids[1]
    timed = {"event": "A", "properties": bare["properties"] | {"time": HOUR_AGO}}
    ids = [each.message_id for each in ask("/track", [timed, timed]).messages]
    assert ids[0] == ids[1]


def test_profiles_say_who_people_and_groups_are() -> None:
    person = one(
        ask(
            "/engage",
            profile(**{"$set": {"$email": "ann@example.org"}, "$union": {"company": ["acme"]}}),
        )
    )
    assert (told(person), person.email) == ("identify identify u1 @acme", "ann@example.org")
    company = {"$token": "k", "$group_key": "company", "$group_id": "acme", "$set": {"name": "A"}}
    assert told(one(ask("/groups", [company]))) == "group group - @acme"


def test_seconds_and_milliseconds_are_told_apart_and_a_browser_put_right() -> None:
    for time in (HOUR_AGO, HOUR_AGO * 1000, float(HOUR_AGO), str(HOUR_AGO)):
        assert NOW - one(ask("/track", event(time=time))).occurred_at == timedelta(hours=1)
    sent = (HOUR_AGO + 600) * 1000
    web = one(ask(f"/track/?_={sent}", [event(mp_lib="web")]))
    assert NOW - web.occurred_at == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("path", "item", "words"),
    [
        ("/track", 7, "not a JSON object"),
        ("/track", event(""), "“event” is missing"),
        ("/track", event(distinct_id=None), "nobody is named"),
        ("/track", event("$merge"), "must name two ids"),
        ("/engage", {"$token": "k"}, "nobody is named"),
        ("/groups", {"$token": "k"}, "must name the group"),
    ],
)
def test_a_bad_item_is_told_apart_with_its_reason(path: str, item: Any, words: str) -> None:
    parsed = ask(path, [item])
    assert words in reason(parsed)
    assert parsed.reply.status == 200


def test_an_item_of_another_key_is_left_out() -> None:
    parsed = ask("/track", [event(), event(token="other")])
    assert len(parsed.messages) == 1
    assert "is not that of the first" in parsed.refusals[0].reason


def test_a_refusal_is_a_word_or_a_bare_nought() -> None:
    assert said(ask("/track?verbose=0&data=%21")) == "0"
    assert said(ask("/track", b"data=%21&verbose=1"))["status"] == 0
