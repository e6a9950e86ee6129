"""Amplitude's HTTP API, version 2, and its batch form.

Its libraries keep an event until the body, not the status, says it was taken; and drop a refused
request at once only where the body blames a missing field or the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from usage.adapters.bodies import read_object
from usage.adapters.canonical import (
    MAX_NAME_LENGTH,
    UNNAMED_LIBRARY,
    Event,
    Group,
    Library,
    Received,
    UnreadableBody,
    UnreadableItem,
)
from usage.adapters.clocks import Times, place, sent_moment, unix_moment
from usage.adapters.groups import groups_by_type
from usage.adapters.reading import (
    Item,
    as_item,
    feature_of,
    library_of,
    mapping,
    name_of,
    shown_name,
    text_id,
    user_id,
    without_address,
)
from usage.adapters.requests import (
    Asked,
    Form,
    Opened,
    Refusal,
    Reply,
    check_number,
    content_id,
    json_reply,
    key_of,
    read_items,
)
from usage.adapters.traits import email_of, hints_of, set_by, small

KINDS = {
    "$identify": "identify",
    "$groupidentify": "group",
    "$exposure": "flag",
    "[Amplitude] Page Viewed": "page",
    "[Amplitude] Screen Viewed": "screen",
} | dict.fromkeys(
    (
        "session_start",
        "session_end",
        "[Amplitude] Start Session",
        "[Amplitude] End Session",
        "[Amplitude] Web Vitals",
        "[Amplitude] Network Request",
        "[Amplitude] Replay Captured",
    ),
    "technical",
)
DEVICE_LIBRARIES = (
    "amplitude-ts",
    "amplitude-js",
    "amplitude-ios",
    "amplitude-swift",
    "amplitude-android",
    "amplitude-kotlin",
    "amplitude-react-native",
    "amplitude-flutter",
    "amplitude-unity",
)
_PAGE = ("[Amplitude] Page Path", "[Amplitude] Page Title", "[Amplitude] Page URL")
_SCREEN = ("[Amplitude] Screen Name",)
_CONTENT = (
    "event_type",
    "user_id",
    "device_id",
    "time",
    "session_id",
    "event_id",
    "event_properties",
    "user_properties",
    "groups",
    "group_properties",
)


def open_body(asked: Asked, body: Item) -> Opened:
    """A request whose body is read. Raises `UnreadableBody`."""
    items = body.get("events")
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        raise UnreadableBody("“events” is missing or not a list")
    check_number(items)
    sent_at, agent = body.get("client_upload_time"), asked.headers.get("user-agent")
    return Opened(
        key_of(asked, body.get("api_key")),
        partial(_read, items, sent_at, agent, len(asked.body)),
        partial(_accept, len(items), len(asked.body)),
    )


def _open(asked: Asked) -> Opened:
    return open_body(asked, read_object(asked.body))


def _read(
    items: Sequence[object],
    sent_at: object,
    agent: str | None,
    size: int,
    received_at: datetime,
    customer_types: Sequence[str],
) -> Received:
    read_one = partial(_event, sent_at=sent_at, agent=agent, received_at=received_at)
    return read_items(items, read_one, customer_types, size=size)


def _event(
    item: object, position: int, *, sent_at: object, agent: str | None, received_at: datetime
) -> Event:
    item = as_item(item)
    name = name_of(item, "event_type")
    kind = KINDS.get(name, "track")
    properties = without_address(item.get("event_properties"))
    library = _library(item)
    times = _times(item, library, sent_at, received_at)
    message_id = text_id(item, "insert_id")
    shown = _shown(kind, properties)
    return Event(
        message_id=message_id or _content_id(item, received_at, position),
        kind=kind,
        name=shown or name,
        occurred_at=times.occurred_at,
        groups=_groups(item, kind),
        feature=feature_of(properties, shown),
        properties=properties,
        is_exact=message_id is not None,
        library=library,
        stated_at=times.stated_at,
        sent_at=times.sent_at,
        **_person(item, kind, properties, agent if _is_device(library) else None),
    )


def _person(item: Item, kind: str, properties: Item, agent: str | None) -> dict[str, Any]:
    """Who it is about: their ids, and what is said of them."""
    known, device = user_id(item, "user_id"), user_id(item, "device_id")
    if kind == "group":
        traits = set_by(mapping(item.get("group_properties")))
        # It describes the group; whoever sent it need not be in it.
        return {"user_id": None, "anonymous_id": None, "traits": small(traits)}
    if not (known or device):
        raise UnreadableItem("neither “user_id” nor “device_id” is given")
    said = set_by(mapping(item.get("user_properties")))
    return {
        "user_id": known,
        "anonymous_id": device,
        "email": email_of(said, user_id=known),
        "traits": small(said),
        "hints": hints_of(item.get("user_agent") or agent, properties, said),
    }


def _groups(item: Item, kind: str) -> tuple[Group, ...]:
    found = groups_by_type(mapping(item.get("groups")))
    if kind == "group" and not found:
        raise UnreadableItem("“groups” must name the group")
    return found


def _shown(kind: str, properties: Item) -> str:
    if kind == "page":
        return shown_name(properties, *_PAGE)
    return shown_name(properties, *_SCREEN) if kind == "screen" else ""


def _library(item: Item) -> Library:
    library = item.get("library")
    if not isinstance(library, str):
        return UNNAMED_LIBRARY
    name, _slash, version = library[:MAX_NAME_LENGTH].partition("/")
    return library_of(name, version)


def _is_device(library: Library) -> bool:
    return library.name.lower() in DEVICE_LIBRARIES


def _times(item: Item, library: Library, sent_at: object, received_at: datetime) -> Times:
    is_device = _is_device(library)
    return place(
        unix_moment(item.get("time"), "time", is_milliseconds=True),
        sent_moment(sent_at, is_device=is_device),
        received_at=received_at,
        is_device=is_device,
    )


def _content_id(item: Item, received_at: datetime, position: int) -> str:
    return content_id(
        [item.get(key) for key in _CONTENT],
        has_time=item.get("time") is not None,
        received_at=received_at,
        position=position,
    )


def _accept(number: int, size: int, _received: Received, received_at: datetime) -> Reply:
    body: dict[str, object] = {
        "code": 200,
        "events_ingested": number,
        "payload_size_bytes": size,
        "server_upload_time": int(received_at.timestamp() * 1000),
    }
    return json_reply(body)


def refuse(refusal: Refusal, _asked: Asked) -> Reply:
    """Its libraries look for these very words and fields, and know no 401, 403 or 405."""
    if refusal.status == 401:
        return _refused(400, f"Invalid API key: {refusal.message}")
    if refusal.status in (400, 403, 405):
        return _refused(400, refusal.message, missing_field="events")
    return _refused(refusal.status, refusal.message)


def _refused(status: int, message: str, **more: object) -> Reply:
    return json_reply({"code": status, "error": message, **more}, status)


ROUTES = {"2/httpapi": Form(_open, refuse)}
