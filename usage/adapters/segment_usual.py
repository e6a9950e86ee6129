"""What servers send nearly always, read without making dictionaries of it first.

A `track` of a person with an id, a name and at most one group in its context costs a third of what
`segment` takes for anything that might come. Whatever is not exactly that is None here, also what
is wrong: `segment` reads it then, and says what the matter is. Both make the same events of the
same bytes; tests hold them against each other.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from usage.adapters.canonical import (
    MAX_CUSTOMER_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_ITEM_BYTES,
    MAX_NAME_LENGTH,
    MAX_USER_ID_LENGTH,
    UNNAMED_LIBRARY,
    Event,
    Group,
    Library,
    UnreadableItem,
    parse_instant,
)
from usage.adapters.clocks import sent_moment
from usage.adapters.reading import feature_of, library_of, without_address
from usage.adapters.traits import NO_HINTS, email_of, hints_of

DEVICE_LIBRARIES = (
    "analytics.js",
    "analytics-ios",
    "analytics-android",
    "analytics-kotlin",
    "analytics-swift",
    "analytics-react-native",
    "@segment/analytics-react-native",
    "analytics-flutter",
    "rudderlabs javascript sdk",
    "rudder-android",
    "rudder-ios",
    "com.rudderstack",
)


class Batch(msgspec.Struct, gc=False, rename="camel"):
    """A body whose items are not looked at yet."""

    batch: list[msgspec.Raw]
    sent_at: str | None = None
    context: Any = None
    write_key: Any = None


class _Library(msgspec.Struct, gc=False):
    name: str
    version: str = ""


class _Context(msgspec.Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    # Anything else in it might tell something of the person.
    group_id: str | None = None
    library: _Library | None = None
    ip: Any = None


class _Item(msgspec.Struct, gc=False, rename="camel"):
    type: str
    message_id: str
    event: str
    user_id: str | None = None
    anonymous_id: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    properties: dict[str, Any] | None = None
    context: _Context | None = None
    group_id: Any = None
    traits: Any = None


_batch_of = msgspec.json.Decoder(Batch).decode
_item_of = msgspec.json.Decoder(_Item).decode
_NO_CONTEXT = _Context()
_UNUSUAL = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnreadableItem)


@lru_cache(maxsize=128)
def is_device(library: str) -> bool:
    """Whether the library of that name runs where nobody sets the clock."""
    return library.lower().startswith(DEVICE_LIBRARIES)


def open_usual(body: bytes) -> Batch | None:
    """The body as a batch whose items stand for themselves; None for any other."""
    try:
        if not body.isascii():
            body.decode()  # of what nobody asks for, the letters are not looked at
        found = _batch_of(body)
    except _UNUSUAL:
        return None
    return None if found.context else found


def read_usual(item: msgspec.Raw, *, sent_at: str | None, received_at: datetime) -> Event | None:
    """The event of an item of the usual kind; None for any other.

    `sent_at` is when its batch left, as its sender says.
    """
    if len(item) > MAX_ITEM_BYTES:
        return None
    try:
        found = _item_of(item)
        if found.type != "track" or found.group_id is not None or found.traits:
            return None
        return _event(found, sent_at, received_at)
    except _UNUSUAL:
        return None


def _event(item: _Item, sent_at: str | None, received_at: datetime) -> Event | None:
    context = item.context or _NO_CONTEXT
    library = _library(context.library)
    message_id = _text(item.message_id, MAX_ID_LENGTH)
    name = _text(item.event, MAX_NAME_LENGTH)
    known = _text(item.user_id, MAX_USER_ID_LENGTH)
    anonymous = _text(item.anonymous_id, MAX_USER_ID_LENGTH)
    group = _text(context.group_id, MAX_CUSTOMER_ID_LENGTH)
    if not (message_id and name and (known or anonymous)) or is_device(library.name):
        return None
    stated = item.original_timestamp or item.timestamp
    stated_at = parse_instant(stated) if stated else None
    properties = without_address(item.properties)
    return Event(
        message_id=message_id,
        kind="track",
        name=name,
        occurred_at=received_at if stated_at is None else min(stated_at, received_at),
        user_id=known,
        anonymous_id=anonymous,
        group_id=group,
        feature=feature_of(properties),
        properties=properties,
        groups=_groups(group) if group else (),
        email=email_of(user_id=known) if known and "@" in known else "",
        library=library,
        hints=hints_of(None, properties) if properties else NO_HINTS,
        stated_at=stated_at,
        sent_at=sent_moment(item.sent_at or sent_at, is_device=False),
    )


def _text(value: str | None, limit: int) -> str | None:
    """Raises `UnreadableItem`, though it may be readable to who looks closer."""
    if value is None:
        return None
    if len(value) > limit or "\0" in value:
        raise UnreadableItem
    return value.strip() or None


@lru_cache(maxsize=4096)
def _groups(said: str) -> tuple[Group, ...]:
    return (Group("", said),)


def _library(said: _Library | None) -> Library:
    if said is None:
        return UNNAMED_LIBRARY
    return library_of(said.name[:MAX_NAME_LENGTH], said.version[:MAX_NAME_LENGTH])
