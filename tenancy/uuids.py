"""Ids as they come from the database. A page of a large plan reads twenty thousand of them, most
of them more than once, so each is read once and quickly."""

from functools import lru_cache
from typing import Any
from uuid import UUID, SafeUUID

from psycopg2 import extensions

KEPT = 16_384
_UUID, _UUIDS = 2950, 2951
# What the class itself does, which checks text that the database has checked.
_set, _UNKNOWN = object.__setattr__, SafeUUID.unknown


@lru_cache(maxsize=KEPT)
def read_uuid(text: str) -> UUID:
    """The id that PostgreSQL writes like this; the same object for the same text."""
    found = object.__new__(UUID)
    _set(found, "int", int(text.replace("-", ""), 16))
    _set(found, "is_safe", _UNKNOWN)
    return found


def _read(text: Any, _cursor: Any) -> UUID | None:
    return None if text is None else read_uuid(text)


def read_quickly() -> None:
    """From now on every connection of this process reads ids this way."""
    one = extensions.new_type((_UUID,), "UUID", _read)
    extensions.register_type(one)
    extensions.register_type(extensions.new_array_type((_UUIDS,), "UUID[]", one))
