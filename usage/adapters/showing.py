"""A request as its workspace may look at it: without keys, and without what tells of a person."""

from __future__ import annotations

import re
from functools import lru_cache

import orjson

from tenancy.keys import without_keys
from usage.adapters.bodies import read_payload
from usage.adapters.canonical import Event, Library, Received, UnreadableBody
from usage.adapters.reading import plain_name
from usage.adapters.requests import Asked

EXCERPT_LENGTH = 900
# Cut once more after masking, so that nothing half cut is left unmasked.
LOOKED_AT = EXCERPT_LENGTH + 200
# Unpacked only to be shown, so only where that is cheap.
LARGEST_PACKED_BYTES = 32 * 1024
UNREADABLE_LENGTH = 60
MASK = "•••"
# Plain names of fields.
SECRETS = {"writekey", "apikey", "token", "password", "secret", "authorization"}
PERSONAL = {
    *("name", "firstname", "lastname", "fullname", "username", "displayname", "login"),
    *("email", "phone", "address", "street", "city", "birthday", "avatar", "ip", "ipaddress"),
}
HIDDEN = SECRETS | PERSONAL
# A library's own name tells of nobody.
LIBRARY = '"library":{'

_PAIR = re.compile(r'"([^"\\]{1,24})"(\s*:\s*)"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)')
_EMAIL = re.compile(r"([\w.%+-])[\w.%+-]*@([\w-]+(?:\.[\w-]+)+)")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


def masked(text: str) -> str:
    """The text without keys, and with e-mail and network addresses made unreadable.

    Of an e-mail address the first letter and the domain stay: enough to tell whose it is not.
    """
    text = _ADDRESS.sub(MASK, without_keys(text))
    return _EMAIL.sub(rf"\1{MASK}@\2", text) if "@" in text else text


def excerpt(asked: Asked) -> str:
    """The first lines of a body, masked; empty where it holds nothing that can be shown."""
    text = _shown(asked).replace("\0", "")
    return masked(_PAIR.sub(_hidden, text))[:EXCERPT_LENGTH]


def _hidden(pair: re.Match[str]) -> str:
    name = pair[1]
    if not _is_hidden(name):
        return pair[0]
    before = pair.string[max(0, pair.start() - 2 * len(LIBRARY)) : pair.start()]
    if name == "name" and before.replace(" ", "").endswith(LIBRARY):
        return pair[0]
    return f'"{name}"{pair[2]}"{MASK}"'


@lru_cache(maxsize=1024)
def _is_hidden(name: str) -> bool:
    return plain_name(name) in HIDDEN


def _shown(asked: Asked) -> str:
    body = asked.body
    if body.lstrip()[:1] in (b"{", b"["):
        return body[: LOOKED_AT * 2].decode(errors="replace")[:LOOKED_AT]
    if len(body) > LARGEST_PACKED_BYTES:
        return ""
    try:
        value = read_payload(body, asked.query).value
        return orjson.dumps(value)[: LOOKED_AT * 2].decode(errors="replace")[:LOOKED_AT]
    except (UnreadableBody, TypeError, RecursionError):
        # What is packed could hold anything; a few letters are enough to see that it is no JSON.
        return body[:UNREADABLE_LENGTH].decode(errors="replace") if b"=" not in body else ""


def library_of(received: Received, agent: str) -> str:
    """Which library spoke, as it says in its items or else in its header."""
    for event in received.events[:1]:
        if event.library.name:
            return _named(event.library)
    return agent.split(" ")[0][:80]


def _named(library: Library) -> str:
    return f"{library.name} {library.version}".strip()[:80]


def first_use(received: Received) -> dict[str, str]:
    """What the first event that counts as use was understood to say; empty without one."""
    event = next((one for one in received.events if one.is_use), None)
    return {} if event is None else _told(event)


def _told(event: Event) -> dict[str, str]:
    return {
        "name": masked(event.name),
        "feature": masked(event.feature),
        "user": masked(event.user_key or ""),
        "group": event.group_id or "",
        "occurred_at": event.occurred_at.isoformat(),
    }
