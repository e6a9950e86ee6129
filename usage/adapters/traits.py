"""What a message says about a person or a group: kept small, and found however it is spelt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from usage.adapters.canonical import IMPERSONATION, ROBOT, STAFF
from usage.adapters.reading import Item, is_said, mapping
from usage.adapters.robots import is_robot

MAX_TRAITS = 40
MAX_KEY_LENGTH = 80
MAX_VALUE_LENGTH = 200
# Nothing that says who somebody is comes near it; a longer address is none.
MAX_EMAIL_LENGTH = 254
NO_HINTS: frozenset[str] = frozenset()

_IMPERSONATION = (
    "impersonated",
    "is_impersonated",
    "impersonating",
    "is_impersonating",
    "impersonator",
    "impersonator_id",
    "impersonated_by",
)
_STAFF = ("is_staff", "is_internal", "internal_user", "is_internal_user")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _spelt(names: tuple[str, ...], hint: str) -> dict[str, str]:
    return {text: hint for name in names for text in (name, f"${name}", _camel(name))}


# In an event's own properties only what cannot mean anything else: a comment is internal, too.
_OF_EVENT = _spelt(_IMPERSONATION, IMPERSONATION) | dict.fromkeys(
    ("$internal_or_test_user", *(f"${name}" for name in _STAFF)), STAFF
)
_OF_PERSON = _OF_EVENT | _spelt(_STAFF, STAFF)
_EVENT_MARKS, _PERSON_MARKS = frozenset(_OF_EVENT), frozenset(_OF_PERSON)
_EMAIL_KEYS = ("email", "$email", "Email", "emailAddress")


def small(traits: Item) -> dict[str, Any]:
    """Traits worth keeping: plain values under plain keys, so many and so long at most."""
    if not traits:
        return {}
    kept: dict[str, Any] = {}
    for key, value in traits.items():
        if len(kept) == MAX_TRAITS:
            break
        if not key or len(key) > MAX_KEY_LENGTH or "\0" in key:
            continue
        if isinstance(value, str):
            kept[key] = value.replace("\0", "")[:MAX_VALUE_LENGTH]
        elif isinstance(value, bool | int | float):
            kept[key] = value
    return kept


def trait(traits: Mapping[str, Any], name: str) -> Any:
    """A trait however it is spelt: `createdAt`, `created_at` and `$Created At` are one."""
    wanted = _letters(name)
    return next((value for key, value in traits.items() if _letters(key) == wanted), None)


def email_of(*places: Item, user_id: str | None = None) -> str:
    """The address a person is said to have, small letters; else a user id that is one; or empty."""
    for place in places:
        for key in _EMAIL_KEYS:
            if place and (found := _address(place.get(key))):
                return found
    return _address(user_id) if user_id and "@" in user_id else ""


def hints_of(user_agent: object, properties: Item, *of_person: Item) -> frozenset[str]:
    """What the sender marks as no use of a customer's own people."""
    # Nearly always nothing of it is there, and this is asked for every event.
    found = NO_HINTS
    if properties and not _EVENT_MARKS.isdisjoint(properties):
        found = _marked(properties, _OF_EVENT)
    for traits in of_person:
        if traits and not _PERSON_MARKS.isdisjoint(traits):
            found |= _marked(traits, _OF_PERSON)
    if isinstance(user_agent, str) and is_robot(user_agent):
        found |= {ROBOT}
    return found


def _marked(said: Item, marks: dict[str, str]) -> frozenset[str]:
    return frozenset(marks[key] for key in marks.keys() & said.keys() if is_said(said[key]))


def set_by(operations: Item) -> dict[str, Any]:
    """The traits of a list of operations: what is set, what is set once, and plain ones.

    Counting up, adding to lists and removing need what was there before, and are left out.
    """
    plain = {key: value for key, value in operations.items() if not key.startswith("$")}
    once = {**mapping(operations.get("$setOnce")), **mapping(operations.get("$set_once"))}
    return {**mapping(operations.get("$set")), **plain, **_absent(once, operations)}


def _absent(once: dict[str, Any], operations: Item) -> dict[str, Any]:
    already = mapping(operations.get("$set")).keys()
    return {key: value for key, value in once.items() if key not in already}


def _letters(key: str) -> str:
    return "".join(letter for letter in key.lower() if letter.isalnum())


def _address(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_EMAIL_LENGTH:
        return ""
    text = value.strip().lower()
    name, at, domain = text.rpartition("@")
    looks_right = bool(name and at and "." in domain.strip(".")) and text.isprintable()
    return text if looks_right and " " not in text else ""
