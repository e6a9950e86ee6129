"""What Segment's and RudderStack's libraries may send, and what they must not."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from usage.adapters import segment
from usage.adapters.bodies import read_object
from usage.adapters.canonical import UnreadableBody
from usage.adapters.inflating import inflate_body

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def track(**fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Report Exported",
        "userId": "u1",
        "messageId": "m1",
        "timestamp": "2026-11-22T11:00:00Z",
    } | fields


def one(item: Any, **body: Any):
    received = segment.read_batch({"batch": [item]} | body, received_at=NOW)
    assert not received.rejected
    return received.events[0]


def reason(item: Any, **body: Any) -> str:
    received = segment.read_batch({"batch": [item]} | body, received_at=NOW)
    assert not received.events
    return received.rejected[0].reason


def test_explicit_nulls_mean_nothing_was_given() -> None:
    event = one(track(anonymousId=None, groupId=None, context=None, properties=None))
    assert (event.anonymous_id, event.group_id, event.feature) == (None, None, "")


def test_the_context_of_the_batch_merges_into_each_item() -> None:
    event = one(track(context={"ip": "::1"}), context={"groupId": "acme", "ip": "::2"})
    assert event.group_id == "acme"


def test_a_group_said_on_the_item_wins() -> None:
    assert one(track(groupId="own"), context={"groupId": "shared"}).group_id == "own"


def test_a_server_passes_history_on_purpose() -> None:
    event = one(
        track(timestamp="2013-05-01T10:00:00+02:00", sentAt="2026-11-22T11:00:00Z"),
        context={"library": {"name": "analytics-python"}},
    )
    assert event.occurred_at == datetime(2013, 5, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["analytics.js", "analytics-ios", "com.rudderstack.android"])
def test_the_wrong_clock_of_a_device_is_put_right(name: str) -> None:
    event = one(
        track(timestamp="2020-01-01T00:00:00Z"),
        sentAt="2020-01-01T00:10:00Z",
        context={"library": {"name": name}},
    )
    assert event.occurred_at == NOW - timedelta(minutes=10)


def test_an_original_timestamp_counts_before_another() -> None:
    event = one(track(originalTimestamp="2026-11-22T09:00:00Z"))
    assert event.occurred_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_pitfall_10_a_future_time_becomes_the_time_of_receipt() -> None:
    assert one(track(timestamp="2031-01-01T00:00:00Z")).occurred_at == NOW


def test_no_time_at_all_is_the_time_of_receipt() -> None:
    assert one(track(timestamp=None)).occurred_at == NOW


def test_an_id_given_as_a_number_is_text() -> None:
    assert one(track(userId=7)).user_id == "7"


def test_a_missing_message_id_is_made_from_the_content() -> None:
    first, again = one(track(messageId=None)), one(track(messageId=None))
    other = one(track(messageId=None, event="Signed In"))
    assert first.message_id == again.message_id != other.message_id
    assert not first.is_exact


def test_a_page_names_its_feature() -> None:
    event = one({"type": "page", "name": "Home", "userId": "u1", "messageId": "m"})
    assert (event.name, event.feature, event.is_use) == ("Home", "Home", True)


def test_identify_group_and_alias_are_no_use() -> None:
    assert not one({"type": "identify", "userId": "u1", "messageId": "m"}).is_use


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("text", "not a JSON object"),
        (track(type=None), "“type” must be one of"),
        (track(type="dance"), "“type” must be one of"),
        (track(userId=None), "neither “userId” nor “anonymousId”"),
        (track(event=""), "“event” is missing"),
        (track(event="a\0b"), "NUL"),
        (track(userId="u" * 201), "longer than 200"),
        (track(messageId=["m"]), "“messageId” must be text"),
        (track(timestamp="2026-11-22T11:00:00"), "no time zone"),
        (track(timestamp=1795321205), "must be text"),
        (track(timestamp="1970-01-01T00:00:00Z"), "before the year 2000"),
    ],
)
def test_a_bad_item_is_told_apart_with_its_reason(item: Any, words: str) -> None:
    assert words in reason(item)


def test_a_clock_beyond_the_calendar_is_a_bad_item_not_a_crash() -> None:
    context = {"library": {"name": "analytics.js"}}
    assert reason(
        track(timestamp="2000-01-02T00:00:00Z"), sentAt="9999-01-01T00:00:00Z", context=context
    )


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b'{"a":' + b"[" * 100_000, b'"text"'])
def test_a_body_that_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(UnreadableBody):
        read_object(text)


def test_a_batch_without_a_list_is_refused() -> None:
    with pytest.raises(UnreadableBody, match="batch"):
        segment.read_batch({"batch": {}}, received_at=NOW)


def test_a_body_is_unpacked_by_its_first_bytes_and_within_bounds() -> None:
    assert inflate_body(gzip.compress(b"{}")) == b"{}"
    assert inflate_body(b"{}") == b"{}"
    with pytest.raises(UnreadableBody, match="larger than"):
        inflate_body(gzip.compress(b"0" * 6_000_000))
    with pytest.raises(UnreadableBody, match="larger than"):
        inflate_body(b"0" * 6_000_000)
    with pytest.raises(UnreadableBody, match="too early"):
        inflate_body(gzip.compress(b"{}" * 500)[:-6])
    with pytest.raises(UnreadableBody, match="damaged"):
        inflate_body(b"\x1f\x8b" + b"x" * 50)
