"""How an edit is kept: what changed and nothing else, in a fixed number of statements."""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from adoption.editing import Sheet
from adoption.models import Dependency, Plan, WorkPackage
from adoption.operations.columns import Statement, deleting, inserting, updating
from adoption.operations.editing.desk import ATTRIBUTES, StoredLink
from adoption.operations.placing import COMPUTED
from tenancy.models import new_id

STRUCTURE = {
    "outline": "text",
    "position": "integer",
    "level": "smallint",
    "parent_id": "uuid",
    "is_summary": "boolean",
}
_TYPES = {
    "BooleanField": "boolean",
    "DecimalField": "numeric",
    "FloatField": "double precision",
    "ForeignKey": "uuid",
    "IntegerField": "integer",
    "LocalDateTimeField": "timestamp",
    "PositiveSmallIntegerField": "smallint",
    "TenantForeignKey": "uuid",
}


def _type_of(attribute: str) -> str:
    field = WorkPackage._meta.get_field(attribute.removesuffix("_id"))
    return _TYPES.get(field.get_internal_type(), "text")


# What of a row may differ: what people state, its number alone, all of its place, its dates.
FIELDS, NUMBER, WHERE, DATES = "fields", "number", "where", "dates"
_GROUPS = {
    FIELDS: {attribute: _type_of(attribute) for attribute in ATTRIBUTES.values()},
    NUMBER: {"outline": STRUCTURE["outline"]},
    WHERE: STRUCTURE,
    DATES: COMPUTED,
}
_LINK = {"type": "text", "lag": "integer", "elapsed": "boolean"}


def updating_rows(rows: Sequence[WorkPackage], groups: Collection[str]) -> list[Statement]:
    """What writes some groups of columns of many packages; names come from this file alone."""
    columns = {name: kind for group in sorted(groups) for name, kind in _GROUPS[group].items()}
    of = attrgetter("pk", *columns)
    found = [(pk, values) for pk, *values in map(of, rows)]
    return updating("adoption_workpackage", columns, found)


def links_in(sheet: Sheet) -> list[StoredLink]:
    """The links of a sheet between the ids of its rows."""
    ids = {row.uid: row.id for row in sheet.rows}
    return [
        StoredLink(None, ids[wait.uid], row.id, wait.type, wait.lag, wait.elapsed)
        for row in sheet.rows
        for wait in row.links
    ]


def keeping_links(
    plan: Plan, before: Iterable[StoredLink], after: Iterable[StoredLink]
) -> list[Statement]:
    """What adds, changes and removes links that differ. One that gets another type keeps its id."""
    old = {(link.before_id, link.after_id, link.type): link for link in before}
    new = {(link.before_id, link.after_id, link.type): link for link in after}
    gone = {key[:2]: link for key, link in old.items() if key not in new}
    changed: list[tuple[Any, Any]] = []
    added: list[StoredLink] = []
    for key, link in new.items():
        known = old.get(key)
        if known is None and key[:2] in gone:
            known = gone.pop(key[:2])
        if known is None:
            added.append(link)
        elif known[3:] != link[3:]:
            changed.append((known.id, link[3:]))
    # Of several links of one pair that go at once, only one is in `gone` by its pair.
    kept = {link_id for link_id, _link in changed}
    removed = {old[key].id for key in old.keys() - new.keys()} - kept
    return [
        *deleting("adoption_dependency", [*removed]),
        *updating("adoption_dependency", _LINK, changed),
        *inserting([_dependency(plan, link) for link in added]),
    ]


def _dependency(plan: Plan, link: StoredLink) -> Dependency:
    fields = link._asdict() | {"id": new_id(), "customer_id": plan.customer_id}
    return Dependency(plan=plan, **fields)
