"""What hangs on a package and goes with it: written down when it is removed, put back by undo."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from adoption.models import Dependency, Plan, WorkPackage
from adoption.operations.columns import Statement, inserting

# Kept as part of the outline itself.
_OUTLINE = (WorkPackage, Dependency)
# These are the plan's, wherever they were when they were written down.
_GIVEN = ("tenant", "customer", "package")
# Where a change holds what hung on a row that it removed.
KEPT = "kept"

Kept = Sequence[Mapping[str, Any]]


def take_off(packages: Sequence[WorkPackage]) -> dict[str, list[dict[str, Any]]]:
    """Delete packages with all that hangs on them; returns that by uid, as JSON holds it."""
    if not packages:
        return {}
    uids = {str(package.pk): package.uid for package in packages}
    companions = _companions()
    with connection.cursor() as cursor:
        cursor.execute(_taking(companions), [[*uids]] * (len(companions) + 1))
        found = cursor.fetchall()
    kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label, package_id, row in found:
        kept[uids[package_id]].append({"of": label, **json.loads(row)})
    return dict(kept)


def _taking(companions: Sequence[tuple[Any, str]]) -> str:
    """One statement that deletes and tells; keys between tables are checked when it is over.

    Tables and columns are those of our own models, never of what somebody sent.
    """
    parts, told = [f"DELETE FROM {WorkPackage._meta.db_table} WHERE id = ANY(%s::uuid[])"], []  # noqa: S608
    for i, (model, key) in enumerate(companions, start=1):
        parts.append(
            f"DELETE FROM {model._meta.db_table} AS row WHERE {key} = ANY(%s::uuid[])"  # noqa: S608
            f" RETURNING '{model._meta.label}', {key}::text, to_jsonb(row)"
        )
        told.append(f"SELECT * FROM part{i}")  # noqa: S608
    named = ", ".join(f"part{i} AS ({part})" for i, part in enumerate(parts))
    return f"WITH {named} {' UNION ALL '.join(told)}"


def kept_in(changes: Mapping[str, Mapping[str, Sequence[Any]]]) -> Kept:
    """What hung on the rows that a change removed."""
    return [row for fields in changes.values() for row in (fields.get(KEPT) or [[]])[0]]


def pointed_at(kept: Kept) -> Iterable[tuple[Any, Any]]:
    """Model and id of each row beside the plan that these point at."""
    for values in kept:
        for field in _keys(apps.get_model(values["of"])):
            yield field.related_model, values.get(field.attname)


def putting_back(plan: Plan, kept: Kept, there: set[UUID]) -> list[Statement]:
    """What makes again what `take_off` returned; of what it points at, only these are `there`."""
    made: dict[Any, list[models.Model]] = defaultdict(list)
    for values in kept:
        model = apps.get_model(values["of"])
        row = _living(model, values, there)
        if row is not None:
            row.customer_id = plan.customer_id
            made[model].append(row)
    return [statement for each in made.values() for statement in inserting(each)]


def _living(model: Any, values: Mapping[str, Any], there: set[UUID]) -> Any | None:
    """The row, with nothing where somebody was who is gone; None where it cannot be without."""
    # What was written down before a column came has no value for it.
    known = {
        field.attname: field.to_python(values[field.attname])
        for field in model._meta.concrete_fields
        if field.attname in values
    }
    lost = [field for field in _keys(model) if known.get(field.attname) not in {None, *there}]
    if not all(field.null for field in lost):
        return None
    return model(**known | {field.attname: None for field in lost})


def _keys(model: Any) -> list[Any]:
    """What a companion points at beside its package."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name not in _GIVEN
    ]


def still_there(asked: Iterable[tuple[Any, Any]]) -> set[UUID]:
    """Which of these rows there are (still), asked by model and id in one statement."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for model, row_id in asked:
        if row_id:
            wanted[model].add(row_id)
    found = [
        model._base_manager.filter(pk__in=ids).order_by().values_list("pk", flat=True)
        for model, ids in wanted.items()
    ]
    return set(found[0].union(*found[1:], all=True)) if found else set()


def _companions() -> list[tuple[Any, str]]:
    return [
        (relation.related_model, relation.field.attname)
        for relation in WorkPackage._meta.related_objects
        if relation.related_model not in _OUTLINE
    ]
