"""Rows of a plan copied within the database, where thousands of them need not travel."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from adoption.models import Assignment, Dependency, Plan, WorkPackage
from tenancy.models import new_id

_COPIES = """
WITH copies AS (
    SELECT * FROM unnest(%(packages)s::uuid[], %(fresh)s::uuid[]) AS copies (package, fresh)
)
INSERT INTO {table} ({columns})
SELECT {values} FROM {table} row {joins}
"""


def copy_rows(live: Plan, copy: Plan) -> None:
    """Packages, links and assignments of one plan under new ids for another; three statements."""
    packages = list(WorkPackage.objects.filter(plan=live).values_list("pk", flat=True))
    sent = {"packages": packages, "fresh": [new_id() for _ in packages], "plan": copy.pk}
    _copy(
        WorkPackage,
        {"id": "own.fresh", "plan_id": "%(plan)s::uuid", "parent_id": "above.fresh"},
        "JOIN copies own ON own.package = row.id"
        " LEFT JOIN copies above ON above.package = row.parent_id",
        sent,
    )
    _copy(
        Dependency,
        {
            "id": "uuidv7()",
            "plan_id": "%(plan)s::uuid",
            "before_id": "one.fresh",
            "after_id": "other.fresh",
        },
        "JOIN copies one ON one.package = row.before_id"
        " JOIN copies other ON other.package = row.after_id",
        sent,
    )
    _copy(
        Assignment,
        {"id": "uuidv7()", "package_id": "own.fresh"},
        "JOIN copies own ON own.package = row.package_id",
        sent,
    )


def _copy(model: Any, other: Mapping[str, str], joins: str, sent: Mapping[str, Any]) -> None:
    """All columns as they are but the `other` ones; nothing of the text comes from outside."""
    names = [field.column for field in model._meta.concrete_fields]
    sql = _COPIES.format(
        table=model._meta.db_table,
        columns=", ".join(f'"{name}"' for name in names),
        values=", ".join(other.get(name, f'row."{name}"') for name in names),
        joins=joins,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, sent)
