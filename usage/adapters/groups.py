"""Which groups a message names, and which of them is the customer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from usage.adapters.canonical import (
    MAX_CUSTOMER_ID_LENGTH,
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    Event,
    Group,
    UnreadableItem,
)
from usage.adapters.reading import Item, text_id

# A source may name others; the first that a message has counts.
CUSTOMER_TYPES = ("company", "account", "organization", "customer")
MAX_GROUPS = 20


def group(kind: str, holder: Item, key: str) -> tuple[Group, ...]:
    """The one group under a key, or none. Raises `UnreadableItem`."""
    found = text_id(holder, key, MAX_CUSTOMER_ID_LENGTH)
    return (Group(kind, found),) if found else ()


def groups_by_type(named: Item, types: Iterable[str] | None = None) -> tuple[Group, ...]:
    """Groups given as `{type: id}` or `{type: [id, …]}`, of these types or of all, each once.

    Raises `UnreadableItem` for ids that are no text, and for more groups than one user is in.
    """
    found: dict[Group, None] = {}
    for kind in named if types is None else types:
        if kind in named:
            found |= dict.fromkeys(_of_type(str(kind), named[kind]))
    if len(found) > MAX_GROUPS:
        raise UnreadableItem(f"more than {MAX_GROUPS} groups are named")
    return tuple(found)


def spread(event: Event, types: Sequence[str]) -> list[Event]:
    """The event once for each customer it names: a user of several counts in each, undivided.

    The first in the order of ids keeps the message id. The others' follow from it, so that a
    retry is recognised for each.
    """
    groups = event.groups
    if not groups or (len(groups) == 1 and event.group_id == groups[0].id):
        return [event]
    customers = _customers(groups, types)
    if not customers:
        return [event]
    first, *others = customers
    events = [event if event.group_id == first else event._replace(group_id=first)]
    for other in others:
        events.append(
            event._replace(group_id=other, message_id=_derived_id(event.message_id, other))
        )
    return events


def _of_type(kind: str, value: object) -> Iterable[Group]:
    if len(kind) > MAX_NAME_LENGTH or "\0" in kind:
        raise UnreadableItem("the type of a group is no name")
    for one in value if isinstance(value, list) else [value]:
        yield from group(kind, {kind: one}, kind)


def _customers(groups: Sequence[Group], types: Sequence[str]) -> list[str]:
    """The ids of the first type that is there; a group without a type counts before all."""
    for kind in ("", *types):
        if found := {each.id for each in groups if each.type.lower() == kind.lower()}:
            return sorted(found)
    return []


def _derived_id(message_id: str, customer: str) -> str:
    text = f"{message_id}@{customer}"
    if len(text) <= MAX_ID_LENGTH:
        return text
    return "spread-" + hashlib.sha256(text.encode()).hexdigest()
