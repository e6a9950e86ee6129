"""The first event of each client library as a few lines of code: only key and host are one's own.

How each library is told its host is as found in the library itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from usage.adapters import snippet_texts as texts

# What stands in place of a key that can not be shown any more.
NO_KEY = "YOUR_WRITE_KEY"


@dataclass(frozen=True, slots=True)
class Snippet:
    """`install` is what gets the library, empty where nothing has to be; `code` is to be run."""

    key: str
    title: str
    language: str
    install: str
    code: str


def snippets(*, host: str, write_key: str = NO_KEY) -> tuple[Snippet, ...]:
    """One for each library, in the order they are offered. `host` has a scheme and no end slash."""
    own = {"@HOST@": host.rstrip("/"), "@KEY@": write_key}
    return tuple(
        Snippet(key, title, language, install, _filled(code, own))
        for key, title, language, install, code in texts.SNIPPETS
    )


def _filled(code: str, own: dict[str, str]) -> str:
    for name, value in own.items():
        code = code.replace(name, value)
    return code.strip() + "\n"
