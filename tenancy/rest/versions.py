"""Versions of an answer: entity tags, and refusing a change that was thought of on an older one.

A tag says what a caller was answered, whatever that is made of, so it changes exactly when the
answer does. Of an object it also carries a short mark of each field, in the order of their names:
whoever comes too late is told which fields changed.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

WHOLE_BYTES, MARK_BYTES = 18, 3
MARK_LENGTH = MARK_BYTES * 4 // 3


class Unconditional(APIException):
    """A change that does not say which version it is meant for."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _lazy(
        "Say which version you are changing: send the ETag you were answered as If-Match, "
        "or If-Match: * to change it whatever it says by now."
    )


class ChangedMeanwhile(APIException):
    """The version a change was meant for is not the one in force."""

    status_code = 412
    default_code = "precondition_failed"

    def __init__(self, changed: list[str], current: Any) -> None:
        super().__init__(
            _("Somebody changed this meanwhile: %(fields)s. Nothing was saved.")
            % {"fields": ", ".join(changed)}
        )
        self.changed, self.current = changed, current


def as_text(data: Any) -> str:
    """An answer as one line of JSON that is the same for the same answer."""
    return json.dumps(data, cls=JSONEncoder, sort_keys=True, separators=(",", ":"))


def tag_of(data: Any) -> str:
    """The entity tag of an answer, in its quotes."""
    whole = _short(as_text(data), WHOLE_BYTES)
    return f'"{whole}{"".join(_marks(data))}"'


def _marks(data: Any) -> list[str]:
    if not isinstance(data, Mapping):
        return []
    return [_short(as_text(data[name]), MARK_BYTES) for name in sorted(data)]


def _short(text: str, count: int) -> str:
    digest = hashlib.sha256(text.encode()).digest()[:count]
    return base64.urlsafe_b64encode(digest).decode()


def is_known(header: str, data: Any) -> bool:
    """Whether the caller's If-None-Match holds the version in force, so that nothing is new."""
    tags = parse_etags(header)
    return "*" in tags or tag_of(data) in map(_strong, tags)


def _strong(tag: str) -> str:
    # A proxy that compresses answers weakens their tags on the way out.
    return tag.removeprefix("W/")


def insist_on(request: Request, data: Any) -> None:
    """Let a change go on only if it is meant for the version in force, which `data` is.

    Raises Unconditional and ChangedMeanwhile. The row behind it must be locked by then.
    """
    header = request.headers.get("If-Match", "")
    if not header.strip():
        raise Unconditional
    refuse_older(request, data)


def refuse_older(request: Request, data: Any) -> None:
    """As `insist_on`, where saying the version is up to the caller."""
    tags = [_strong(tag) for tag in parse_etags(request.headers.get("If-Match", ""))]
    if tags and "*" not in tags and tag_of(data) not in tags:
        raise ChangedMeanwhile(_changed_fields(tags[0], data), data)


def _changed_fields(tag: str, data: Any) -> list[str]:
    """The fields whose marks differ from those in a tag; all of them when it names none."""
    names, now = sorted(data), _marks(data)
    text = tag.strip('"')[len(_short("", WHOLE_BYTES)) :]
    before = [text[at : at + MARK_LENGTH] for at in range(0, len(text), MARK_LENGTH)]
    if len(before) != len(now):
        return names
    differing = [name for name, was, mark in zip(names, before, now, strict=True) if was != mark]
    return differing or names
