"""Rows by the million, made in the database by one statement a table."""

from collections.abc import Mapping
from typing import Any

ABSENT = {
    "integer": "0",
    "smallint": "0",
    "bigint": "0",
    "numeric": "0",
    "double precision": "0",
    "boolean": "false",
    "text": "''",
    "character varying": "''",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
}
NEEDED = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
    AND is_nullable = 'NO' AND column_default IS NULL
"""


def fill(cursor: Any, table: str, given: Mapping[str, str], source: str) -> int:
    """Insert a row for each of `source`, as superuser. `given` has an expression for each column
    that matters; whatever else the table insists on is empty. Returns the rows made.
    """
    cursor.execute(NEEDED, [table])
    rest = {name: ABSENT[kind] for name, kind in cursor.fetchall() if name not in given}
    values = {**given, **rest}
    names = ", ".join(f'"{name}"' for name in values)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM {source}"
    )
    return int(cursor.rowcount)


def key_of(*parts: str) -> str:
    """An expression for the same id whenever it is asked for the same parts."""
    return f"md5(concat_ws(':', {', '.join(parts)}))::uuid"
