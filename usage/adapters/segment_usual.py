"""What servers send nearly always, read without making dictionaries of it first.

A `track` of a person with an id, a name and at most one group in its context costs a third of what
`segment` takes for anything that might come, and a fifth where a batch holds nothing else. Whatever
is not exactly that is None here, also what is wrong: `segment` reads it then, and says what the
matter is. Both make the same events of the same bytes; tests hold them against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, overload

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
    Received,
    UnreadableItem,
    Uses,
    microseconds,
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
    group_id: Annotated[str, msgspec.Meta(max_length=MAX_CUSTOMER_ID_LENGTH)] | None = None
    library: _Library | None = None
    ip: Any = None


_PersonId = Annotated[str, msgspec.Meta(max_length=MAX_USER_ID_LENGTH)]


class _Item(msgspec.Struct, gc=False, rename="camel"):
    type: Literal["track"]
    message_id: Annotated[str, msgspec.Meta(max_length=MAX_ID_LENGTH)]
    event: Annotated[str, msgspec.Meta(max_length=MAX_NAME_LENGTH)]
    user_id: _PersonId | None = None
    anonymous_id: _PersonId | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    properties: dict[str, Any] | None = None
    context: _Context | None = None
    group_id: None = None
    traits: None = None


_batch_of = msgspec.json.Decoder(Batch).decode
_item_of = msgspec.json.Decoder(_Item).decode
_NO_CONTEXT = _Context()
_UNUSUAL = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnreadableItem)
# The one way a text of JSON can bear it.
_NUL = b"\\u0000"


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
    return None if found.context or _NUL in body else found


def read_uses(body: Batch, *, received_at: datetime) -> Received | None:
    """A batch in which every item is of the usual kind and says the one id of its person; None for
    any other. Its events are only made for whoever asks for one."""
    try:
        if max(map(len, body.batch), default=0) > MAX_ITEM_BYTES:
            return None
        items = [_item_of(item) for item in body.batch]
        uses = _columns(items, received_at)
    except _UNUSUAL:
        return None
    return Received(_Events(items, body.sent_at, received_at), [], uses) if uses else None


def read_usual(item: msgspec.Raw, *, sent_at: str | None, received_at: datetime) -> Event | None:
    """The event of an item of the usual kind; None for any other.

    `sent_at` is when its batch left, as its sender says.
    """
    if len(item) > MAX_ITEM_BYTES:
        return None
    try:
        return _event(_item_of(item), sent_at, received_at)
    except _UNUSUAL:
        return None


class _Events(Sequence[Event]):
    """The events of usual items, each made when it is asked for."""

    def __init__(self, items: Sequence[_Item], sent_at: str | None, received_at: datetime) -> None:
        self._items, self._sent_at, self._received_at = items, sent_at, received_at

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Event]: ...

    def __getitem__(self, place: int | slice) -> Event | Sequence[Event]:
        if isinstance(place, slice):
            return _Events(self._items[place], self._sent_at, self._received_at)
        found = _event(self._items[place], self._sent_at, self._received_at)
        if found is None:
            raise ValueError("An item with columns is an event.")
        return found


def _columns(items: Sequence[_Item], received_at: datetime) -> Uses | None:
    """May raise `UnreadableItem`."""
    message_ids = [item.message_id.strip() for item in items]
    names = [item.event.strip() for item in items]
    if not (all(message_ids) and all(names)):
        return None
    features, persons, groups, instants = list[str](), list[str](), list[str](), list[int]()
    for item in items:
        known, anonymous = (item.user_id or "").strip(), (item.anonymous_id or "").strip()
        context, properties = item.context or _NO_CONTEXT, item.properties or {}
        library = context.library
        is_unusual = (library is not None and is_device(library.name)) or (
            properties and hints_of(None, properties)
        )
        if is_unusual or bool(known) == bool(anonymous):
            return None
        features.append(feature_of(properties))
        persons.append(known or anonymous)
        groups.append((context.group_id or "").strip())
        stated = item.original_timestamp or item.timestamp
        moment = min(parse_instant(stated), received_at) if stated else received_at
        instants.append(microseconds(moment))
    return Uses(message_ids, names, features, persons, groups, instants)


def _event(item: _Item, sent_at: str | None, received_at: datetime) -> Event | None:
    context = item.context or _NO_CONTEXT
    library = _library(context.library)
    message_id, name = item.message_id.strip(), item.event.strip()
    known, anonymous = _stripped(item.user_id), _stripped(item.anonymous_id)
    group = _stripped(context.group_id)
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


def _stripped(value: str | None) -> str | None:
    return value.strip() or None if value else None


@lru_cache(maxsize=4096)
def _groups(said: str) -> tuple[Group, ...]:
    return (Group("", said),)


def _library(said: _Library | None) -> Library:
    if said is None:
        return UNNAMED_LIBRARY
    return library_of(said.name[:MAX_NAME_LENGTH], said.version[:MAX_NAME_LENGTH])
