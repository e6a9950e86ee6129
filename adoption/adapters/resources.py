"""Whom and what the work of a plan needs, as plan files hold it.

In a table a row's needs are one text: `Ada Weaver; Room 1 × 0.5`. What belongs to the workspace
rather than to one engagement is marked: `Room 1 @workspace`. A name in which a sign of this
writing stands is put in quotation marks, those in it doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from adoption.adapters.refusals import UnreadablePlan
from adoption.scheduling.terms import Terms
from rendering.sentences import sentence

KINDS = ("person", "role", "place")
LEAST_UNITS, MOST_UNITS = Decimal("0.05"), Decimal(1000)
MOST_RESOURCES = 2_000
_MOST_NEEDS = 50
_LONGEST_NAME = 120
_WORKSPACE = " @workspace"
_SIGNS = re.compile(r'[;"×*]')
_NEED = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^;"×*]+))'
    r"(?P<shared>\s*@workspace)?\s*(?:[×*]\s*(?P<units>\d{1,4}(?:[.,]\d{1,2})?))?\s*(?:;|$)"
)


class Need(NamedTuple):
    """That a row needs so many units of a resource; 1 is one whole person or room."""

    resource: str
    units: Decimal = Decimal(1)
    shared: bool = False

    @property
    def key(self) -> tuple[bool, str]:
        """Resources of one engagement are told apart by it; so are those of the workspace."""
        return self.shared, self.resource.casefold()


@dataclass(frozen=True, slots=True)
class FileResource:
    """Somebody or something that a plan's work needs.

    `kind` is person, role or place. `terms` is its own working time, None where it is there
    whenever the plan works. `shared` belongs to the workspace. `is_named_only` is one of whom the
    file says nothing but the name.
    """

    name: str
    kind: str = "person"
    capacity: Decimal = Decimal(1)
    terms: Terms | None = None
    shared: bool = False
    is_named_only: bool = False

    @property
    def key(self) -> tuple[bool, str]:
        return self.shared, self.name.casefold()


def write_needs(needs: Iterable[Need]) -> str:
    return "; ".join(map(_written, needs))


def _written(need: Need) -> str:
    name = need.resource
    if _SIGNS.search(name) or name.endswith(_WORKSPACE.strip()):
        name = '"' + name.replace('"', '""') + '"'
    units = "" if need.units == 1 else f" × {number_text(need.units)}"
    return f"{name}{_WORKSPACE if need.shared else ''}{units}"


def read_needs(text: str, where: str) -> tuple[Need, ...]:
    """Raises UnreadablePlan saying `where`."""
    found: list[Need] = []
    at = 0
    while text[at:].strip(" ;"):
        match = _NEED.match(text, at)
        if match is None or len(found) >= _MOST_NEEDS:
            raise UnreadablePlan(
                sentence(
                    "%(where)s “%(text)s” is not like Ada Weaver; Room 1 × 0.5.",
                    where=where,
                    text=text[:40],
                )
            )
        found.append(_need(match, where))
        at = match.end()
    return merged(found)


def _need(match: re.Match[str], where: str) -> Need:
    quoted, plain = match["quoted"], match["plain"]
    name = quoted.replace('""', '"') if quoted is not None else plain
    shared = bool(match["shared"]) or (plain or "").rstrip().endswith(_WORKSPACE)
    if shared and plain:
        name = plain.rstrip().removesuffix(_WORKSPACE)
    units = read_units(match["units"] or "1", where)
    return Need(clean_name(name, where), units, shared)


def merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """One need of a resource: of several the sum of their units."""
    found: dict[tuple[bool, str], Need] = {}
    for need in needs:
        known = found.get(need.key)
        units = min(MOST_UNITS, need.units + (known.units if known else 0))
        found[need.key] = (known or need)._replace(units=units)
    return tuple(found.values())


def clean_name(text: str, where: str) -> str:
    """Raises UnreadablePlan for a name that is missing or too long."""
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise UnreadablePlan(
            sentence(
                "%(where)s: a resource has a name of 1 to %(most)s letters.",
                where=where,
                most=_LONGEST_NAME,
            )
        )
    return name


def read_units(text: str, where: str) -> Decimal:
    """Units or a capacity. Raises UnreadablePlan outside 0.05 to 1,000."""
    try:
        units = round(Decimal(text.strip().replace(",", ".")), 2)
    except InvalidOperation:
        units = Decimal(0)
    if not (units.is_finite() and LEAST_UNITS <= units <= MOST_UNITS):
        raise UnreadablePlan(
            sentence(
                "%(where)s: “%(text)s” is not between 0.05 and 1,000 units.",
                where=where,
                text=text[:40],
            )
        )
    return units


def number_text(number: Decimal) -> str:
    """Without zeros that say nothing: 1, 0.5, 12.25."""
    return f"{number.normalize():f}"


def known_by(resources: Iterable[FileResource], needs: Iterable[Need]) -> tuple[FileResource, ...]:
    """The resources, and those that rows need beside them, of which there is but the name."""
    found = {one.key: one for one in resources}
    for need in needs:
        if need.key not in found:
            found[need.key] = FileResource(need.resource, shared=need.shared, is_named_only=True)
    return tuple(found.values())
