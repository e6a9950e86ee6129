"""Segment's HTTP tracking form, also spoken by RudderStack: single calls and batches.

Times follow the spec: `received - (sent - original)` puts the sender's wrong clock right, but
only for libraries that run on a user's device. A server passes history on purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from usage.adapters.canonical import (
    KINDS,
    MAX_CUSTOMER_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_USER_ID_LENGTH,
    Event,
    Received,
    Rejected,
    UnreadableBody,
    UnreadableItem,
    parse_instant,
    plausible,
)

SHORT_KINDS = {
    "t": "track",
    "i": "identify",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}
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
Item = Mapping[str, Any]


def read_body(text: bytes) -> Item:
    """The request body as an object. Raises `UnreadableBody`."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise UnreadableBody("the body is not JSON") from None
    if not isinstance(body, dict):
        raise UnreadableBody("the body is not a JSON object")
    return body


def write_key(body: Item) -> str:
    """The source key carried in the body, or empty."""
    key = body.get("writeKey")
    return key if isinstance(key, str) else ""


def read_batch(body: Item, *, received_at: datetime) -> Received:
    """The events of a `batch` request; each item names its own type.

    Raises `UnreadableBody` when there is no list of items.
    """
    items = body.get("batch")
    if not isinstance(items, list):
        raise UnreadableBody("“batch” is missing or not a list")
    shared = {"context": _mapping(body.get("context")), "sentAt": body.get("sentAt")}
    return _read_items(items, shared, received_at)


def read_single(body: Item, kind: str, *, received_at: datetime) -> Received:
    """The one event of a call such as `track`; the path says its type."""
    item = dict(body) | {"type": kind}
    return _read_items([item], {"context": {}, "sentAt": None}, received_at)


def _read_items(items: list[object], shared: Item, received_at: datetime) -> Received:
    events: list[Event] = []
    rejected: list[Rejected] = []
    for position, item in enumerate(items):
        try:
            events.append(_event(item, shared, received_at))
        except UnreadableItem as problem:
            rejected.append(Rejected(position, str(problem), item))
    return Received(events, rejected)


def _event(item: object, shared: Item, received_at: datetime) -> Event:
    if not isinstance(item, dict):
        raise UnreadableItem("the item is not a JSON object")
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnreadableItem(f"“type” must be one of {', '.join(sorted(KINDS))}")
    context = {**shared["context"], **_mapping(item.get("context"))}
    user_id = _identity(item, "userId", MAX_USER_ID_LENGTH)
    anonymous_id = _identity(item, "anonymousId", MAX_USER_ID_LENGTH)
    if not (user_id or anonymous_id):
        raise UnreadableItem("neither “userId” nor “anonymousId” is given")
    properties = _mapping(item.get("properties"))
    message_id = _identity(item, "messageId")
    return Event(
        message_id=message_id or _content_id(item),
        kind=kind,
        name=_name(item, kind),
        occurred_at=_occurred_at(item, shared, context, received_at),
        user_id=user_id,
        anonymous_id=anonymous_id,
        group_id=_group(item) or _group(context),
        feature=_feature(item, kind, properties),
        properties=properties,
        is_exact=message_id is not None,
    )


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _group(item: Item) -> str | None:
    return _identity(item, "groupId", MAX_CUSTOMER_ID_LENGTH)


def _identity(item: Item, key: str, limit: int = MAX_ID_LENGTH) -> str | None:
    """An id as text; null, empty and blank mean none was given."""
    value = item.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise UnreadableItem(f"“{key}” must be text")
    return _storable(value.strip(), key, limit) or None


def _storable(text: str, key: str, limit: int) -> str:
    if "\0" in text:
        raise UnreadableItem(f"“{key}” contains a NUL character")
    if len(text) > limit:
        raise UnreadableItem(f"“{key}” is longer than {limit} characters")
    return text


def _name(item: Item, kind: str) -> str:
    key = "event" if kind == "track" else "name"
    name = item.get(key)
    if isinstance(name, str) and name.strip():
        return _storable(name.strip(), key, MAX_NAME_LENGTH)
    if kind == "track":
        raise UnreadableItem("“event” is missing: a track call needs a name")
    return kind


def _feature(item: Item, kind: str, properties: Item) -> str:
    """What was used: the property `feature`, else the page or screen shown."""
    feature = properties.get("feature")
    if isinstance(feature, str):
        return _storable(feature.strip(), "feature", MAX_NAME_LENGTH)
    return "" if kind == "track" else _name(item, kind)


def _occurred_at(item: Item, shared: Item, context: Item, received_at: datetime) -> datetime:
    stated = item.get("originalTimestamp") or item.get("timestamp")
    if stated is None:
        return received_at
    moment = _instant(stated, "timestamp")
    sent = item.get("sentAt") or shared["sentAt"]
    if sent is not None and _runs_on_a_device(context):
        moment = _put_right(moment, _instant(sent, "sentAt"), received_at)
    return min(plausible(moment), received_at).astimezone(UTC)


def _put_right(moment: datetime, sent_at: datetime, received_at: datetime) -> datetime:
    try:
        return received_at - (sent_at - moment)
    except OverflowError:
        raise UnreadableItem("“sentAt” is too far from “timestamp”") from None


def _instant(value: object, key: str) -> datetime:
    if not isinstance(value, str):
        raise UnreadableItem(f"“{key}” must be text such as 2026-03-31T09:30:00Z")
    return parse_instant(value)


def _runs_on_a_device(context: Item) -> bool:
    name = _mapping(context.get("library")).get("name")
    return isinstance(name, str) and name.lower().startswith(DEVICE_LIBRARIES)


def _content_id(item: Item) -> str:
    """A stand-in for a missing message id: equal content is taken for a repeat."""
    keys = ("type", "userId", "anonymousId", "groupId", "event", "name", "timestamp", "properties")
    content = orjson.dumps([item.get(key) for key in keys], option=orjson.OPT_SORT_KEYS)
    return "content-" + hashlib.sha256(content).hexdigest()
