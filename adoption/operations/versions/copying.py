"""Rows of a plan copied within the database, where thousands of them need not travel."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from adoption.models import Assignment, Dependency, Plan, WorkPackage
from tenancy.models import new_id

# Ids are translated by an object of old and fresh ones, not by a join: to a planner that takes a
# workspace's rows for few, comparing each with each looks cheap.
_COPIES = """
INSERT INTO {table} ({columns})
SELECT {values} FROM {table} row, (SELECT %(fresh)s::jsonb AS ids) fresh
WHERE row.{which}
"""
_OF_PLAN = "plan_id = %(live)s::uuid"
_OF_PACKAGES = f"package_id IN (SELECT id FROM {WorkPackage._meta.db_table} WHERE {_OF_PLAN})"  # noqa: S608


def copy_rows(live: Plan, copy: Plan) -> None:
    """Packages, links and assignments of one plan under new ids for another; three statements."""
    packages = WorkPackage.objects.filter(plan=live).values_list("pk", flat=True)
    fresh = {str(package): str(new_id()) for package in packages}
    sent = {"live": live.pk, "plan": copy.pk, "fresh": json.dumps(fresh)}
    plan = {"plan_id": "%(plan)s::uuid"}
    own = {"id": _fresh("id"), "parent_id": _fresh("parent_id")}
    ends = {name: _fresh(name) for name in ("before_id", "after_id")}
    new = {"id": "uuidv7()"}
    _copy(WorkPackage, plan | own, _OF_PLAN, sent)
    _copy(Dependency, plan | new | ends, _OF_PLAN, sent)
    _copy(Assignment, new | {"package_id": _fresh("package_id")}, _OF_PACKAGES, sent)


def _fresh(column: str) -> str:
    return f"(fresh.ids ->> row.{column}::text)::uuid"


def _copy(model: Any, other: Mapping[str, str], which: str, sent: Mapping[str, Any]) -> None:
    """All columns as they are but the `other` ones; nothing of the text comes from outside."""
    names = [field.column for field in model._meta.concrete_fields]
    sql = _COPIES.format(
        table=model._meta.db_table,
        columns=", ".join(f'"{name}"' for name in names),
        values=", ".join(other.get(name, f'row."{name}"') for name in names),
        which=which,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, sent)
