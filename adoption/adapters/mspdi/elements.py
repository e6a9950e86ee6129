"""Elements of the format as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def tag(name: str, value: object) -> str:
    text = escape(_ILLEGAL.sub("", str(value)), {"\r": "&#13;"})
    return f"<{name}>{text}</{name}>"


def lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)


def when(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def attributes(values: Iterable[tuple[int, str]]) -> Iterable[str]:
    """Extended attributes by the number of their column; empty ones are left out."""
    for field_id, text in values:
        if text:
            yield "<ExtendedAttribute>"
            yield tag("FieldID", field_id)
            yield tag("Value", text)
            yield "</ExtendedAttribute>"
