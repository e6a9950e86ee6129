"""What servers usually send, read the short way and the long one: the same events."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from usage.adapters import segment, segment_usual
from usage.adapters.bodies import read_object
from usage.adapters.canonical import MAX_ITEM_BYTES, Received, uses_of
from usage.adapters.requests import Asked
from usage.adapters.segment_usual import open_usual, read_usual

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
USUAL = {
    "type": "track",
    "event": "Report Exported",
    "userId": "u1",
    "messageId": "m1",
    "timestamp": "2026-11-22T11:00:00Z",
    "properties": {"feature": "reports", "n": 3},
    "context": {"groupId": "acme", "library": {"name": "analytics-python", "version": "2.4.0"}},
    "integrations": {"All": True},
}
words = st.sampled_from(
    ["", " ", "ann", " ann ", "ann@acme.example", "7", "é🙂", "nul\0", "x" * 130, "x" * 300]
)
odd = st.sampled_from([None, 7, True, 1.5, [], {}, ["a"], {"a": 1}])
moments = st.sampled_from(
    [
        "2026-11-22T11:00:00Z",
        " 2026-11-22t11:00:00.1234567z",
        "2026-11-22T11:00:00+02:00",
        "2031-01-01T00:00:00Z",
        "1999-01-01T00:00:00Z",
        "2026-11-22T11:00:00",
        "yesterday",
    ]
)
properties = st.sampled_from(
    [
        {},
        {"feature": " maps "},
        {"feature": 5},
        {"feature": "f" * 300},
        {"ip": "10.0.0.1"},
        {"impersonated": True},
        {"$internal_or_test_user": "yes"},
    ]
)
libraries = st.sampled_from(
    [
        {"name": "analytics-node", "version": "2"},
        {"name": "analytics.js", "version": "1"},
        {"name": "analytics-go", "version": 3},
        {"name": "", "version": "3"},
        {"version": "3"},
    ]
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "groupId": words | odd,
        "library": libraries | odd,
        "ip": words,
        "traits": st.just({"email": "bob@acme.example"}) | odd,
        "userAgent": st.sampled_from(["Mozilla/5.0", "Googlebot/2.1"]),
        "isStaff": st.booleans(),
    },
)
items = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["track", "page", "group", "alias", "wrong"]),
        "event": words | odd,
        "userId": words | odd,
        "anonymousId": words | odd,
        "messageId": words | odd,
        "timestamp": moments | odd,
        "originalTimestamp": moments,
        "sentAt": moments | odd,
        "properties": properties | odd,
        "context": contexts | odd,
        "groupId": words | odd,
        "traits": st.just({"plan": "gold"}) | odd,
    },
)
changes = st.lists(items | odd, min_size=1, max_size=3)
shared = st.fixed_dictionaries(
    {}, optional={"sentAt": moments | odd, "context": contexts | odd, "writeKey": words}
)


def both(body: bytes) -> tuple[Received, Received]:
    """As it is read, and as it would be without the short way."""
    found = segment._open_batch(Asked(body=body)).read(NOW, ())
    if found.uses is not None:
        assert found.uses == uses_of(found.events)
    short = Received(list(found.events), found.rejected)
    return short, segment.read_batch(read_object(body), received_at=NOW, size=len(body))


@settings(max_examples=400)
@given(changes=changes, shared=shared, ascii_only=st.booleans())
def test_both_ways_read_the_same(changes: list[Any], shared: Any, ascii_only: bool) -> None:
    batch = [USUAL | one if isinstance(one, dict) else one for one in changes]
    body = json.dumps(shared | {"batch": batch}, ensure_ascii=ascii_only).encode()
    short, long = both(body)
    assert short == long


def test_what_is_usual_is_read_the_short_way() -> None:
    batch = open_usual(json.dumps({"batch": [USUAL], "sentAt": "2026-11-22T11:00:01Z"}).encode())
    assert batch is not None
    event = read_usual(batch.batch[0], sent_at=batch.sent_at, received_at=NOW)
    assert event is not None
    assert (event.group_id, event.user_id, event.feature) == ("acme", "u1", "reports")


def test_what_is_too_long_is_put_aside_either_way() -> None:
    item = USUAL | {"properties": {"text": "x" * MAX_ITEM_BYTES}}
    short, long = both(json.dumps({"batch": [item, USUAL]}).encode())
    assert short == long
    assert [(one.position, len(short.events)) for one in short.rejected] == [(0, 1)]


def test_letters_that_are_none_are_found_where_nobody_looks() -> None:
    body = json.dumps({"batch": [USUAL]}).encode().replace(b'"All"', b'"\xff"')
    assert segment_usual.open_usual(body) is None
