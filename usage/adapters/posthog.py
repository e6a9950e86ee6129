"""PostHog's capture forms: batches, single events, lists of them, and the newer Bearer form.

Switches are answered with none: the product has no feature flags, and its libraries wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from usage.adapters.bodies import Payload, read_payload
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
from usage.adapters.clocks import Times, iso_moment, place, sent_moment, unix_moment
from usage.adapters.groups import group, groups_by_type
from usage.adapters.reading import (
    Item,
    as_item,
    feature_of,
    is_said,
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
    size_of,
)
from usage.adapters.traits import email_of, hints_of, small

KINDS = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$set": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
    "$merge_dangerously": "alias",
    "$feature_flag_called": "flag",
} | dict.fromkeys(
    (
        "$pageleave",
        "$web_vitals",
        "$$heatmap",
        "$exception",
        "$snapshot",
        "$performance_event",
        "$csp_violation",
        "$opt_in",
        "$$client_ingestion_warning",
    ),
    "technical",
)
DEVICE_LIBRARIES = frozenset(
    {
        "web",
        "js",
        "posthog-js",
        "posthog-js-lite",
        "posthog-ios",
        "posthog-android",
        "posthog-flutter",
        "posthog-react-native",
        "posthog-unity",
    }
)
# Its own limit: replays and stack traces go into properties, and are not kept.
LONGEST_ITEM = 900 * 1024
_NOBODY = object()
_MAX_OFFSET_MILLISECONDS = 366 * 86_400_000
_CONTENT = ("event", "distinct_id", "timestamp", "offset", "properties", "$set", "$set_once")


def _open(asked: Asked) -> Opened:
    payload = read_payload(asked.body, asked.query)
    items, shared = _items(payload.value), _shared(payload, asked)
    read = partial(_read, items, shared, size_of(asked, is_packed=payload.is_form))
    return Opened(_key(asked, shared, items), read, _accept)


def _open_by_bearer(asked: Asked) -> Opened:
    """The newer form: key in the header, a result for each event in the answer."""
    payload = read_payload(asked.body, asked.query)
    items, shared = _items(payload.value), _shared(payload, asked)
    read = partial(_read, items, shared, size_of(asked, is_packed=payload.is_form))
    return Opened(_key(asked, shared, items), read, partial(_accept_each, items))


def _items(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        found = value.get("batch", [value] if "event" in value else None)
    else:
        found = value
    if not isinstance(found, list):
        raise UnreadableBody("“batch” is missing or not a list")
    check_number(found)
    return found


def _shared(payload: Payload, asked: Asked) -> Item:
    """What the request says for all of its events."""
    body = mapping(payload.value)
    return {
        "key": body.get("api_key") or body.get("token"),
        "sent_at": body.get("sent_at") or body.get("created_at"),
        "sent_ms": payload.fields.get("_"),
        "user_agent": asked.headers.get("user-agent"),
    }


def _key(asked: Asked, shared: Item, items: Sequence[object]) -> str:
    first = mapping(items[0]) if items else {}
    of_first = mapping(first.get("properties")).get("token")
    return key_of(asked, shared["key"], first.get("api_key"), first.get("token"), of_first)


def _read(
    items: Sequence[object],
    shared: Item,
    size: int,
    received_at: datetime,
    customer_types: Sequence[str],
) -> Received:
    read_one = partial(_event, shared=shared, received_at=received_at)
    return read_items(items, read_one, customer_types, size=size, longest=LONGEST_ITEM)


def _event(item: object, position: int, *, shared: Item, received_at: datetime) -> Event:
    item = as_item(item)
    name = name_of(item, "event")
    properties = without_address(item.get("properties"))
    kind = KINDS.get(name, "track")
    times = _times(item, properties, shared, received_at)
    message_id = text_id(item, "uuid") or text_id(properties, "$insert_id")
    shown = _shown(kind, properties)
    return Event(
        message_id=message_id or _content_id(item, times, received_at, position),
        kind=kind,
        name=shown or name,
        occurred_at=times.occurred_at,
        groups=_groups(kind, properties),
        feature=feature_of(properties, shown),
        properties=properties,
        is_exact=message_id is not None,
        library=_library(properties),
        stated_at=times.stated_at,
        sent_at=times.sent_at,
        **_person(item, kind, properties, shared),
    )


def _shown(kind: str, properties: Item) -> str:
    if kind == "page":
        return shown_name(properties, "$pathname", "title", "$current_url")
    return shown_name(properties, "$screen_name") if kind == "screen" else ""


def _person(item: Item, kind: str, properties: Item, shared: Item) -> dict[str, Any]:
    """Who it is about: their ids, and what is said of them."""
    said = _said(item, properties)
    agent = properties.get("$raw_user_agent") or properties.get("$user_agent")
    if not agent and _is_device(properties):
        agent = shared["user_agent"]
    ids = _ids(item, kind, properties)
    traits = mapping(properties.get("$group_set")) if kind == "group" else said
    return ids | {
        "email": email_of(said, user_id=ids["user_id"]),
        "traits": small(traits),
        "hints": hints_of(agent, properties, said),
    }


def _said(item: Item, properties: Item) -> dict[str, Any]:
    """Traits of the person; what is set counts before what is set once."""
    sources = (properties, item)
    once = [mapping(source.get("$set_once")) for source in sources]
    found = [mapping(source.get("$set")) for source in sources]
    first = {**found[0], **found[1]}
    return first | {k: v for each in once for k, v in each.items() if k not in first}


def _ids(item: Item, kind: str, properties: Item) -> dict[str, str | None]:
    distinct = user_id(item, "distinct_id") or user_id(properties, "distinct_id")
    if distinct is None:
        raise UnreadableItem("“distinct_id” is missing: nobody is named")
    if kind == "alias":
        return _joined(distinct, properties)
    if kind == "group" and not _is_member(properties):
        # Servers make up an id here; it is nobody's.
        return {"user_id": None, "anonymous_id": None}
    device = user_id(properties, "$device_id")
    if _is_anonymous(distinct, device, properties):
        return {"user_id": None, "anonymous_id": distinct}
    return {
        "user_id": distinct,
        "anonymous_id": user_id(properties, "$anon_distinct_id") or device,
    }


def _joined(distinct: str, properties: Item) -> dict[str, str | None]:
    alias = user_id(properties, "alias")
    if alias is None:
        raise UnreadableItem("“alias” is missing: an alias joins two ids")
    previous = user_id(properties, "distinct_id") or distinct
    return {"user_id": alias, "previous_id": previous, "anonymous_id": None}


def _is_anonymous(distinct: str, device: str | None, properties: Item) -> bool:
    identified = properties.get("$is_identified")
    if isinstance(identified, bool):
        return not identified
    return device is not None and distinct == device


def _is_member(properties: Item) -> bool:
    """Whether the user of a message about a group is in it, as browsers say by naming it twice."""
    kind, key = properties.get("$group_type"), properties.get("$group_key")
    return isinstance(kind, str) and mapping(properties.get("$groups")).get(kind, _NOBODY) == key


def _groups(kind: str, properties: Item) -> tuple[Group, ...]:
    if kind != "group":
        return groups_by_type(mapping(properties.get("$groups")))
    group_type = text_id(properties, "$group_type", MAX_NAME_LENGTH)
    found = group(group_type, properties, "$group_key") if group_type else ()
    if not found:
        raise UnreadableItem("“$group_type” and “$group_key” must name the group")
    return found


def _library(properties: Item) -> Library:
    name = properties.get("$lib")
    if not isinstance(name, str):
        return UNNAMED_LIBRARY
    version = str(properties.get("$lib_version") or "")
    return library_of(name[:MAX_NAME_LENGTH], version[:MAX_NAME_LENGTH])


def _is_device(properties: Item) -> bool:
    return _library(properties).name in DEVICE_LIBRARIES


def _times(item: Item, properties: Item, shared: Item, received_at: datetime) -> Times:
    is_device = _is_device(properties) and not _is_left_alone(item, properties)
    offset = item.get("offset")
    if item.get("timestamp") is None and offset is not None:
        return place(_before(received_at, offset), None, received_at=received_at, is_device=False)
    sent = sent_moment(shared["sent_at"], is_device=is_device)
    if sent is None and is_device:
        sent = unix_moment(shared["sent_ms"], "_", is_milliseconds=True)
    stated = iso_moment(item.get("timestamp"), "timestamp")
    return place(stated, sent, received_at=received_at, is_device=is_device)


def _is_left_alone(item: Item, properties: Item) -> bool:
    """Servers, and whoever asks for the clock not to be put right."""
    options = mapping(item.get("options"))
    return any(
        is_said(value)
        for value in (
            properties.get("$is_server"),
            properties.get("$ignore_sent_at"),
            options.get("disable_skew_correction"),
        )
    )


def _before(received_at: datetime, offset: object) -> datetime:
    if isinstance(offset, bool) or not isinstance(offset, int | float):
        raise UnreadableItem("“offset” must be a number of milliseconds")
    if not 0 <= offset <= _MAX_OFFSET_MILLISECONDS:
        raise UnreadableItem("“offset” must be between none and a year")
    return received_at - timedelta(milliseconds=offset)


def _content_id(item: Item, times: Times, received_at: datetime, position: int) -> str:
    return content_id(
        [item.get(key) for key in _CONTENT],
        has_time=item.get("timestamp") is not None and times.stated_at is not None,
        received_at=received_at,
        position=position,
    )


def _accept(_received: Received, _received_at: datetime) -> Reply:
    return json_reply({"status": 1})


def _accept_each(items: Sequence[object], received: Received, _received_at: datetime) -> Reply:
    """A word for each event. What was put aside is no failure: sent again, it would be no better."""
    aside = {rejected.position: rejected.reason for rejected in received.rejected}
    results: dict[str, object] = {}
    for position, item in enumerate(items):
        uuid = mapping(item).get("uuid")
        if isinstance(uuid, str):
            reason = aside.get(position)
            results[uuid] = {"result": "warning", "details": reason} if reason else {"result": "ok"}
    return json_reply({"results": results})


def refuse(refusal: Refusal, _asked: Asked) -> Reply:
    kinds = {400: "validation_error", 401: "authentication_error", 429: "throttled_error"}
    body = {
        "type": kinds.get(refusal.status, "server_error"),
        "code": "invalid_request" if refusal.status < 429 else "try_again",
        "detail": refusal.message,
        "error": refusal.message,
    }
    return json_reply(body, refusal.status)


def _without_events(_received_at: datetime, _customer_types: Sequence[str]) -> Received:
    return Received([], [])


def _open_flags(_asked: Asked) -> Opened:
    flags: dict[str, object] = {"flags": {}, "errorsWhileComputingFlags": False}
    return Opened(None, _without_events, lambda _received, _at: json_reply(flags))


def _open_decide(asked: Asked) -> Opened:
    """The older question for switches, which also asks how to send."""
    is_oldest = asked.query.get("v") == "1"
    answer: dict[str, object] = {
        "config": {},
        "featureFlags": [] if is_oldest else {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": False,
        "sessionRecording": False,
        "supportedCompression": ["gzip", "gzip-js"],
        "toolbarParams": {},
        "isAuthenticated": False,
    }
    return Opened(None, _without_events, lambda _received, _at: json_reply(answer))


ANY = frozenset({"GET", "POST"})
EVENTS = Form(_open, refuse, ANY)
ROUTES = {
    "e": EVENTS,
    "capture": EVENTS,
    "i/v0/e": EVENTS,
    "i/v1/analytics/events": Form(_open_by_bearer, refuse),
    "flags": Form(_open_flags, refuse, ANY),
    "decide": Form(_open_decide, refuse, ANY),
}
