"""Mixpanel's ingestion forms: events, profiles of people and groups, and imports.

Libraries send a form, plain or as base64, or JSON, or JSON in lines; some ask by GET. Each message
carries its own key; those of another key than the first are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from usage.adapters.bodies import Payload, read_lines, read_payload
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
from usage.adapters.clocks import Times, place, unix_moment
from usage.adapters.groups import group, groups_by_type
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
    TEXT_TYPE,
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
from usage.adapters.traits import email_of, hints_of, set_by, small

KINDS = {
    "$mp_web_page_view": "page",
    "$identify": "alias",
    "$create_alias": "alias",
    "$merge": "alias",
    "$experiment_started": "flag",
} | dict.fromkeys(
    ("$session_start", "$session_end", "$ae_session", "$mp_session_record", "$mp_page_leave"),
    "technical",
)
DEVICE_LIBRARIES = frozenset(
    {
        "web",
        "iphone",
        "swift",
        "android",
        "unity",
        "flutter",
        "react-native",
        "android-ndk",
    }
)
DEVICE = "$device:"
_PAGE = ("current_page_title", "current_url_path", "current_url")
_PROFILE = ("$set", "$set_once", "$union", "$append", "$add", "$unset", "$remove", "$delete")
_TWO_IDS = 2

Reader = Callable[..., Event]


def _open(asked: Asked, *, read_one: Reader, is_import: bool = False) -> Opened:
    payload = _payload(asked)
    items = payload.value if isinstance(payload.value, list) else [payload.value]
    check_number(items)
    token = next(filter(None, map(_token, items)), "")
    shared = {
        "token": token,
        "sent_ms": payload.fields.get("_"),
        "user_agent": asked.headers.get("user-agent"),
    }
    return Opened(
        key_of(asked, token, payload.fields.get("api_key")),
        partial(_read, items, shared, read_one, size_of(asked, is_packed=payload.is_form)),
        partial(_accept, payload, is_import),
    )


def _payload(asked: Asked) -> Payload:
    try:
        return read_payload(asked.body, asked.query)
    except UnreadableBody:
        lines = read_lines(asked.body)
        if len(lines) > 1 and isinstance(lines[0], dict):
            return Payload(lines, asked.query, False)
        raise


def _token(item: object) -> str:
    message = mapping(item)
    token = mapping(message.get("properties")).get("token") or message.get("$token")
    return token.strip() if isinstance(token, str) else ""


def _read(
    items: Sequence[object],
    shared: Item,
    read_one: Reader,
    size: int,
    received_at: datetime,
    customer_types: Sequence[str],
) -> Received:
    reader = partial(
        _of_one_key, shared=shared, read_one=read_one, at=received_at, types=customer_types
    )
    return read_items(items, reader, customer_types, size=size)


def _of_one_key(
    item: object,
    position: int,
    *,
    shared: Item,
    read_one: Reader,
    at: datetime,
    types: Sequence[str],
) -> Event:
    if _token(as_item(item)) not in ("", shared["token"]):
        raise UnreadableItem("the key of the item is not that of the first one in its request")
    return read_one(item, position, shared=shared, received_at=at, customer_types=types)


def _event(
    item: Item, position: int, *, shared: Item, received_at: datetime, customer_types: Sequence[str]
) -> Event:
    name = name_of(item, "event")
    properties = without_address(item.get("properties"))
    kind = KINDS.get(name, "track")
    library = _library(properties)
    times = _times(properties, library, shared, received_at)
    insert_id = text_id(properties, "$insert_id")
    shown = shown_name(properties, *_PAGE) if kind == "page" else ""
    ids = _joined(name, properties) if kind == "alias" else _ids(properties)
    return Event(
        message_id=_message_id(name, properties, insert_id)
        or _content_id([name, _without_token(properties)], times, received_at, position),
        kind=kind,
        name=shown or name,
        occurred_at=times.occurred_at,
        groups=groups_by_type(_plain(properties, customer_types), customer_types),
        feature=feature_of(properties, shown),
        properties=properties,
        is_exact=insert_id is not None,
        email=email_of(user_id=ids["user_id"]),
        library=library,
        hints=hints_of(shared["user_agent"] if _is_device(library) else None, properties),
        stated_at=times.stated_at,
        sent_at=times.sent_at,
        **ids,
    )


def _plain(properties: Item, types: Sequence[str]) -> Item:
    """Properties that name a group: text, numbers, or lists of them. Another thing is no group."""
    return {
        kind: properties[kind]
        for kind in types
        if isinstance(properties.get(kind), str | int | list)
        and not isinstance(properties[kind], bool)
    }


def _ids(properties: Item) -> dict[str, Any]:
    known, device = user_id(properties, "$user_id"), user_id(properties, "$device_id")
    distinct = user_id(properties, "distinct_id")
    if distinct is not None and distinct.startswith(DEVICE):
        device, distinct = device or distinct.removeprefix(DEVICE), None
    known = known or (distinct if distinct != device else None)
    if not (known or device):
        raise UnreadableItem("“distinct_id” is missing: nobody is named")
    return {"user_id": known, "anonymous_id": device}


def _joined(name: str, properties: Item) -> dict[str, Any]:
    """Two ids of one person, by each of the three ways there are to say it."""
    if name == "$merge":
        both = properties.get("$distinct_ids")
        pair = both if isinstance(both, list) and len(both) == _TWO_IDS else (None, None)
        named = {"previous": pair[0], "current": pair[1]}
    elif name == "$identify":
        named = {
            "previous": properties.get("$anon_id"),
            "current": properties.get("$identified_id"),
        }
    else:
        named = {"previous": properties.get("distinct_id"), "current": properties.get("alias")}
    previous, current = user_id(named, "previous"), user_id(named, "current")
    if not (previous and current):
        raise UnreadableItem(f"“{name}” must name two ids")
    return {"user_id": current, "previous_id": previous, "anonymous_id": None}


def _profile(
    item: Item, position: int, *, shared: Item, received_at: datetime, customer_types: Sequence[str]
) -> Event:
    """What is said of a person."""
    distinct = user_id(item, "$distinct_id")
    if distinct is None:
        raise UnreadableItem("“$distinct_id” is missing: nobody is named")
    is_device = distinct.startswith(DEVICE)
    said = set_by({key: mapping(item.get(key)) for key in ("$set", "$set_once")})
    joined = said | mapping(item.get("$union"))
    ids: dict[str, Any] = {
        "user_id": None if is_device else distinct,
        "anonymous_id": distinct.removeprefix(DEVICE) if is_device else None,
        "groups": groups_by_type(_plain(joined, customer_types), customer_types),
        "email": email_of(said, user_id=distinct),
        "hints": hints_of(None, {}, said),
    }
    return _about("identify", item, position, said, ids, received_at)


def _group_profile(
    item: Item, position: int, *, shared: Item, received_at: datetime, customer_types: Sequence[str]
) -> Event:
    """What is said of a group."""
    kind = text_id(item, "$group_key", MAX_NAME_LENGTH)
    found: tuple[Group, ...] = group(kind, item, "$group_id") if kind else ()
    if not found:
        raise UnreadableItem("“$group_key” and “$group_id” must name the group")
    said = set_by({key: mapping(item.get(key)) for key in ("$set", "$set_once")})
    return _about("group", item, position, said, {"groups": found}, received_at)


def _about(
    kind: str,
    item: Item,
    position: int,
    said: Item,
    ids: dict[str, Any],
    received_at: datetime,
) -> Event:
    stated = unix_moment(item.get("$time"), "$time")
    times = place(stated, None, received_at=received_at, is_device=False)
    who = [item.get("$distinct_id"), item.get("$group_key"), item.get("$group_id")]
    changes = [item.get(key) for key in _PROFILE]
    return Event(
        message_id=_content_id(
            [kind, who, item.get("$time"), changes], times, received_at, position
        ),
        kind=kind,
        name=kind,
        occurred_at=times.occurred_at,
        is_exact=False,
        traits=small(said),
        stated_at=stated,
        **ids,
    )


def _library(properties: Item) -> Library:
    name = properties.get("mp_lib")
    if not isinstance(name, str):
        return UNNAMED_LIBRARY
    version = str(properties.get("$lib_version") or "")
    return library_of(name[:MAX_NAME_LENGTH], version[:MAX_NAME_LENGTH])


def _is_device(library: Library) -> bool:
    return library.name.lower() in DEVICE_LIBRARIES


def _times(properties: Item, library: Library, shared: Item, received_at: datetime) -> Times:
    is_device = _is_device(library)
    return place(
        unix_moment(properties.get("time"), "time"),
        unix_moment(shared["sent_ms"], "_", is_milliseconds=True) if is_device else None,
        received_at=received_at,
        is_device=is_device,
    )


def _message_id(name: str, properties: Item, insert_id: str | None) -> str:
    """Its rule for a repeat: event, person, time and insert id are all the same."""
    if insert_id is None:
        return ""
    parts = (name, properties.get("distinct_id"), properties.get("time"), insert_id)
    text = "\n".join(str(part) for part in parts)
    return "mixpanel-" + hashlib.sha256(text.encode()).hexdigest()


def _without_token(properties: Item) -> Item:
    return {key: value for key, value in properties.items() if key != "token"}


def _content_id(content: object, times: Times, received_at: datetime, position: int) -> str:
    return content_id(
        content,
        has_time=times.stated_at is not None,
        received_at=received_at,
        position=position,
    )


def _accept(payload: Payload, is_import: bool, received: Received, _received_at: datetime) -> Reply:
    if is_import and not payload.is_form:
        number = len(received.events)
        return json_reply({"code": 200, "num_records_imported": number, "status": "OK"})
    if payload.fields.get("verbose") == "1":
        return json_reply({"error": None, "status": 1})
    return Reply(200, b"1", TEXT_TYPE)


def refuse(refusal: Refusal, asked: Asked) -> Reply:
    """In words where it asks for words, else the bare 0 it compares with."""
    verbose = asked.query.get("verbose", "1" if asked.body else "0")
    if verbose == "0":
        return Reply(refusal.status, b"0", TEXT_TYPE)
    body = {"code": refusal.status, "error": refusal.message, "status": 0}
    return json_reply(body, refusal.status)


ASKED_BY = frozenset({"GET", "POST"})


def _form(read_one: Reader, *, is_import: bool = False) -> Form:
    opened = partial(_open, read_one=read_one, is_import=is_import)
    return Form(opened, refuse, ASKED_BY, takes_cookies=True)


ROUTES = {
    "track": _form(_event),
    "import": _form(_event, is_import=True),
    "engage": _form(_profile),
    "groups": _form(_group_profile),
}
