"""Every address the product answers, read from the URL patterns themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

WORKSPACE = "w/<slug:workspace>/"
KEYS = "api/v1/"


@dataclass(frozen=True)
class Address:
    """One URL pattern: its text with the parts in it, and what each part is called."""

    route: str
    parts: tuple[str, ...]

    @property
    def in_workspace(self) -> bool:
        return self.route.startswith(WORKSPACE)

    @property
    def by_key(self) -> bool:
        return self.route.startswith(KEYS)

    @property
    def is_api(self) -> bool:
        return "api/v1/" in self.route

    @property
    def owned(self) -> tuple[str, ...]:
        """The parts that name something of a workspace."""
        return tuple(part for part in self.parts if part != "workspace")

    def path(self, values: dict[str, Any]) -> str:
        text = self.route
        for part in self.parts:
            start, end = text.index("<"), text.index(">") + 1
            text = text[:start] + str(values[part]) + text[end:]
        return "/" + text


def all_addresses() -> list[Address]:
    found = {_address(route) for route in _flat(get_resolver().url_patterns, "")}
    return sorted(found, key=lambda address: address.route)


def _flat(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def _address(route: str) -> Address:
    for mark in ("^", "$", "\\Z"):
        route = route.replace(mark, "")
    route = _without_expressions(route)
    parts = (piece.split(">")[0].split(":")[-1] for piece in route.split("<")[1:])
    return Address(route, tuple(parts))


def _without_expressions(route: str) -> str:
    """A regular expression as a route: `(?P<key>[^/.]+)` becomes `<key>`."""
    while "(?P<" in route:
        start = route.index("(?P<")
        name = route[start + 4 : route.index(">", start)]
        depth, end = 1, start + 1
        while depth:
            depth += {"(": 1, ")": -1}.get(route[end], 0)
            end += 1
        route = route[:start] + f"<{name}>" + route[end:]
    return route
