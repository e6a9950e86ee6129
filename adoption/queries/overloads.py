"""Which packages ask somebody for more than there is, read from their stored dates."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from uuid import UUID

from django.db import connection

from adoption.loading import Loads, Need
from adoption.queries.loading import booked_elsewhere
from adoption.queries.plans import PlanView
from adoption.queries.resources import get_resources
from adoption.scheduling import Axis
from people.models import User

_HUNDREDTHS = 100
# By the packages at hand: joined with their table, the database may look through all of it for each
# assignment of a plan that was only just brought in. Ids as text: most are of no further use.
_NEEDS = """
    SELECT package_id::text, resource_id::text, (units * 100)::int
    FROM adoption_assignment WHERE package_id = ANY(%s::uuid[]) ORDER BY id
"""


def get_overloaded(
    *, plan: PlanView, today: date, person: User | None = None
) -> Mapping[UUID, tuple[str, ...]]:
    """The names of the resources that a package shares at some time from today on while more is
    asked of them than there is, by package. With `person` only what is asked of this person.

    Open work alone asks for anything. No schedule is computed: the stored dates are the plan's.
    """
    dates = {str(row.id): row for row in plan.rows if not (row.is_summary or row.is_done)}
    needs = _needs([*dates])
    if not needs:
        return {}
    axis = Axis(plan.calendar, plan.start_at)
    known = {
        str(row.id): row for row in get_resources(engagement_id=plan.engagement_id, person=person)
    }
    shared = [row.id for row in known.values() if row.is_shared]
    point = cache(axis.point)
    asking = {need.package for need in needs}
    loads = Loads(
        {key: (point(dates[key].start), point(dates[key].finish)) for key in asking},
        needs,
        {key: round(row.capacity * _HUNDREDTHS) for key, row in known.items()},
        booked_elsewhere(plan.engagement_id, axis, shared),
    )
    found: defaultdict[UUID, dict[str, None]] = defaultdict(dict)
    for one in loads.overloads(since=max(0, axis.point(datetime.combine(today, time())))):
        for package in one.packages:
            found[UUID(package)][known[one.resource].name] = None
    return {package: tuple(names) for package, names in found.items()}


def _needs(packages: list[str]) -> list[Need]:
    with connection.cursor() as cursor:
        cursor.execute(_NEEDS, [packages])
        return [Need(*row) for row in cursor.fetchall()]
