"""What the command palette offers, and how well each thing fits what somebody typed."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# From here on a misspelt word is taken for the one that was meant.
ALIKE = 0.5


class Group(StrEnum):
    """Under which heading an entry stands, in this order where entries fit equally well."""

    RECENT = "recent"
    CUSTOMER = "customer"
    ENGAGEMENT = "engagement"
    MEASURE = "measure"
    PERSON = "person"
    ACTION = "action"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to go to or to do. `fit` is 0 for what does not fit and larger for what fits well;
    `act` names the few that a page's own script performs."""

    group: Group
    label: str
    url: str
    detail: str = ""
    fit: float = 0.0
    act: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what: the words, the workspace's short name, what they may do there, and what
    they looked at last as (kind, id), newest first."""

    text: str
    workspace: str
    may: Callable[[str], bool]
    recent: tuple[tuple[str, UUID], ...] = ()

    def offered(self, *entries: Entry, also: str = "") -> list[Entry]:
        """Those of these pages or actions that fit, `also` being other words for them."""
        fits = [(fit(self.text, entry.label, also), entry) for entry in entries]
        return [
            Entry(entry.group, entry.label, entry.url, entry.detail, found, entry.act)
            for found, entry in fits
            if found
        ]


def fit(text: str, *names: str) -> float:
    """How well typed words fit the best of some names: 3 when the name begins so, 2 when its words
    do, 1 when they stand inside, less when they are merely alike, 0 when they are not. Nothing
    typed fits everything.
    """
    if not text:
        return 3.0
    wanted = _plain(text)
    plain = [_plain(name) for name in names]
    return max((_fit_one(wanted, name) for name in plain if wanted and name), default=0.0)


def _fit_one(wanted: str, name: str) -> float:
    if name.startswith(wanted):
        return 3.0
    words = wanted.split()
    if all(any(part.startswith(word) for part in name.split()) for word in words):
        return 2.0
    if all(word in name for word in words):
        return 1.0
    alike = min(max(_likeness(word, part) for part in name.split()) for word in words)
    return alike if alike >= ALIKE else 0.0


def _plain(text: str) -> str:
    """Without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))


def _likeness(word: str, other: str) -> float:
    """The share of a word's runs of three letters that the other has, its two edges included."""
    wanted, there = _threes(word), _threes(other)
    return len(wanted & there) / len(wanted)


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
