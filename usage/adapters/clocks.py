"""When it happened: the sender's words for a time, and its clock put right.

The rule is that of Segment's specification: `received - (sent - stated)`. It holds for libraries
on a user's device only, whose clock nobody sets. A server passes history on purpose, so its time
stands as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from usage.adapters.canonical import EPOCH, UnreadableItem, parse_instant, plausible

# Seconds reach it in the year 5138, milliseconds did in 1973.
_MILLISECONDS_FROM = 1e11
_LONGEST_TIME = 64


class Times(NamedTuple):
    """What a message says of its time, and where that puts it."""

    occurred_at: datetime
    stated_at: datetime | None
    sent_at: datetime | None


def iso_moment(value: object, key: str) -> datetime | None:
    """A time as ISO 8601 with its offset; None for none. Raises `UnreadableItem`."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise UnreadableItem(f"“{key}” must be text such as 2026-03-31T09:30:00Z")
    return parse_instant(value)


def sent_moment(value: object, *, is_device: bool) -> datetime | None:
    """When a request left, as ISO 8601. Only a device's clock is put right by it, so only there
    must it be readable: raises `UnreadableItem`.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and len(value) <= _LONGEST_TIME:
            return _sent_moment(value)
        return iso_moment(value, "sentAt")
    except UnreadableItem:
        if is_device:
            raise
        return None


@lru_cache(maxsize=64)
def _sent_moment(text: str) -> datetime:
    # All items of a request share it.
    return parse_instant(text)


def unix_moment(value: object, key: str, *, is_milliseconds: bool | None = None) -> datetime | None:
    """A time as a number since 1970; without a unit, its size tells seconds from milliseconds.

    Raises `UnreadableItem`.
    """
    if value is None or value == "":
        return None
    number = _number(value, key)
    if is_milliseconds or (is_milliseconds is None and abs(number) >= _MILLISECONDS_FROM):
        number /= 1000
    try:
        return EPOCH + timedelta(seconds=number)
    except (OverflowError, ValueError):
        raise UnreadableItem(f"“{key}” is outside the calendar") from None


def place(
    stated_at: datetime | None,
    sent_at: datetime | None,
    *,
    received_at: datetime,
    is_device: bool,
) -> Times:
    """Where a message stands in time: never after its receipt, which also stands for no time.

    Raises `UnreadableItem` for a time before any product.
    """
    if stated_at is None:
        return Times(received_at, None, sent_at)
    moment = stated_at
    if is_device and sent_at is not None:
        try:
            moment = received_at - (sent_at - stated_at)
        except OverflowError:
            raise UnreadableItem("the time of sending is too far from the time stated") from None
    return Times(min(plausible(moment), received_at), stated_at, sent_at)


def _number(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableItem(f"“{key}” must be a number of seconds or milliseconds since 1970")
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise UnreadableItem(f"“{key}” must be a number since 1970") from None
