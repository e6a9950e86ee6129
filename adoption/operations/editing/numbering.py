"""Keys of new rows: never one that a row of this plan ever had."""

from django.db import connection

from adoption.operations.editing.desk import Desk

_USED = """
    SELECT max(key::bigint)
    FROM adoption_planchange, jsonb_object_keys(rows) AS key
    WHERE plan_id = %s AND key ~ '^[0-9]{1,12}$'
"""


def fresh_uids(desk: Desk, count: int) -> list[str]:
    """The next whole numbers; what was removed keeps its own in the plan's history."""
    last = max((int(uid) for uid in desk.packages if _is_number(uid)), default=0)
    if not desk.plan._state.adding:
        with connection.cursor() as cursor:
            cursor.execute(_USED, [desk.plan.pk])
            last = max(last, cursor.fetchone()[0] or 0)
    return [str(last + 1 + i) for i in range(count)]


def _is_number(uid: str) -> bool:
    return uid.isascii() and uid.isdigit() and len(uid) <= 12
