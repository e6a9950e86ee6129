"""Requests of client libraries for tests: as captured, or made up, and what is read from them."""

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.paths import DATA
from usage.adapters.canonical import Event, UnreadableBody
from usage.adapters.inflating import inflate_body
from usage.adapters.requests import Asked, Parsed, parse, refusal_of
from usage.adapters.routes import ROUTES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAPTURES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "usage" / "sdk_captures.jsonl").read_text().splitlines()
]
SETTINGS = "/v1/projects/"


def ask(path: str, body: Any = b"", **headers: str) -> Parsed:
    """A request to an address, its query included, read at NOW."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    parts = urlsplit(path)
    form = ROUTES[parts.path.strip("/")]
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    asked = Asked(parts.path, dict(parse_qsl(parts.query)), named, content)
    try:
        asked = replace(asked, body=inflate_body(content))
    except UnreadableBody as problem:
        return Parsed(None, (), (), form.refuse(refusal_of(problem), asked))
    return parse(form, asked, received_at=NOW)


def captured(capture: dict[str, Any]) -> Parsed:
    """A captured request, compressed again where it was."""
    body = capture["body"].encode()
    if capture["headers"].get("Content-Encoding") == "gzip":
        body = gzip.compress(body)
    return ask(capture["path"], body, **capture["headers"])


def said(parsed: Parsed) -> Any:
    """The answer as the library would see it."""
    text = parsed.reply.content.decode()
    return json.loads(text) if parsed.reply.content_type == "application/json" else text


def told(event: Event) -> str:
    """A message in one line: `kind name user ~anonymous <previous @customer`."""
    parts = [event.kind, event.name, event.user_id or "-"]
    parts += [f"~{event.anonymous_id}"] if event.anonymous_id else []
    parts += [f"<{event.previous_id}"] if event.previous_id else []
    parts += [f"@{event.group_id}"] if event.group_id else []
    return " ".join(parts)


def one(parsed: Parsed) -> Event:
    assert not parsed.refusals, parsed.refusals
    (event,) = parsed.messages
    return event


def reason(parsed: Parsed) -> str:
    assert not parsed.messages
    (refusal,) = parsed.refusals
    return refusal.reason


def packed(value: Any) -> str:
    """As Mixpanel's and PostHog's libraries pack a value into a field."""
    return base64.b64encode(json.dumps(value).encode()).decode()
