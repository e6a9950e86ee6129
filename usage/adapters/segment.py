"""Segment's HTTP tracking form, also spoken by RudderStack: single calls and batches.

Most rejects are answered 200, as Segment does: what is malformed is put aside with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from usage.adapters.bodies import read_json, read_object
from usage.adapters.canonical import (
    ABOUT_KINDS,
    MAX_CUSTOMER_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_REQUEST_BYTES,
    NOTHING,
    UNNAMED_LIBRARY,
    USE_KINDS,
    Event,
    Group,
    Library,
    Received,
    Rejected,
    UnreadableBody,
    UnreadableItem,
)
from usage.adapters.clocks import Times, iso_moment, place, sent_moment
from usage.adapters.groups import CUSTOMER_TYPES
from usage.adapters.reading import (
    Item,
    as_item,
    feature_of,
    library_of,
    mapping,
    name_of,
    storable,
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
from usage.adapters.segment_usual import Batch, is_device, open_usual, read_uses, read_usual
from usage.adapters.traits import email_of, hints_of, small

CALLS = USE_KINDS | ABOUT_KINDS
SHORT_KINDS = {
    "t": "track",
    "i": "identify",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}
_CONTENT = (
    "type",
    "userId",
    "anonymousId",
    "previousId",
    "groupId",
    "event",
    "name",
    "timestamp",
    "originalTimestamp",
    "properties",
    "traits",
)


def read_batch(
    body: Item,
    *,
    received_at: datetime,
    customer_types: Sequence[str] = CUSTOMER_TYPES,
    size: int = MAX_REQUEST_BYTES,
) -> Received:
    """The events of a `batch` request of so many bytes; each item names its own type.

    Raises `UnreadableBody` when there is no list of items.
    """
    return _read(_batch_items(body), _shared(body), size, received_at, customer_types)


def _batch_items(body: Item) -> list[object]:
    items = body.get("batch")
    if not isinstance(items, list):
        raise UnreadableBody("“batch” is missing or not a list")
    check_number(items)
    return items


def _shared(body: Item) -> Item:
    """What a batch says for each of its items."""
    return {"context": mapping(body.get("context")), "sentAt": body.get("sentAt")}


def _read(
    items: Sequence[object],
    shared: Item,
    size: int,
    received_at: datetime,
    customer_types: Sequence[str],
) -> Received:
    read_one = partial(_event, shared=shared, received_at=received_at)
    return read_items(items, read_one, customer_types, size=size)


def _event(item: object, position: int, *, shared: Item, received_at: datetime) -> Event:
    item = as_item(item)
    kind, context = _kind(item), mapping(item.get("context"))
    if shared_context := shared.get("context"):
        context = {**shared_context, **context}
    library = _library(context)
    times = _times(item, shared, library, received_at)
    message_id, groups = text_id(item, "messageId"), _groups(item, kind, context)
    properties, name = without_address(item.get("properties")), _name(item, kind)
    known, anonymous, previous = _ids(item, kind)
    email, traits, hints = _said(item, kind, context, properties, known)
    return Event(
        message_id=message_id or _content_id(item, times, received_at, position),
        kind=kind,
        name=name,
        occurred_at=times.occurred_at,
        user_id=known,
        anonymous_id=anonymous,
        group_id=groups[0].id if groups else None,
        groups=groups,
        previous_id=previous,
        email=email,
        traits=traits,
        hints=hints,
        feature=feature_of(properties, "" if kind == "track" else name),
        properties=properties,
        is_exact=message_id is not None,
        library=library,
        stated_at=times.stated_at,
        sent_at=times.sent_at,
    )


def _kind(item: Item) -> str:
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in CALLS:
        raise UnreadableItem(f"“type” must be one of {', '.join(sorted(CALLS))}")
    return kind


def _ids(item: Item, kind: str) -> tuple[str | None, str | None, str | None]:
    """Who it is about, who they were before they were known, and the id an alias leaves."""
    known, anonymous = user_id(item, "userId"), user_id(item, "anonymousId")
    if not (known or anonymous):
        raise UnreadableItem("neither “userId” nor “anonymousId” is given")
    if kind != "alias":
        return known, anonymous, None
    previous = user_id(item, "previousId")
    if previous is None:
        raise UnreadableItem("“previousId” is missing: an alias joins two ids")
    return known, anonymous, previous


def _said(
    item: Item, kind: str, context: Item, properties: Item, known: str | None
) -> tuple[str, Item, frozenset[str]]:
    """What is said of the person: e-mail address, traits, hints."""
    of_person, traits = mapping(context.get("traits")), mapping(item.get("traits"))
    said = NOTHING if kind == "group" else traits
    about = traits or (NOTHING if kind == "group" else of_person)
    return (
        email_of(said, of_person, user_id=known),
        small(about),
        hints_of(context.get("userAgent"), properties, context, of_person, said),
    )


def _groups(item: Item, kind: str, context: Item) -> tuple[Group, ...]:
    """Segment knows groups of one type. That of the item counts before that of its context."""
    for place_of_group in (item, context):
        found = text_id(place_of_group, "groupId", MAX_CUSTOMER_ID_LENGTH)
        if found:
            return (Group("", found),)
    if kind == "group":
        raise UnreadableItem("“groupId” is missing: a group call names its group")
    return ()


def _name(item: Item, kind: str) -> str:
    if kind == "track":
        return name_of(item, "event")
    name = item.get("name")
    if isinstance(name, str) and name.strip():
        return storable(name.strip(), "name", MAX_NAME_LENGTH)
    return kind


def _library(context: Item) -> Library:
    library = mapping(context.get("library"))
    name, version = library.get("name"), library.get("version")
    if not isinstance(name, str):
        return UNNAMED_LIBRARY
    return library_of(name[:MAX_NAME_LENGTH], str(version or "")[:MAX_NAME_LENGTH])


def _times(item: Item, shared: Item, library: Library, received_at: datetime) -> Times:
    on_device = is_device(library.name)
    return place(
        iso_moment(item.get("originalTimestamp") or item.get("timestamp"), "timestamp"),
        sent_moment(item.get("sentAt") or shared.get("sentAt"), is_device=on_device),
        received_at=received_at,
        is_device=on_device,
    )


def _content_id(item: Item, times: Times, received_at: datetime, position: int) -> str:
    return content_id(
        [item.get(key) for key in _CONTENT],
        has_time=times.stated_at is not None,
        received_at=received_at,
        position=position,
    )


def _open_batch(asked: Asked) -> Opened:
    usual = open_usual(asked.body)
    if usual is not None:
        return Opened(key_of(asked, usual.write_key), partial(_read_usual_batch, usual), _accept)
    body = read_object(asked.body)
    return Opened(_key(asked, body), partial(_read_batch, body, len(asked.body)), _accept)


def _read_batch(
    body: Item, size: int, received_at: datetime, customer_types: Sequence[str]
) -> Received:
    return read_batch(body, received_at=received_at, customer_types=customer_types, size=size)


def _read_usual_batch(
    body: Batch, received_at: datetime, customer_types: Sequence[str]
) -> Received:
    """The events of a batch, whatever is usual in it read the short way."""
    check_number(body.batch)
    if (found := read_uses(body, received_at=received_at)) is not None:
        return found
    shared: Item = {"context": {}, "sentAt": body.sent_at}
    read_one = partial(_event, shared=shared, received_at=received_at)
    events: list[Event] = []
    rejected: list[Rejected] = []
    for position, item in enumerate(body.batch):
        event = read_usual(item, sent_at=body.sent_at, received_at=received_at)
        if event is not None:
            events.append(event)
            continue
        value, size = read_json(bytes(item)), len(item)
        found = read_items([value], read_one, customer_types, size=size, first=position)
        events += found.events
        rejected += found.rejected
    return Received(events, rejected)


def _open_call(asked: Asked, *, kind: str) -> Opened:
    body = read_object(asked.body)
    items = [{**body, "type": kind}]
    return Opened(_key(asked, body), partial(_read, items, NOTHING, len(asked.body)), _accept)


def _key(asked: Asked, body: Item) -> str:
    return key_of(asked, body.get("writeKey"))


def _accept(_received: Received, _received_at: datetime) -> Reply:
    return json_reply({"success": True})


def refuse(refusal: Refusal, _asked: Asked) -> Reply:
    # Its libraries send nothing in parts: what is too large is dropped like what is unreadable.
    status = 400 if refusal.status == 413 else refusal.status
    return json_reply({"success": False, "message": refusal.message}, status)


BATCH = Form(_open_batch, refuse)
ROUTES = {f"v1/{name}": BATCH for name in ("batch", "b", "import")} | {
    f"v1/{name}": Form(partial(_open_call, kind=SHORT_KINDS.get(name, name)), refuse)
    for name in sorted([*CALLS, *SHORT_KINDS])
}


def settings_for(write_key: str, *, host: str, is_secure: bool) -> dict[str, object]:
    """What the browser library asks before it sends anything: where to send."""
    place_of_events = {
        "apiKey": write_key,
        "apiHost": f"{host}/v1",
        "protocol": "https" if is_secure else "http",
    }
    return {"integrations": {"Segment.io": place_of_events}}
