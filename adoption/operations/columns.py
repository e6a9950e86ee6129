"""Some columns of many rows, written in one statement; several such statements sent as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery

# SQL and what it is sent with.
Statement = tuple[str, Sequence[Any]]
_ROWS_AT_ONCE = 2000


def write_columns(
    table: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, Sequence[Any]]]
) -> None:
    """`rows` are ids with the values of `columns`, which maps names to PostgreSQL's types."""
    send(updating(table, columns, rows))


def updating(
    table: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, Sequence[Any]]]
) -> list[Statement]:
    """What `write_columns` sends; nothing for no rows.

    Table and columns are names of our own code, never of what somebody sent.
    """
    if not rows:
        return []
    names = ", ".join(f'"{name}"' for name in columns)
    sets = ", ".join(f'"{name}" = new."{name}"' for name in columns)
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    sql = (
        f"UPDATE {table} SET {sets}"  # noqa: S608
        f" FROM unnest(%s::uuid[], {arrays}) AS new(id, {names})"
        f" WHERE {table}.id = new.id"
    )
    values = map(list, zip(*(values for _key, values in rows), strict=True))
    return [(sql, [[key for key, _values in rows], *values])]


def inserting(rows: Sequence[models.Model]) -> list[Statement]:
    """What adds rows of one model whose ids are set already."""
    statements: list[Statement] = []
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        model = type(rows[first])
        query = InsertQuery(model)
        query.insert_values(model._meta.concrete_fields, [*rows[first : first + _ROWS_AT_ONCE]])
        statements += query.get_compiler(connection=connection).as_sql()
    return statements


def deleting(table: str, ids: Sequence[Any]) -> list[Statement]:
    """What deletes rows by their ids; nothing for none."""
    sql = f"DELETE FROM {table} WHERE id = ANY(%s::uuid[])"  # noqa: S608
    return [(sql, [[*ids]])] if ids else []


def send(statements: Iterable[Statement]) -> None:
    """Send several statements as one: each way to the database and back costs as much as most of
    them. None may touch a row of another."""
    *first, last = [*statements] or [("", ())]
    if not last[0]:
        return
    # A statement that the last one does not ask is carried out all the same.
    parts = ", ".join(f"part{i} AS ({sql})" for i, (sql, _values) in enumerate(first))
    sql = f"WITH {parts} {last[0]}" if first else last[0]
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, values in (*first, last) for value in values])
