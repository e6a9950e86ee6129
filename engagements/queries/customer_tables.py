"""Which tables hold rows of customers, found from the models, so that none is forgotten."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from psycopg2 import sql

from engagements.models import Customer
from tenancy.scope import current_tenant_id

Model = type[models.Model]


@cache
def customer_tables() -> tuple[Model, ...]:
    """Every model whose rows say of which customer they are, each after those it points at."""
    found = [model for model in apps.get_models() if _has_column(model, "customer_id")]
    ordered: list[Model] = []
    for model in sorted(found, key=lambda model: model._meta.db_table):
        _place(model, found, ordered, ())
    return tuple(ordered)


def _place(model: Model, all_models: list[Model], ordered: list[Model], path: Any) -> None:
    if model in ordered or model in path:
        return
    for _column, target in keys_between(model, all_models):
        _place(target, all_models, ordered, (*path, model))
    ordered.append(model)


def keys_between(
    model: Model, targets: Iterable[Model], *, required: bool = False
) -> list[tuple[str, Model]]:
    """The columns of a model that point at rows of these tables, each with its table.

    `required` leaves out those that may be empty, on which a row does not hang; what is about an
    engagement always hangs on it.
    """
    wanted = set(targets)
    return [
        (field.column, field.related_model)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model in wanted
        and field.related_model is not Customer
        and not (required and field.null and field.name != "engagement")
    ]


def has_id(model: Model) -> bool:
    """Whether a row is named by an id of its own; some that are counted are not."""
    return _has_column(model, "id")


def is_counted(model: Model) -> bool:
    """Whether its rows are counted from others, and can be counted again."""
    return bool(getattr(model, "is_counted", False))


def _has_column(model: Model, name: str) -> bool:
    return any(field.column == name for field in model._meta.concrete_fields)


def count_rows(customer_id: UUID) -> dict[str, int]:
    """How many rows each table holds of a customer, by the table's name, in one question."""
    tenant = current_tenant_id()
    parts = [
        sql.SQL(
            "SELECT {name}, count(*) FROM {table} WHERE tenant_id = {t} AND customer_id = {c}"
        ).format(
            name=sql.Literal(model._meta.db_table),
            table=sql.Identifier(model._meta.db_table),
            t=sql.Literal(str(tenant)),
            c=sql.Literal(str(customer_id)),
        )
        for model in customer_tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return dict(cursor.fetchall())
