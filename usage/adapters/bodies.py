"""Bodies of requests as values, whatever their content type says: JSON, lines of it, or a form.

A form carries JSON in its field `data`, plain or as base64, which may be compressed once more.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from usage.adapters.canonical import UnreadableBody
from usage.adapters.inflating import inflate_body

MAX_FORM_FIELDS = 50
_LARGEST_INTEGER_BITS = 63
_NOT_JSON = "the body is not JSON"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a request carries, and the fields beside it in a form or in the address."""

    value: object
    fields: Mapping[str, str]
    is_form: bool


def read_json(text: bytes) -> object:
    """The value. Raises `UnreadableBody`.

    Halves of a cut emoji and numbers that are none, which browsers and Python do send, are mended
    rather than refused.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _read_leniently(text)


def read_object(text: bytes) -> dict[str, Any]:
    """The value as an object. Raises `UnreadableBody`."""
    value = read_json(text)
    if not isinstance(value, dict):
        raise UnreadableBody("the body is not a JSON object")
    return value


def read_payload(body: bytes, query: Mapping[str, str]) -> Payload:
    """JSON as it stands, or from the field `data` of a form or of the address.

    Raises `UnreadableBody`.
    """
    text = body.strip()
    if not text:
        return Payload(_in_field(query.get("data", "")), query, True)
    if text[:1] in b"{[" or b"data=" not in text:
        return Payload(read_json(text), query, False)
    fields = {**query, **_form(text)}
    return Payload(_in_field(fields.get("data", "")), fields, True)


def read_lines(text: bytes) -> list[object]:
    """A JSON value on each line. A line that is none stands for itself, to be refused by itself."""
    return [_line(line) for line in text.splitlines() if line.strip()]


def _line(text: bytes) -> object:
    try:
        return read_json(text)
    except UnreadableBody:
        return text[:200].decode(errors="replace")


def _form(text: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            text.decode(errors="replace"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS
        )
    except ValueError:
        raise UnreadableBody(f"the form has more than {MAX_FORM_FIELDS} fields") from None
    return dict(pairs)


def _in_field(text: str) -> object:
    data = text.strip()
    if not data:
        raise UnreadableBody("the field “data” is missing or empty")
    if data[0] in "{[":
        return read_json(data.encode(errors="replace"))
    # A form turns plus signs into blanks; some senders use the other alphabet, or leave the end off.
    letters = data.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        decoded = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableBody("the field “data” is neither JSON nor base64") from None
    return read_json(inflate_body(decoded))


def _read_leniently(text: bytes) -> object:
    try:
        return _mended(json.loads(text, parse_constant=_no_number))
    except (ValueError, RecursionError):
        raise UnreadableBody(_NOT_JSON) from None


def _no_number(_name: str) -> None:
    return None


def _mended(value: object) -> object:
    if isinstance(value, dict):
        return {str(_mended(key)): _mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int) and value.bit_length() > _LARGEST_INTEGER_BITS:
        return str(value)
    return value
