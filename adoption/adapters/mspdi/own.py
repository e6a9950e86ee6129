"""Our own fields as Project's extended attributes: named by an alias, read by that alias."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from adoption.adapters.mspdi.records import Record
from adoption.adapters.mspdi.values import duration_text, minutes_of
from adoption.adapters.own_fields import OWN_FIELDS
from adoption.adapters.planfile import PlanRow, UnreadablePlan
from rendering.sentences import sentence

PREFIX = "AdoptIQ: "
ID = "id"
_OWNERS_APART = "; "


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of Project's that holds a field of ours."""

    field_id: int
    field_name: str
    name: str
    write: Callable[[PlanRow], str]
    read: Callable[[str, str], Any]

    @property
    def alias(self) -> str:
        return PREFIX + self.name.replace("_", " ")


# Project's own numbers of its columns Text1 and following.
_TEXTS = (
    *(188743731, 188743734, 188743737, 188743740, 188743743),
    *(188743746, 188743747, 188743748, 188743749, 188743750),
)
_DURATIONS = {"optimistic": ("Duration1", 188743783), "pessimistic": ("Duration3", 188743785)}


def _duration(name: str) -> Attribute:
    column, number = _DURATIONS[name]

    def write(row: PlanRow) -> str:
        minutes = getattr(row, name)
        return "" if minutes is None else duration_text(minutes)

    return Attribute(number, column, name, write, minutes_of)


def _percent(text: str, where: str) -> float:
    try:
        return min(100.0, max(0.0, float(text)))
    except ValueError:
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is not a percentage.", where=where, text=text[:40])
        ) from None


def _percent_text(row: PlanRow) -> str:
    """Only what Project's whole per cents leave out."""
    return "" if row.percent == int(row.percent) else repr(float(row.percent))


def _attributes() -> Iterator[Attribute]:
    texts = [(field.name, field.write, field.read) for field in OWN_FIELDS]
    texts.append(("percent", _percent_text, _percent))
    for number, (name, write, read) in enumerate(texts):
        yield Attribute(_TEXTS[number + 1], f"Text{number + 2}", name, write, read)
    yield from map(_duration, _DURATIONS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of Project's that holds a text of ours beside the fields of a row."""

    field_id: int
    field_name: str
    name: str

    @property
    def alias(self) -> str:
        return PREFIX + self.name


# Of a task: its owners where assignments do not say them; of the project: what its calendar was
# made from. The others are of resources.
OWNERS = Column(188743997, "Text11", "owner")
PLAN_TERMS = Column(188743998, "Text12", "working time")
RESOURCE_KIND = Column(205520904, "Text1", "resource kind")
RESOURCE_TERMS = Column(205520905, "Text2", "resource working time")
RESOURCE_SHARED = Column(205520906, "Text3", "resource of the workspace")
COLUMNS = (OWNERS, PLAN_TERMS, RESOURCE_KIND, RESOURCE_TERMS, RESOURCE_SHARED)
ATTRIBUTES: tuple[Attribute, ...] = tuple(_attributes())
ID_FIELD, ID_COLUMN = _TEXTS[0], "Text1"
_BY_ALIAS = {attribute.alias.casefold(): attribute for attribute in ATTRIBUTES}


class Own:
    """Which of a file's extended attributes are ours, by the aliases the file gives them."""

    def __init__(self, definitions: list[Record]) -> None:
        aliases = {one.get("FieldID"): one.get("Alias").casefold() for one in definitions}
        self._ours = {
            number: _BY_ALIAS[alias] for number, alias in aliases.items() if alias in _BY_ALIAS
        }
        self._columns = {
            column: number
            for column in COLUMNS
            for number, alias in aliases.items()
            if alias == column.alias.casefold()
        }
        id_alias = (PREFIX + ID).casefold()
        self._id = next((number for number, alias in aliases.items() if alias == id_alias), "")

    @property
    def knows_resources(self) -> bool:
        """Whether the file tells resources of ours from other names."""
        return RESOURCE_KIND in self._columns

    def value(self, record: Record, column: Column) -> str:
        number = self._columns.get(column)
        records = record.groups.get("ExtendedAttribute", ()) if number else ()
        return next((one.get("Value") for one in records if one.get("FieldID") == number), "")

    def owners(self, task: Record) -> tuple[str, ...]:
        names = self.value(task, OWNERS).split(_OWNERS_APART.strip())
        return tuple(name.strip() for name in names if name.strip())

    def uids(self, tasks: list[Record]) -> list[str]:
        """Each row's own id where Project could not hold it, else the task's number.

        Who copies a task in Project copies our id with it: the first task keeps it.
        """
        taken: set[str] = set()
        found = []
        for task in tasks:
            own = self._own_id(task)
            uid = own if own and own not in taken else task.get("UID")
            taken.add(uid)
            found.append(uid)
        return found

    def _own_id(self, task: Record) -> str:
        records = task.groups.get("ExtendedAttribute", ()) if self._id else ()
        return next((one.get("Value") for one in records if one.get("FieldID") == self._id), "")

    def put_on(self, row: PlanRow, task: Record, where: str, warnings: list[str]) -> PlanRow:
        """The row with what the task says of our fields. Raises UnreadablePlan."""
        found: dict[str, Any] = {}
        for one in task.groups.get("ExtendedAttribute", ()):
            ours, text = self._ours.get(one.get("FieldID", "")), one.get("Value")
            if ours is not None and text:
                found[ours.name] = ours.read(text, where)
        if _has_gap(row, found):
            del found["optimistic"], found["pessimistic"]
            warnings.append(
                sentence(
                    "%(where)s: the duration lies outside optimistic and pessimistic; they are left out.",
                    where=where,
                )
            )
        return replace(row, **found) if found else row


def _has_gap(row: PlanRow, found: dict[str, Any]) -> bool:
    """Whether a duration was changed in Project past the points on both sides of it."""
    around = [found.get(name) for name in _DURATIONS]
    if around == [None, None]:
        return False
    found.update(zip(_DURATIONS, around, strict=True))
    least, most = (row.duration if minutes is None else minutes for minutes in around)
    return row.summary or not least <= row.duration <= most
