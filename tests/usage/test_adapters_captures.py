"""Thirteen published libraries, as captured: each request becomes the messages it means."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usage.asking import CAPTURES, NOW, SETTINGS, ask, captured, packed, said, told
from usage.adapters.canonical import KINDS, Event
from usage.adapters.routes import ROUTES

EXPORT = "track Report Exported u1"
ANONYMOUS = "~efa006ef-9faf-4b58-82b5-01f625863244"
DEVICE = "~01a2017c-0831-7dbc-83c3-eff200a24b2f"
EVENTS = [c for c in CAPTURES if not c["path"].startswith((SETTINGS, "/flags"))]
# In the order of the file: the key, and the messages.
MEANT: list[tuple[str, list[str]]] = [
    (
        "WK_seg",
        [
            "identify identify u1",
            EXPORT,
            "group group u1 @acct1",
            "page Home u1",
            "screen S u1",
            "alias alias u1 <anon1",
            "track Anon Ev - ~anon1",
        ],
    ),
    ("phc_key", [f"{EXPORT} @acct1", "group $groupidentify - @acct1", "identify $set u1"]),
    ("WK_rud", [EXPORT, "group group u1 @acct1"]),
    ("mp_tok", [EXPORT]),
    ("mp_tok", ["identify identify u1"]),
    ("amp_key", [f"{EXPORT} @acct1"]),
    ("WK_seg", [f"{EXPORT} @acct1", "group group u1 @acct1", "page Home u1"]),
    ("WK_old", [EXPORT]),
    ("phc_key", [f"{EXPORT} @acct1", "group $groupidentify - @acct1", "identify $identify u1"]),
    ("WK_rud", [EXPORT]),
    ("mp_tok", [EXPORT]),
    ("mp_tok", ["track E u1"]),
    ("mp_tok", ["group group - @acct1"]),
    ("amp_key", [f"{EXPORT} @acct1"]),
    ("WK_br", [f"identify identify u1 {ANONYMOUS}"]),
    ("WK_br", [f"group group u1 {ANONYMOUS} @acct1"]),
    ("WK_br", [f"{EXPORT} {ANONYMOUS}"]),
    ("WK_br", [f"page Home u1 {ANONYMOUS}"]),
    ("WK_cdn", [f"track X u1 {ANONYMOUS}"]),
    ("phc_key", [f"{EXPORT} {DEVICE} @acct1"]),
    ("phc_key", [f"identify $identify u1 {DEVICE}"]),
    ("phc_key", [f"group $groupidentify u1 {DEVICE} @acct1"]),
]


def test_a_meaning_is_given_for_each_capture() -> None:
    assert len(EVENTS) == len(MEANT) == len(CAPTURES) - 2


@pytest.mark.parametrize(("capture", "meant"), list(zip(EVENTS, MEANT, strict=False)))
def test_a_captured_request_becomes_what_it_means(
    capture: dict[str, Any], meant: tuple[str, list[str]]
) -> None:
    parsed = captured(capture)
    assert (parsed.key, [told(event) for event in parsed.messages]) == meant
    assert (parsed.refusals, parsed.reply.status) == ([], 200)


def test_messages_carry_who_sent_them_and_what_is_known_of_people() -> None:
    parsed = [captured(capture) for capture in EVENTS]
    libraries = {event.library.name for each in parsed for event in each.messages}
    assert libraries >= {
        "analytics-python",
        "@segment/analytics-node",
        "analytics.js",
        "posthog-python",
        "posthog-node",
        "web",
        "python",
        "node",
        "amplitude-python",
        "amplitude-node-ts",
    }
    emails = [e.email for each in parsed for e in each.messages if e.kind == "identify"]
    assert emails == ["a@x.com"] * len(emails)
    groups = [e.traits["name"] for p in parsed for e in p.messages if e.kind == "group"]
    assert groups == ["Acme"] * 8
    assert not any(event.hints for each in parsed for event in each.messages)


def test_what_a_library_gives_no_id_for_is_marked() -> None:
    inexact = [
        (capture["path"].partition("?")[0], event.kind)
        for capture in EVENTS
        for event in captured(capture).messages
        if not event.is_exact
    ]
    assert inexact == [
        ("/engage", "identify"),
        ("/track", "track"),
        ("/track", "track"),
        ("/groups", "group"),
    ]


def test_switches_are_answered_with_none() -> None:
    flags = next(capture for capture in CAPTURES if capture["path"].startswith("/flags"))
    parsed = captured(flags)
    assert parsed.key is None
    assert said(parsed) == {"flags": {}, "errorsWhileComputingFlags": False}
    assert said(ask("/decide/?v=3", {"token": "k"}))["featureFlags"] == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
# Words that lead past the first checks.
NAMES = """
batch events type track event event_type userId user_id distinct_id messageId uuid
insert_id timestamp time sentAt sent_at context groupId groups $groups properties
event_properties traits user_properties $set $set_once $union company alias $create_alias
$groupidentify $identify $merge $distinct_ids $distinct_id $token token $group_type
$group_key $group_id library $lib web mp_lib offset options group identify page $pageview
u1 k
"""
WORDS = st.sampled_from(sorted(NAMES.split()))
SHAPED = st.recursive(
    WORDS | JSON,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=25,
)
BODIES = (
    st.binary(max_size=200)
    | JSON
    | st.fixed_dictionaries({"batch": st.lists(SHAPED, max_size=4)})
    | st.fixed_dictionaries({"events": st.lists(SHAPED, max_size=4)})
    | SHAPED
)


@settings(max_examples=150, deadline=None)
@given(body=BODIES, route=st.sampled_from(sorted(ROUTES)), is_form=st.booleans())
def test_nothing_that_is_sent_goes_wrong(body: Any, route: str, is_form: bool) -> None:
    """Any bytes and any JSON: an answer below 500, and only messages that can be stored."""
    if is_form and not isinstance(body, bytes):
        body = f"data={packed(body)}&verbose=1".encode()
    parsed = ask(f"/{route}/", body)
    assert parsed.reply.status in (200, 400)
    for event in parsed.messages:
        assert_storable(event)


def assert_storable(event: Event) -> None:
    ids = (event.message_id, event.user_id, event.anonymous_id, event.group_id, event.previous_id)
    assert event.kind in KINDS
    assert event.occurred_at <= NOW
    for text in (event.name, event.feature, event.email, *filter(None, ids)):
        assert "\0" not in text
        assert len(text) <= 255
        text.encode()
