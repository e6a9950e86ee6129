"""What AdoptIQ knows of a work package and no format has a place for, as texts and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from adoption.adapters.planfile import PlanRow, UnreadablePlan
from rendering.sentences import sentence

LONGEST_DELIVERABLE = 300
_LONGEST_TEXT = 2_000
_MOST_ITEMS = 200
_LONGEST_ITEM = 300
_MOST_MONEY = Decimal(10) ** 10
_ITEM = re.compile(r"\[(?P<mark>[ xX])\]\s*(?P<text>.+)")

Read = Callable[[str, str], Any]
Write = Callable[[PlanRow], str]


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of a row: its name in rows and columns, how it is written, how it is read.

    `read` takes the text and the words that say where it stands, and raises UnreadablePlan.
    """

    name: str
    write: Write
    read: Read


def _text(name: str, longest: int = _LONGEST_TEXT) -> OwnField:
    def read(text: str, where: str) -> str:
        if len(text) > longest:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the %(name)s is longer than %(longest)s letters.",
                    where=where,
                    name=name,
                    longest=f"{longest:,}",
                )
            )
        return text

    return OwnField(name, lambda row: str(getattr(row, name)), read)


def _word(name: str) -> OwnField:
    """One of a list of words that stands elsewhere: what people type becomes what is stored."""

    def read(text: str, where: str) -> str:
        return re.sub(r"[\s_-]+", "_", text.strip().lower())[:40]

    return OwnField(name, lambda row: str(getattr(row, name)), read)


def _money(name: str) -> OwnField:
    def read(text: str, where: str) -> Decimal:
        plain = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the %(name)s “%(text)s” is not a number.",
                    where=where,
                    name=name,
                    text=text[:40],
                )
            ) from None
        if not amount.is_finite() or abs(amount) >= _MOST_MONEY:
            raise UnreadablePlan(
                sentence(
                    "%(where)s: the %(name)s “%(text)s” is too large.",
                    where=where,
                    name=name,
                    text=text[:40],
                )
            )
        return round(amount, 2)

    def write(row: PlanRow) -> str:
        amount = getattr(row, name)
        return "" if amount is None else f"{amount:.2f}"

    return OwnField(name, write, read)


def read_checklist(text: str, where: str) -> tuple[tuple[str, bool], ...]:
    """A line an item; `[x]` before it says that it is done. Raises UnreadablePlan."""
    items = tuple(_item(line.strip()) for line in text.splitlines() if line.strip())
    if len(items) > _MOST_ITEMS:
        raise UnreadablePlan(
            sentence(
                "%(where)s: the checklist has more than %(most)s items.",
                where=where,
                most=_MOST_ITEMS,
            )
        )
    if any(len(item) > _LONGEST_ITEM for item, _done in items):
        raise UnreadablePlan(
            sentence("%(where)s: an item of the checklist is too long.", where=where)
        )
    return items


def _item(line: str) -> tuple[str, bool]:
    found = _ITEM.fullmatch(line)
    if found is None:
        return line, False
    return found["text"].strip(), found["mark"] != " "


def write_checklist(row: PlanRow) -> str:
    return "\n".join(
        f"[{'x' if done else ' '}] {' '.join(text.split())}" for text, done in row.checklist
    )


OWN_FIELDS: tuple[OwnField, ...] = (
    _text("deliverable", LONGEST_DELIVERABLE),
    _text("acceptance_test"),
    _word("role"),
    _word("kind"),
    _text("impact_group", 120),
    _money("budget"),
    _money("cost"),
    OwnField("checklist", write_checklist, read_checklist),
)
BY_NAME = {field.name: field for field in OWN_FIELDS}
