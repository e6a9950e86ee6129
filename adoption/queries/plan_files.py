"""A stored plan as a file would bring it: everything known of it, for those who take it along."""

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from adoption.adapters import PlanFile, PlanRow, StoredResult
from adoption.adapters.calendars import calendar_from_json
from adoption.models import CheckItem, Dependency, Plan, WorkPackage
from adoption.scheduling import ConstraintType, Link, LinkType

Items = tuple[tuple[str, bool], ...]


def get_plan_file(*, engagement_id: UUID, with_money: bool = True) -> PlanFile | None:
    """The plan of an engagement, or None. Without money budgets and costs are left out."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    return None if plan is None else file_of(plan, with_money=with_money)


def file_of(plan: Plan, *, with_money: bool = True) -> PlanFile:
    """The same of a plan that was read already."""
    packages = WorkPackage.objects.filter(plan=plan).select_related(
        "owner_member", "owner_stakeholder", "impact_group"
    )
    by_id = {row.pk: row for row in packages}
    checklists = _checklists(plan)
    rows = (_row(row, by_id, checklists[row.pk]) for row in by_id.values())
    return PlanFile(
        name=plan.name,
        start=plan.start_at,
        calendar=calendar_from_json(plan.calendar),
        rows=tuple(row if with_money else replace(row, budget=None, cost=None) for row in rows),
        links=_links(plan, by_id),
        status_at=plan.status_at,
        critical_float=plan.critical_float,
    )


def _checklists(plan: Plan) -> dict[UUID, Items]:
    found: dict[UUID, Items] = defaultdict(tuple)
    items = CheckItem.objects.filter(package__plan=plan)
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
