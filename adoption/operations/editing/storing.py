"""How an edit is kept: what changed and nothing else, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from adoption.editing import Sheet
from adoption.models import Dependency, Plan, WorkPackage
from adoption.operations.columns import Statement, updating, write_columns
from adoption.operations.editing.desk import ATTRIBUTES, StoredLink

ROWS_AT_ONCE = 2000
STRUCTURE = {
    "position": "integer",
    "outline": "text",
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


EDITED = {attribute: _type_of(attribute) for attribute in ATTRIBUTES.values()}
_LINK = {"type": "text", "lag": "integer", "elapsed": "boolean"}


def updating_rows(rows: Sequence[WorkPackage], columns: Mapping[str, str]) -> list[Statement]:
    """What writes some columns of many packages; names come from this file alone."""
    of = attrgetter(*columns)
    return updating("adoption_workpackage", columns, [(row.pk, of(row)) for row in rows])


def links_in(sheet: Sheet) -> list[StoredLink]:
    """The links of a sheet between the ids of its rows."""
    ids = {row.uid: row.id for row in sheet.rows}
    return [
        StoredLink(None, ids[wait.uid], row.id, wait.type, wait.lag, wait.elapsed)
        for row in sheet.rows
        for wait in row.links
    ]


def keep_links(plan: Plan, before: Iterable[StoredLink], after: Iterable[StoredLink]) -> None:
    """Add, change and remove what differs. A link that gets another type keeps its id."""
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
    removed = old.keys() - new.keys()
    kept = {link_id for link_id, _link in changed}
    _remove_links([old[key].id for key in removed if old[key].id not in kept])
    write_columns("adoption_dependency", _LINK, changed)
    _add_links(plan, added)


def _remove_links(ids: Sequence[UUID | None]) -> None:
    if ids:
        Dependency.objects.filter(pk__in=[each for each in ids if each]).delete()


def _add_links(plan: Plan, links: Sequence[StoredLink]) -> None:
    if links:
        Dependency.objects.bulk_create(
            [
                Dependency(customer_id=plan.customer_id, plan=plan, **link._asdict())
                for link in (each._replace(id=None) for each in links)
            ],
            batch_size=ROWS_AT_ONCE,
        )
