"""The one event every wire format becomes, and the limits that hold for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

MAX_REQUEST_BYTES = 5 * 1024 * 1024
# Of one item as JSON.
MAX_ITEM_BYTES = 32 * 1024
MAX_ID_LENGTH = 255
MAX_CUSTOMER_ID_LENGTH = 120
MAX_USER_ID_LENGTH = 200
MAX_NAME_LENGTH = 200
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE_TOLERANCE = timedelta(days=1)
# More than any library puts into one request; each item of one can become a row.
MAX_ITEMS = 10_000

USE_KINDS = frozenset({"track", "page", "screen"})
ABOUT_KINDS = frozenset({"identify", "group", "alias"})
# "flag": a switch was read for the user. "technical": the library reports on itself.
KINDS = USE_KINDS | ABOUT_KINDS | {"flag", "technical"}

ROBOT, IMPERSONATION, STAFF = "robot", "impersonation", "staff"

NOTHING: Mapping[str, Any] = MappingProxyType({})


# What is made for each event is a tuple: a frozen dataclass takes four times as long to make.
class Group(NamedTuple):
    """A group as its sender names it. `type` is empty where the format knows one type only."""

    type: str
    id: str


class Library(NamedTuple):
    """The client library that sent a message; empty texts where it does not say."""

    name: str = ""
    version: str = ""


UNNAMED_LIBRARY = Library()


class Event(NamedTuple):
    """One thing a user did, or said about themselves or a group, as the sender named it.

    `occurred_at` is aware, in UTC, put right where a device's clock was wrong, and never after the
    receive time; `stated_at` and `sent_at` are what the sender's clock said. `is_exact` is false
    when the sender gave no message id, so that a repeat can only be told by its content.

    `groups` are all that were named; `group_id` is the one that stands for the customer. A message
    with both a user and a group says that the user is there. `alias` makes `previous_id` and
    `user_id` one person; so does any message with a user and an anonymous id. `traits` describe
    the user, or the group of a `group`. `hints` holds ROBOT, IMPERSONATION, STAFF where the
    sender said so.
    """

    message_id: str
    kind: str
    name: str
    occurred_at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    group_id: str | None = None
    feature: str = ""
    properties: Mapping[str, Any] = NOTHING
    is_exact: bool = True
    groups: tuple[Group, ...] = ()
    previous_id: str | None = None
    email: str = ""
    traits: Mapping[str, Any] = NOTHING
    library: Library = UNNAMED_LIBRARY
    hints: frozenset[str] = frozenset()
    stated_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def is_use(self) -> bool:
        """Whether it counts as activity: a call about a user or a group does not."""
        return self.kind in USE_KINDS

    @property
    def user_key(self) -> str | None:
        return self.user_id or self.anonymous_id


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that can not become an event: its place from 0, why, and what it was."""

    position: int
    reason: str
    item: object


class Uses(NamedTuple):
    """What is kept of events of use, as columns of equal length: `persons` by their one id,
    `groups` empty where none is named, `instants` in microseconds since 1970."""

    message_ids: Sequence[str]
    names: Sequence[str]
    features: Sequence[str]
    persons: Sequence[str]
    groups: Sequence[str]
    instants: Sequence[int]


@dataclass(frozen=True, slots=True)
class Received:
    """What one request or file block held; `uses` are its events as columns, where whoever read
    them made such and they hold all there is to know."""

    events: Sequence[Event]
    rejected: Sequence[Rejected]
    uses: Uses | None = None


def uses_of(events: Sequence[Event]) -> Uses:
    """Columns of events, for whoever knows that they are of use and say one id of their person."""
    return Uses(
        [event.message_id for event in events],
        [event.name for event in events],
        [event.feature for event in events],
        [event.user_key or "" for event in events],
        [event.group_id or "" for event in events],
        [microseconds(event.occurred_at) for event in events],
    )


class UnreadableItem(ValueError):
    """An item breaks a rule of its format; the text says which, in plain words."""


class UnreadableBody(ValueError):
    """The request as a whole can not be read: nothing in it was accepted."""


class TooLarge(UnreadableBody):
    """The request holds more than is taken at once; some libraries then send it in parts."""


def event_key(source: UUID, message_id: str) -> bytes:
    """The 16 bytes that stand for (source, message id): SHA-256, cut. Equal only for a repeat."""
    return event_keys(source, [message_id])


def event_keys(source: UUID, message_ids: Iterable[str]) -> bytes:
    """The keys of several messages, one after the other."""
    digest, prefix = hashlib.sha256, source.bytes
    return b"".join([digest(prefix + text.encode()).digest()[:16] for text in message_ids])


def parse_instant(text: str) -> datetime:
    """An ISO 8601 date and time with its offset, as UTC, exact to the microsecond.

    Raises `UnreadableItem` for anything else: a time without its offset can not be placed.
    """
    try:
        moment = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        raise UnreadableItem(
            f"“{text[:40]}” is not a date and time such as 2026-03-31T09:30:00+02:00"
        ) from None
    if moment.tzinfo is None:
        raise UnreadableItem(f"“{text[:40]}” has no time zone: add Z or an offset such as +02:00")
    try:
        return plausible(moment if moment.tzinfo is UTC else moment.astimezone(UTC))
    except OverflowError:
        raise UnreadableItem(f"“{text[:40]}” is outside the calendar") from None


def microseconds(moment: datetime) -> int:
    """Since 1970, of an aware moment."""
    return (moment - EPOCH) // MICROSECOND


def plausible(moment: datetime) -> datetime:
    """The moment, unless it is too early for any product. Raises `UnreadableItem`."""
    if moment < EARLIEST:
        raise UnreadableItem(f"{moment:%Y-%m-%d} is before the year {EARLIEST.year}")
    return moment
