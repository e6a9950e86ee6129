"""What hangs on a package and goes with it: written down when it is removed, put back by undo."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from adoption.models import Dependency, WorkPackage

# Kept as part of the outline itself.
_OUTLINE = (WorkPackage, Dependency)


def take_off(packages: Sequence[WorkPackage]) -> dict[str, list[dict[str, Any]]]:
    """Delete packages with all that hangs on them; returns that by uid, as JSON holds it."""
    if not packages:
        return {}
    uids = {package.pk: package.uid for package in packages}
    kept: dict[str, list[dict[str, Any]]] = {}
    for model, key in _companions():
        rows = model._base_manager.filter(**{f"{key}__in": uids})
        found = list(rows.values())
        for values in found:
            plain = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
            kept.setdefault(uids[values[key]], []).append({"of": model._meta.label, **plain})
        if found:
            rows.delete()
    # Nothing points at them any more, so the rows go in one statement.
    gone = WorkPackage.objects.filter(pk__in=uids)
    gone._raw_delete(gone.db)
    return kept


def put_back(kept: Iterable[dict[str, Any]]) -> None:
    """Make what `take_off` returned again, without what it points at and is gone by now."""
    by_model: dict[str, list[dict[str, Any]]] = {}
    for values in kept:
        by_model.setdefault(values["of"], []).append(values)
    for label, rows in by_model.items():
        model = apps.get_model(label)
        made = [row for row in _living(model, rows) if row is not None]
        model._base_manager.bulk_create(made)


def _living(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> Iterable[Any]:
    fields = model._meta.concrete_fields
    there = {
        field.attname: still_there(field.related_model, [row[field.attname] for row in rows])
        for field in fields
        if isinstance(field, models.ForeignKey) and field.name not in ("tenant", "package")
    }
    for row in rows:
        # What was written down before a column came has no value for it.
        values = {
            field.attname: field.to_python(row[field.attname])
            for field in fields
            if field.attname in row
        }
        lost = [name for name, ids in there.items() if values[name] and values[name] not in ids]
        if all(model._meta.get_field(name.removesuffix("_id")).null for name in lost):
            yield model(**values | dict.fromkeys(lost))


def still_there(model: Any, ids: Iterable[Any]) -> set[UUID]:
    """Which of these rows there are (still)."""
    asked = {each for each in ids if each}
    if not asked:
        return set()
    return set(model._base_manager.filter(pk__in=asked).values_list("pk", flat=True))


def _companions() -> list[tuple[Any, str]]:
    return [
        (relation.related_model, relation.field.attname)
        for relation in WorkPackage._meta.related_objects
        if relation.related_model not in _OUTLINE
    ]
