"""Ids that are one person: learnt from what senders say, and joined where both have history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection, transaction

from engagements.operations import drop_end_users, ensure_end_users
from engagements.queries import get_end_users_called
from tenancy.scope import current_tenant_id
from usage.adapters.canonical import Event
from usage.models import Alias, Exclusion
from usage.operations.recounting import join_days
from usage.operations.remembering import Memory, remember
from usage.queries.exclusions import get_excluded

# As JSON, one text in place of hundreds of parameters.
KNOWN = """
SELECT said, person FROM usage_alias WHERE tenant_id = %(tenant)s::uuid
    AND said = ANY(ARRAY(SELECT json_array_elements_text(%(said)s::json)))
"""
# Days of events go to the other user and are touched, so that the night counts them again. Events
# of the old one lie on its user-days, or are so new that a touch still speaks of them; whoever is
# left out of every count has no such days.
JOIN = """
WITH moving AS (
    SELECT * FROM unnest(%(customers)s::uuid[], %(olds)s::uuid[], %(news)s::uuid[])
        AS m(customer_id, old_id, new_id)
), touched AS (
    SELECT named.customer_id, min(t.first_at) AS first_at
    FROM usage_touch t CROSS JOIN unnest(t.customers || t.customer_id) AS named(customer_id)
    WHERE t.tenant_id = %(tenant)s::uuid GROUP BY named.customer_id
), begun AS (
    SELECT m.*, CASE WHEN m.old_id = ANY(%(excluded)s::uuid[]) THEN '-infinity' ELSE least(
        (SELECT min(d.day) FROM usage_userday d
         WHERE d.tenant_id = %(tenant)s::uuid AND d.end_user_id = m.old_id) - interval '2 days',
        (SELECT t.first_at FROM touched t WHERE t.customer_id = m.customer_id)
    ) END AS since FROM moving m
), moved AS (
    UPDATE usage_event e SET end_user_id = b.new_id FROM begun b
    WHERE e.tenant_id = %(tenant)s::uuid AND e.customer_id = b.customer_id
        AND e.occurred_at >= b.since AND e.end_user_id = b.old_id
    RETURNING e.customer_id, e.occurred_at
)
INSERT INTO usage_touch (tenant_id, customers, first_at, last_at)
SELECT %(tenant)s::uuid, array_agg(DISTINCT customer_id), min(occurred_at), max(occurred_at)
FROM moved GROUP BY date_trunc('day', occurred_at, 'UTC')
"""


def names_of(events: Sequence[Event], memory: Memory) -> dict[str, str]:
    """Who each id said in the events is: itself where nothing else is known."""
    said = {event.user_id for event in events}
    said |= {event.anonymous_id for event in events}
    said |= {event.previous_id for event in events}
    names: dict[str, str] = {}
    unknown = []
    for key in said:
        if key and (name := memory.persons.get(key)):
            names[key] = name
        elif key:
            unknown.append(key)
    if unknown:
        found = _looked_up(unknown)
        names |= found
        remember(memory, persons=found)
    return names


def _looked_up(ids: Sequence[str]) -> dict[str, str]:
    values = {"tenant": str(current_tenant_id()), "said": orjson.dumps(ids).decode()}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, values)
        return dict(zip(ids, ids, strict=True)) | dict(cursor.fetchall())


@transaction.atomic(savepoint=False)
def learn_aliases(*, events: Sequence[Event], now: datetime, memory: Memory) -> dict[str, str]:
    """Keep what the events say of ids that are one person. Returns who each of their ids is.

    An id that is somebody already stays theirs: a device two people share is the first one's.
    """
    names = names_of(events, memory)
    fresh: dict[str, str] = {}
    for said, person in _pairs(events):
        person = fresh.get(names[person], names[person])
        if names[said] == said and said not in fresh and person != said:
            fresh[said] = person
    if fresh:
        _keep(fresh, now)
        # Another request may have said so first, of somebody else.
        names = names_of(events, Memory())
    return names


def _pairs(events: Iterable[Event]) -> Iterable[tuple[str, str]]:
    for event in events:
        if event.user_id and (event.anonymous_id or event.previous_id):
            for said in (event.anonymous_id, event.previous_id):
                if said and said != event.user_id:
                    yield said, event.user_id


def _keep(fresh: Mapping[str, str], now: datetime) -> None:
    # In one order, so that two requests that say the same cannot wait for each other.
    rows = [Alias(said=said, person=person, known_at=now) for said, person in sorted(fresh.items())]
    Alias.objects.bulk_create(rows, ignore_conflicts=True)
    # Whoever was the person of others until now leads on to the new one.
    for row in Alias.objects.filter(person__in=list(fresh)):
        row.person, row.joined_at = fresh[row.person], None
        row.save(update_fields=["person", "joined_at"])


@transaction.atomic
def join_people(*, now: datetime) -> int:
    """Give the events of ids that became known as somebody else to that person.

    Returns how many end users went. A person's days are counted again by the next night.
    """
    waiting = list(Alias.objects.select_for_update().filter(joined_at=None).order_by("said"))
    if not waiting:
        return 0
    persons = {row.said: row.person for row in waiting}
    olds = get_end_users_called(external_ids=persons)
    wanted: dict[UUID, set[str]] = {}
    for (customer_id, said), _pk in olds.items():
        wanted.setdefault(customer_id, set()).add(persons[said])
    news = ensure_end_users(external_ids=wanted)
    moves = [
        (customer_id, old, news[customer_id, persons[said]])
        for (customer_id, said), old in sorted(olds.items())
    ]
    _move(moves)
    Alias.objects.filter(pk__in=[row.pk for row in waiting]).update(joined_at=now)
    return len(moves)


def _move(moves: list[tuple[UUID, UUID, UUID]]) -> None:
    if not moves:
        return
    columns = [[str(value) for value in column] for column in zip(*moves, strict=True)]
    values = dict(zip(("customers", "olds", "news"), columns, strict=True))
    values["excluded"] = [str(pk) for _, pk in get_excluded(exclusions=Exclusion.objects.all())]
    with connection.cursor() as cursor:
        cursor.execute(JOIN, {"tenant": str(current_tenant_id()), **values})
    join_days(moves)
    drop_end_users(ids=[old for _customer, old, _new in moves])
