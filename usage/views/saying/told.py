"""What a page shows of one number, and shares in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.figures import Figure
from rendering.templatetags.formats import number, percent
from usage.numbers.shares import FEWEST_USERS, Share

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in a sentence, the figure, and the same as a table. `words` stand in for the
    figure where it is not seen."""

    finding: str
    words: str
    figure: Figure
    columns: tuple[str, ...]
    rows: Rows


class Linked(str):
    """A number in a table that opens the people it counted: `query` asks the list for them.

    `kind` is "counted", or "summed" where a column of that list adds up to it.
    """

    query: str = ""
    kind: str = "counted"

    @classmethod
    def to(cls, text: str, key: str, **narrowed: str) -> Self:
        made = cls(text)
        made.query = urlencode({"counted": key, **narrowed})
        return made

    @classmethod
    def over(cls, text: str, key: str, **narrowed: str) -> Self:
        """A sum over the people of another number."""
        made = cls.to(text, key, **narrowed)
        made.kind = "summed"
        return made


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what it is made of: how many of how many, each opening the people it counted."""

    label: str
    value: str
    parts: tuple[str, ...] = ()
    note: str = ""
    # What stands between the parts: "of" unless something else does.
    between: str = ""


def tile_of(label: str, share: Share, key: str, among: str, *, note: str = "") -> Tile:
    """A share as percent, or as counts alone where fewer than five are counted."""
    count, size = Linked.to(number(share.count), key), Linked.to(number(share.size), among)
    if share.is_small:
        shown = _("%(count)s of %(size)s") % {"count": count, "size": size}
        return Tile(label, shown, (count, size), note or _("are too few for a share"))
    return Tile(label, percent(share.value), (count, size), note)


def say_share(count: int, size: int) -> str:
    """`12 of 68 (18 %)`; of fewer than five the counts alone."""
    said = _("%(count)s of %(size)s") % {"count": number(count), "size": number(size)}
    return _with_percent(said, count, size)


def say_people(count: int, size: int) -> str:
    """`12 of 68 people (18 %)`."""
    words = ngettext("%(count)s of %(size)s person", "%(count)s of %(size)s people", size)
    return _with_percent(words % {"count": number(count), "size": number(size)}, count, size)


def say_seats(count: int, size: int) -> str:
    """`12 of 68 seats (18 %)`."""
    words = ngettext("%(count)s of %(size)s seat", "%(count)s of %(size)s seats", size)
    return _with_percent(words % {"count": number(count), "size": number(size)}, count, size)


def _with_percent(said: str, count: int, size: int) -> str:
    return said if size < FEWEST_USERS else f"{said} ({percent(count / size)})"
