"""What the packages of a plan need becomes what a file says of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from adoption.adapters import PlanFile
from adoption.adapters.resources import FileResource
from adoption.models import Assignment, Plan, Resource
from adoption.operations.own_time import follow_resources
from adoption.operations.resources import add_resource, change_resource
from adoption.queries.plan_files import file_resource
from adoption.queries.resources import resources_of
from adoption.scheduling.terms import ANY_TIME
from tenancy.audit import summed_up

ROWS_AT_ONCE = 2000

Key = tuple[bool, str]
Pair = tuple[UUID, UUID]


def bring_in_needs(
    plan: Plan, plan_file: PlanFile, ids: Mapping[str, UUID], *, now: datetime
) -> None:
    """Make the assignments of a plan's packages, by id of each uid, those of the file.

    Resources that are not there yet are made, the engagement's own changed; those of the
    workspace stay as they are, and what the asker may not see stays assigned.
    Raises ValidationError where what a package needs is never there together.
    """
    resources = _resources(plan)
    with summed_up():
        for one in plan_file.resources:
            resources[one.key] = _kept(plan, one, resources.get(one.key), now)
    wanted = {
        (ids[row.uid], resources[need.key].pk): need.units
        for row in plan_file.rows
        for need in row.needs
    }
    _assign(plan, wanted, ids.values())
    needed = {resource for _package, resource in wanted}
    has_times = any(row.terms for row in resources.values() if row.pk in needed)
    if has_times or plan.calendars:
        follow_resources([plan], now=now)


def _resources(plan: Plan) -> dict[Key, Resource]:
    """By key; one that is archived only where no other has the name."""
    rows = sorted(resources_of(plan.engagement_id), key=lambda row: row.archived_at is None)
    return {(row.is_shared, row.name.casefold()): row for row in rows}


def _kept(plan: Plan, one: FileResource, row: Resource | None, now: datetime) -> Resource:
    fields: dict[str, Any] = {"name": one.name, "kind": one.kind, "capacity": one.capacity}
    if row is None:
        return add_resource(engagement=plan.engagement, fields=fields, terms=one.terms)
    if not row.is_shared and not one.is_named_only and file_resource(row) != one:
        change_resource(resource=row, fields=fields, terms=one.terms or ANY_TIME, now=now)
    return row


def _assign(plan: Plan, wanted: Mapping[Pair, Decimal], packages: Iterable[UUID]) -> None:
    """Rows that differ, in three statements; `packages` are all of the plan."""
    seen = [row.pk for row in resources_of(plan.engagement_id).only("pk")]
    rows = Assignment.objects.filter(package__in=[*packages], resource_id__in=seen)
    there = {(row.package_id, row.resource_id): row for row in rows}
    gone = [row.pk for pair, row in there.items() if pair not in wanted]
    if gone:
        Assignment.objects.filter(pk__in=gone).delete()
    changed = [row for pair, row in there.items() if wanted.get(pair, row.units) != row.units]
    for row in changed:
        row.units = wanted[row.package_id, row.resource_id]
    Assignment.objects.bulk_update(changed, ["units"], batch_size=ROWS_AT_ONCE)
    Assignment.objects.bulk_create(
        [
            Assignment(
                customer_id=plan.customer_id,
                package_id=package,
                resource_id=resource,
                units=units,
            )
            for (package, resource), units in wanted.items()
            if (package, resource) not in there
        ],
        batch_size=ROWS_AT_ONCE,
    )
