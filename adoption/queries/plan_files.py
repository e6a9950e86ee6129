"""A stored plan as a file would bring it: everything known of it, for those who take it along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from adoption.adapters import PlanFile, PlanRow, StoredResult
from adoption.adapters.calendars import calendar_from_json
from adoption.adapters.resources import FileResource, Need, merged
from adoption.models import Assignment, CheckItem, Dependency, Plan, Resource, WorkPackage
from adoption.queries.own_time import terms_of_resource
from adoption.queries.resources import resources_of
from adoption.scheduling import ConstraintType, Link, LinkType
from adoption.scheduling.terms import Terms, terms_from_json

Key = tuple[bool, str]
Items = tuple[tuple[str, bool], ...]


def get_plan_file(*, engagement_id: UUID, with_money: bool = True) -> PlanFile | None:
    """The plan of an engagement, or None. Without money budgets and costs are left out."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    return None if plan is None else file_of(plan, with_money=with_money)


def file_of(
    plan: Plan, *, with_money: bool = True, standing: StandingPlan | None = None
) -> PlanFile:
    """The same of a plan that was read already, and of what stands of it if that was too."""
    standing = standing or get_standing_plan(engagement_id=plan.engagement_id, plan=plan)
    by_id, needs = {row.pk: row for row in standing.packages}, standing.needs
    checklists = _checklists(by_id)
    rows = (
        replace(_row(row, by_id, checklists[row.pk]), needs=needs.get(row.pk, ()))
        for row in standing.packages
    )
    return PlanFile(
        name=plan.name,
        start=plan.start_at,
        calendar=calendar_from_json(plan.calendar),
        rows=tuple(row if with_money else replace(row, budget=None, cost=None) for row in rows),
        links=_links(plan, by_id),
        status_at=plan.status_at,
        critical_float=plan.critical_float,
        terms=_terms(plan.calendar.get("terms")),
        resources=standing.resources,
    )


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """The packages of a plan in outline order, what they need, by id, and who there is.

    `resources` are the engagement's own that are in force and whoever else is needed, `known`
    everybody who may be needed there, by key. Nobody whom the asker may not see is among them.
    """

    packages: tuple[WorkPackage, ...]
    needs: dict[UUID, tuple[Need, ...]]
    resources: tuple[FileResource, ...]
    known: dict[Key, FileResource]


def get_standing_plan(*, engagement_id: UUID, plan: Plan | None) -> StandingPlan:
    """Of an engagement without a plan, who there is."""
    rows = WorkPackage.objects.filter(plan=plan).select_related(
        "owner_member", "owner_stakeholder", "impact_group"
    )
    packages = tuple(rows) if plan else ()
    # Not joined with their packages: see `get_own_times`.
    assigned = Assignment.objects.filter(package__in=[row.pk for row in packages])
    pairs = list(
        assigned.order_by("resource__name", "pk").values_list("package_id", "resource_id", "units")
    )
    people = {row.pk: row for row in resources_of(engagement_id)}
    needed = {resource for _package, resource, _units in pairs}
    told = [
        row for row in people.values() if row.pk in needed or not (row.is_shared or row.archived_at)
    ]
    return StandingPlan(
        packages=packages,
        needs=_needs(pairs, people),
        resources=tuple(_by_key(told).values()),
        known=_by_key(people.values()),
    )


def _needs(
    pairs: Iterable[tuple[UUID, UUID, Decimal]], people: Mapping[UUID, Resource]
) -> dict[UUID, tuple[Need, ...]]:
    found: dict[UUID, list[Need]] = defaultdict(list)
    for package, resource, units in pairs:
        if resource in people:
            row = people[resource]
            found[package].append(Need(row.name, units, row.is_shared))
    return {package: merged(needs) for package, needs in found.items()}


def _by_key(rows: Iterable[Resource]) -> dict[Key, FileResource]:
    """One archived gives way to another of its name."""
    found: dict[Key, FileResource] = {}
    for row in sorted(rows, key=lambda row: (row.archived_at is not None, row.name, row.is_shared)):
        one = file_resource(row)
        found.setdefault(one.key, one)
    return found


def file_resource(row: Resource) -> FileResource:
    return FileResource(
        name=row.name,
        kind=row.kind,
        capacity=row.capacity,
        terms=terms_of_resource(row),
        shared=row.is_shared,
    )


def _terms(stored: Any) -> Terms | None:
    return terms_from_json(stored) if stored else None


def _checklists(packages: Iterable[UUID]) -> dict[UUID, Items]:
    found: dict[UUID, Items] = defaultdict(tuple)
    items = CheckItem.objects.filter(package__in=[*packages])
    for package, text, done_at in items.values_list("package_id", "text", "done_at"):
        found[package] += ((text, done_at is not None),)
    return found


def _links(plan: Plan, by_id: dict[UUID, WorkPackage]) -> tuple[Link, ...]:
    """In the order of the rows that wait, so that the same plan is written the same way."""
    rows = Dependency.objects.filter(plan=plan).values_list(
        "before_id", "after_id", "type", "lag", "elapsed"
    )
    found = sorted(
        rows, key=lambda link: (by_id[link[1]].position, by_id[link[0]].position, link[2])
    )
    return tuple(
        Link(by_id[before].uid, by_id[after].uid, LinkType(kind), lag, elapsed)
        for before, after, kind, lag, elapsed in found
    )


# What a row and a file's row call by the same name.
_SAME = (
    *("uid", "outline", "name", "level", "duration", "optimistic", "pessimistic", "elapsed"),
    *("manual", "percent", "effort", "constraint_at", "deadline_at", "actual_start"),
    *("actual_finish", "remaining", "notes", "deliverable", "acceptance_test", "role", "kind"),
    *("budget", "cost", "priority"),
)


def _row(row: WorkPackage, by_id: dict[UUID, WorkPackage], checklist: Items) -> PlanRow:
    owners = (name.strip() for name in row.owner_name.split(", "))
    return PlanRow(
        **{name: getattr(row, name) for name in _SAME},
        parent=by_id[row.parent_id].uid if row.parent_id else None,
        summary=row.is_summary,
        constraint=ConstraintType(row.constraint),
        resources=tuple(filter(None, owners)),
        impact_group=row.impact_group.name if row.impact_group else "",
        checklist=checklist,
        stored=_stored(row),
    )


def _stored(row: WorkPackage) -> StoredResult:
    return StoredResult(
        start=row.start,
        finish=row.finish,
        early_start=row.early_start,
        early_finish=row.early_finish,
        late_start=row.late_start,
        late_finish=row.late_finish,
        total_float=row.total_float,
        free_float=row.free_float or 0,
        critical=row.critical,
    )
