"""Whether a browser's page may send to a source."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

ANY_BELOW = "*."


def is_allowed(origin: str | None, allowed: Iterable[str]) -> bool:
    """Whether events may come from an origin such as `https://app.example.com`.

    An empty list allows all. `example.com` is that host by any scheme and port, `*.example.com`
    any host below it. A server names no origin and is let in: the list is about browsers, which
    cannot hide theirs.
    """
    patterns = [text.strip().lower() for text in allowed if text.strip()]
    if not patterns or origin is None:
        return True
    return any(_fits(origin.strip().lower(), pattern) for pattern in patterns)


def _fits(origin: str, pattern: str) -> bool:
    if "://" in pattern:
        scheme, _colon, place = pattern.partition("://")
        return origin.startswith(f"{scheme}://") and _fits_host(_place(origin), place.rstrip("/"))
    return _fits_host(_host(origin), pattern)


def _fits_host(host: str, pattern: str) -> bool:
    if pattern.startswith(ANY_BELOW):
        return host.endswith(pattern.removeprefix("*"))
    return host == pattern


def _place(origin: str) -> str:
    """Host, and port where one is named."""
    return origin.partition("://")[2]


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""
