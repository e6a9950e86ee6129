"""Changes made on a copy, told in the keys of the plan it was copied from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adoption.editing import MADE, PLACE, Changes


def made_in(changes: Mapping[str, Mapping[str, Sequence[Any]]]) -> list[str]:
    """The keys of rows that were made, those of numbers in their order."""
    made = [uid for uid, fields in changes.items() if [*fields.get(MADE, ())] == [False, True]]
    return sorted(made, key=lambda uid: (len(uid), uid))


def renamed(
    changes: Mapping[str, Mapping[str, Sequence[Any]]], names: Mapping[str, str]
) -> Changes:
    """The same changes with other keys for some rows, wherever they are named."""
    return {
        names.get(uid, uid): {
            field: [_value(field, value, names) for value in values]
            for field, values in fields.items()
        }
        for uid, fields in changes.items()
    }


def _value(field: str, value: Any, names: Mapping[str, str]) -> Any:
    if value is None:
        return None
    if field == "links":
        return sorted([names.get(uid, uid), *rest] for uid, *rest in value)
    if field == PLACE:
        parent, previous, line = value
        return [names.get(parent, parent), names.get(previous, previous), line]
    return value
