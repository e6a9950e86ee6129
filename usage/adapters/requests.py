"""A request of a client library and its answer, in plain values: what every wire format shares.

`Form.open` finds the key, so that a stranger's items are never looked at; `Opened.read` reads the
items; `Opened.accept` is the answer once they are stored. `parse` does all three.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import orjson

from tenancy.keys import split_key
from usage.adapters.canonical import (
    MAX_ITEM_BYTES,
    MAX_ITEMS,
    MAX_REQUEST_BYTES,
    Event,
    Received,
    Rejected,
    TooLarge,
    UnreadableBody,
    UnreadableItem,
)
from usage.adapters.groups import CUSTOMER_TYPES, spread
from usage.adapters.reading import to_be_shown

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain; charset=utf-8"
POST_ONLY = frozenset({"POST"})
BASIC, BEARER = "basic ", "bearer "


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `headers` by names in small letters, `body` already inflated."""

    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the form its library waits for."""

    status: int
    content: bytes
    content_type: str = JSON_TYPE


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request as a whole was not taken.

    400: unreadable, dropped for good; 401: the key opens nothing; 405: asked by another method;
    413: too much at once; 429 and 503: send it again later.
    """

    status: int
    message: str


def json_reply(body: Mapping[str, object], status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(body))


Read = Callable[[datetime, Sequence[str]], Received]
Accept = Callable[[Received, datetime], Reply]


@dataclass(frozen=True, slots=True)
class Opened:
    """A request whose key is known. `key` is None where nothing is to be recorded.

    `read(received_at, customer_types)` may raise `UnreadableBody`, where the items are not even a
    list; `accept(received, received_at)` is the answer to give once what was read is stored.
    """

    key: str | None
    read: Read
    accept: Accept


@dataclass(frozen=True, slots=True)
class Form:
    """A wire format at one address. `open` raises `UnreadableBody`; `refuse` never raises.

    `takes_cookies`: its browser library sends them along, so the answer has to allow that; they
    are not looked at.
    """

    open: Callable[[Asked], Opened]
    refuse: Callable[[Refusal, Asked], Reply]
    methods: frozenset[str] = POST_ONLY
    takes_cookies: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """All of a request: its key, its messages, the rows left out and why, and the answer."""

    key: str | None
    messages: Sequence[Event]
    refusals: Sequence[Rejected]
    reply: Reply


def parse(
    form: Form,
    asked: Asked,
    *,
    received_at: datetime,
    customer_types: Sequence[str] = CUSTOMER_TYPES,
) -> Parsed:
    """What a request holds and how it is answered when it could be stored. Never raises."""
    try:
        opened = form.open(asked)
        received = opened.read(received_at, customer_types)
    except UnreadableBody as problem:
        return Parsed(None, (), (), form.refuse(refusal_of(problem), asked))
    reply = opened.accept(received, received_at)
    return Parsed(opened.key, received.events, received.rejected, reply)


def refusal_of(problem: UnreadableBody) -> Refusal:
    return Refusal(413 if isinstance(problem, TooLarge) else 400, str(problem))


def read_items(
    items: Sequence[object],
    read_one: Callable[[object, int], Event],
    customer_types: Sequence[str],
    *,
    size: int,
    longest: int = MAX_ITEM_BYTES,
    first: int = 0,
) -> Received:
    """The items one by one. `read_one(item, position)` may raise `UnreadableItem`.

    `size` is the most bytes they can be together: only where one of them may be longer than
    `longest` are they measured. Positions are counted from `first`.
    """
    if size > longest:
        read_one = partial(_unless_long, read_one, longest)
    events: list[Event] = []
    rejected: list[Rejected] = []
    for position, item in enumerate(items, first):
        try:
            events += spread(read_one(item, position), customer_types)
        except UnreadableItem as problem:
            rejected.append(Rejected(position, str(problem), to_be_shown(item)))
    return Received(events, rejected)


def _unless_long(
    read_one: Callable[[object, int], Event], longest: int, item: object, position: int
) -> Event:
    if _length(item) > longest:
        raise UnreadableItem(f"the item is larger than {longest // 1024} KB")
    return read_one(item, position)


def _length(item: object) -> int:
    """As JSON, in bytes; 0 for what is nested too deeply to say, which is refused by itself."""
    try:
        return len(orjson.dumps(item))
    except TypeError:
        return 0


def size_of(asked: Asked, *, is_packed: bool) -> int:
    """The most bytes the items of a request can have; a form may hold them compressed."""
    return MAX_REQUEST_BYTES if is_packed else len(asked.body)


def check_number(items: Sequence[object]) -> None:
    """Raise `TooLarge` for more items than one request may bring."""
    if len(items) > MAX_ITEMS:
        raise TooLarge(f"the request holds more than {MAX_ITEMS:,} items")


def content_id(content: object, *, has_time: bool, received_at: datetime, position: int) -> str:
    """A stand-in for a message id the sender did not give.

    With a time of its own, equal content is taken for a repeat. Without one, two equal messages
    cannot be told from one sent twice, so each counts: use that happened is never lost.
    Raises `UnreadableItem`.
    """
    told = content if has_time else [content, received_at.isoformat(), position]
    try:
        text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        raise UnreadableItem("the item is nested too deeply") from None
    return "content-" + hashlib.sha256(text).hexdigest()


def key_of(asked: Asked, *in_body: object) -> str:
    """The key: user name of Basic, then the body, then Bearer; what looks like one of ours first.

    So a library that also carries a name of somebody else's service still gets in.
    """
    header = asked.headers.get("authorization", "")
    found = [_user_name(header), *filter(None, map(_text, in_body)), _bearer(header)]
    given = [text for text in found if text]
    ours = (text for text in given if split_key(text, "src") is not None)
    return next(ours, given[0] if given else "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _bearer(header: str) -> str:
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""


def _user_name(header: str) -> str:
    if not header.lower().startswith(BASIC):
        return ""
    try:
        text = base64.b64decode(header[len(BASIC) :].strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return text.partition(":")[0]
