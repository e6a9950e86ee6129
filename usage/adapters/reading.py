"""Values of a message, checked: ids and names as text that can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from usage.adapters.canonical import (
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_USER_ID_LENGTH,
    Library,
    UnreadableItem,
)

Item = Mapping[str, Any]

_ADDRESSES = frozenset({"ip", "$ip", "ip_address", "$ip_address", "ipAddress"})
_PLACES = ("context", "properties", "event_properties")
_BETWEEN_WORDS = str.maketrans("", "", "$_- ")
_FALSE_WORDS = frozenset({"", "0", "false", "no", "none", "null"})


def as_item(value: object) -> Item:
    """An item of a request as an object. Raises `UnreadableItem`."""
    if not isinstance(value, dict):
        raise UnreadableItem("the item is not a JSON object")
    return value


def plain_name(name: str) -> str:
    """A name as it is compared: `Card Number`, `card_number` and `$cardNumber` are one."""
    return name.translate(_BETWEEN_WORDS).lower()


def mapping(value: object) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def without_address(value: object) -> dict[str, Any]:
    """An object without the network addresses of people in it; else an empty one."""
    found = mapping(value)
    if not found or _ADDRESSES.isdisjoint(found):
        return found
    return {key: inner for key, inner in found.items() if key not in _ADDRESSES}


def to_be_shown(item: object) -> object:
    """An item that is put aside, as it may be kept: without addresses where libraries put them."""
    if not isinstance(item, dict):
        return item
    inner = {key: without_address(item[key]) for key in _PLACES if isinstance(item.get(key), dict)}
    return without_address({**item, **inner})


def storable(text: str, key: str, limit: int) -> str:
    """The text, unless no table could hold it. Raises `UnreadableItem`."""
    if "\0" in text:
        raise UnreadableItem(f"“{key}” contains a NUL character")
    if len(text) > limit:
        raise UnreadableItem(f"“{key}” is longer than {limit} characters")
    return text


def text_id(item: Item, key: str, limit: int = MAX_ID_LENGTH) -> str | None:
    """An id as text; null, empty and blank mean none was given. Raises `UnreadableItem`."""
    value = item.get(key)
    if value is None:
        return None
    if type(value) is str and len(value) <= limit and "\0" not in value:  # as nearly always
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise UnreadableItem(f"“{key}” must be text")
    return storable(value.strip(), key, limit) or None


def user_id(item: Item, key: str) -> str | None:
    """The id of a person. Raises `UnreadableItem`."""
    return text_id(item, key, MAX_USER_ID_LENGTH)


def name_of(item: Item, key: str) -> str:
    """What happened, in the sender's words. Raises `UnreadableItem` when there are none."""
    name = item.get(key)
    if not isinstance(name, str) or not name.strip():
        raise UnreadableItem(f"“{key}” is missing: an event needs a name")
    return storable(name.strip(), key, MAX_NAME_LENGTH)


def feature_of(properties: Item, shown: str = "") -> str:
    """What was used: the property `feature`, else the page or screen shown."""
    feature = properties.get("feature")
    if not isinstance(feature, str):
        return shown
    return storable(feature.strip(), "feature", MAX_NAME_LENGTH)


def shown_name(properties: Item, *keys: str) -> str:
    """The first of these that names a page or screen, cut to the length of a name; or empty."""
    for key in keys:
        value = properties.get(key)
        if isinstance(value, str) and value.strip():
            return value.replace("\0", "").strip()[:MAX_NAME_LENGTH]
    return ""


@lru_cache(maxsize=128)
def library_of(name: str, version: str) -> Library:
    """The library of that name and version, one value for all messages it sends."""
    return Library(name, version)


def is_said(value: object) -> bool:
    """Whether a value means yes, in the ways people write it."""
    if isinstance(value, str):
        return value.strip().lower() not in _FALSE_WORDS
    return bool(value)
