"""PURE `@name` in a text: who is meant, and how the text is put together again.

`@first.last`, the part of an e-mail address before its at sign, or `@"Full Name"`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

# Not inside a word: an e-mail address in a text mentions nobody.
HANDLE = re.compile(r'(?<![\w@./-])@(?:"([^"\n]{2,120})"|([^\W_](?:[\w.+\'-]{0,62}\w)?))')

Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Person(Generic[Id]):
    """Somebody who may be mentioned."""

    id: Id
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; with a handle it mentions somebody of that name."""

    text: str
    handle: str = ""


class Ambiguous(ValueError):
    """Several people go by this handle."""

    def __init__(self, handle: str, names: tuple[str, ...]) -> None:
        super().__init__(handle)
        self.handle = handle
        self.names = names


def handles_in(text: str) -> tuple[str, ...]:
    """Each handle once, as it is written without its at sign, in the order of the text."""
    found = (quoted or plain for quoted, plain in HANDLE.findall(text))
    return tuple(dict.fromkeys(found))


def people_in(text: str, people: Iterable[Person[Id]]) -> dict[str, Person[Id]]:
    """Who is meant by each handle that means anybody. Raises Ambiguous."""
    known = list(people)
    found = {handle: _meant(handle, known) for handle in handles_in(text)}
    return {handle: person for handle, person in found.items() if person is not None}


def _meant(handle: str, people: list[Person[Id]]) -> Person[Id] | None:
    """By the address before all others, since a name may be somebody else's address."""
    for names_of in (_local_part, _names):
        fitting = [person for person in people if plain(handle) in names_of(person)]
        if len(fitting) > 1:
            raise Ambiguous(handle, tuple(person.email for person in fitting))
        if fitting:
            return fitting[0]
    return None


def _local_part(person: Person[Id]) -> set[str]:
    return {plain(person.email.partition("@")[0])}


def _names(person: Person[Id]) -> set[str]:
    words = plain(person.name).split()
    if not words:
        return set()
    return {" ".join(words), ".".join(words), f"{words[0]}.{words[-1]}"}


def plain(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def pieces(text: str, names: Mapping[str, str]) -> tuple[Piece, ...]:
    """The text in pieces; handles among `names` become those names, whatever else stays as it is."""
    found: list[Piece] = []
    end = 0
    for match in HANDLE.finditer(text):
        handle = match[1] or match[2]
        if handle in names:
            found += [Piece(text[end : match.start()]), Piece(names[handle], handle)]
            end = match.end()
    found.append(Piece(text[end:]))
    return tuple(piece for piece in found if piece.text)


def handle_of(person: Person[Id], people: Iterable[Person[Id]]) -> str:
    """What to write after an at sign so that this person is meant; empty where nothing is sure."""
    known = list(people)
    for written, handle in (
        (person.email.partition("@")[0], person.email.partition("@")[0]),
        (f'"{person.name}"', person.name),
    ):
        if handles_in(f"@{written}") == (handle,) and _surely(handle, known) is person:
            return written
    return ""


def _surely(handle: str, people: list[Person[Id]]) -> Person[Id] | None:
    try:
        return _meant(handle, people)
    except Ambiguous:
        return None


def begun(text: str, people: Iterable[Person[Id]]) -> tuple[Person[Id], ...]:
    """Those of whom a name or the address begins like this, by name."""
    wanted = plain(text.replace(".", " "))
    fitting = (person for person in people if _begins(person, wanted))
    return tuple(sorted(fitting, key=lambda person: plain(person.name)))


def _begins(person: Person[Id], wanted: str) -> bool:
    address = plain(person.email.partition("@")[0].replace(".", " "))
    words = f" {plain(person.name)}  {address}"
    return f" {wanted}" in words
