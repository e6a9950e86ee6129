"""What AdoptIQ knows of a work package and no format has a place for, as texts and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from adoption.adapters.planfile import PlanRow, UnreadablePlan

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
            raise UnreadablePlan(f"{where}: the {name} is longer than {longest:,} letters.")
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
            raise UnreadablePlan(f"{where}: the {name} “{text[:40]}” is not a number.") from None
        if not amount.is_finite() or abs(amount) >= _MOST_MONEY:
            raise UnreadablePlan(f"{where}: the {name} “{text[:40]}” is too large.")
        return round(amount, 2)

    def write(row: PlanRow) -> str:
        amount = getattr(row, name)
        return "" if amount is None else f"{amount:.2f}"

    return OwnField(name, write, read)


def read_checklist(text: str, where: str) -> tuple[tuple[str, bool], ...]:
    """A line an item; `[x]` before it says that it is done. Raises UnreadablePlan."""
    items = tuple(_item(line.strip()) for line in text.splitlines() if line.strip())
    if len(items) > _MOST_ITEMS:
        raise UnreadablePlan(f"{where}: the checklist has more than {_MOST_ITEMS} items.")
    if any(len(item) > _LONGEST_ITEM for item, _done in items):
        raise UnreadablePlan(f"{where}: an item of the checklist is too long.")
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
