"""A request without the properties its workspace does not want to have, whatever its wire format.

They go before anything is read, so that neither what is stored nor what is shown of a request ever
held them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson

from usage.adapters.bodies import Payload, read_lines, read_payload
from usage.adapters.canonical import UnreadableBody
from usage.adapters.reading import plain_name
from usage.adapters.requests import Asked

# Where senders put what they say of an event, a person or a group; what stands around it is protocol.
SAID_IN = frozenset(
    {
        *("properties", "traits", "context", "event_properties", "user_properties"),
        *("group_properties", "$set", "$setOnce", "$set_once", "$group_set", "$unset", "$append"),
    }
)
# Some formats keep these among the properties. Without them nobody can tell whose an event is, when
# it happened, what was used, or that it was sent twice.
NEEDED = frozenset(
    {
        *("token", "apikey", "writekey", "distinctid", "deviceid", "userid", "anonymousid"),
        *("time", "insertid", "groups", "groupid", "grouptype", "groupkey", "library", "lib"),
        *("feature", "aliasid", "alias"),
    }
)
# What stands in place of a line that is no JSON. It is none either, so it is refused the same way.
UNREAD = b"(not kept: no JSON)"


def without_properties(asked: Asked, names: Collection[str]) -> Asked:
    """The request as if its sender had never said these. Raises `UnreadableBody`."""
    dropped = frozenset(map(plain_name, names)) - NEEDED
    if not dropped:
        return asked
    try:
        body = _rewritten(asked, dropped)
    except (TypeError, RecursionError):
        raise UnreadableBody("the body is nested too deeply") from None
    query = {name: text for name, text in asked.query.items() if name != "data"}
    return replace(asked, body=body, query=query)


def _rewritten(asked: Asked, dropped: frozenset[str]) -> bytes:
    try:
        payload = read_payload(asked.body, asked.query)
    except UnreadableBody:
        return b"\n".join(_line(line, dropped) for line in read_lines(asked.body))
    return _packed(payload, orjson.dumps(_kept(payload.value, dropped)))


def _line(value: object, dropped: frozenset[str]) -> bytes:
    """One that is no JSON, or half of it, may hold anything: nothing of it is left."""
    return UNREAD if isinstance(value, str) else orjson.dumps(_kept(value, dropped))


def _packed(payload: Payload, text: bytes) -> bytes:
    if not payload.is_form:
        return text
    return urlencode({**payload.fields, "data": text.decode()}).encode()


def _kept(value: Any, dropped: frozenset[str], *, is_said: bool = False) -> Any:
    if isinstance(value, list):
        return [_kept(inner, dropped, is_said=is_said) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _kept(inner, dropped, is_said=is_said or key in SAID_IN)
        for key, inner in value.items()
        if not (is_said and plain_name(key) in dropped)
    }
