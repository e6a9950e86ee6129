"""The rows of a plan file become the rows of a plan; those it had already stay who they are.

Comments, checklists, assignments and progress hang on a row. So a file that is the same plan again
changes its rows in place, by uid; any other file's rows are new ones.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from adoption.adapters import PlanFile, PlanRow
from adoption.adapters.matching import matched
from adoption.adapters.resources import FileResource, Need
from adoption.editing import STRIDE
from adoption.models import CheckItem, Dependency, Plan, WorkPackage
from adoption.operations.placing import COMPUTED, Placed, placed_rows
from adoption.queries.plan_files import StandingPlan, get_standing_plan
from adoption.scheduling import Link, LinkType, Schedule
from engagements.models import Engagement, ImpactGroup
from engagements.models.people import ROLES
from rendering.sentences import Sentence, sentence
from tenancy.models import new_id

ROWS_AT_ONCE = 2000

# What a file may leave out altogether; then the rows keep what they say there.
_PROGRESS = ("percent", "actual_start", "actual_finish", "remaining")
_OWN = ("deliverable", "acceptance_test", "role", "kind", "budget", "cost", "priority")
_THREE_POINTS = ("optimistic", "pessimistic")
# Of two files of one plan at least this share of the rows in both bears the same name.
_SAME_SHARE = 0.5

_WRITTEN = (
    "position",
    "outline",
    "level",
    "parent",
    "is_summary",
    "name",
    "owner",
    "owner_member",
    "owner_stakeholder",
    "role",
    "impact_group",
    "kind",
    "deliverable",
    "acceptance_test",
    "budget",
    "cost",
    "priority",
    "notes",
    "duration",
    "optimistic",
    "pessimistic",
    "elapsed",
    "manual",
    "effort",
    "constraint",
    "constraint_at",
    "deadline_at",
    *_PROGRESS,
    *COMPUTED,
)


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of a plan that a file changes in place, by uid; all others of it go."""

    rows: Mapping[str, WorkPackage]
    needs: Mapping[UUID, tuple[Need, ...]]
    resources: Mapping[tuple[bool, str], FileResource]
    groups: frozenset[str]

    def with_known(self, plan_file: PlanFile) -> PlanFile:
        """The file with what it leaves out altogether as the plan has it, and with the resources
        that it will have; its warnings name what is not taken."""
        plan_file = matched(plan_file, self.resources)
        says_needs = any(row.needs for row in plan_file.rows)
        plan_file = self._with_left_out(plan_file)
        untaken = (*plan_file.warnings, *untaken_words(plan_file.rows, self.groups))
        if says_needs:
            return replace(plan_file, warnings=untaken)
        rows = tuple(self._with_needs(row) for row in plan_file.rows)
        told = {one.key: one for one in (*self.resources.values(), *plan_file.resources)}
        return replace(plan_file, rows=rows, resources=tuple(told.values()), warnings=untaken)

    def _with_needs(self, row: PlanRow) -> PlanRow:
        known = self.rows.get(row.uid)
        needs = self.needs.get(known.pk, ()) if known and not row.summary else ()
        return replace(row, needs=needs) if needs else row

    def _with_left_out(self, plan_file: PlanFile) -> PlanFile:
        left_out = [
            names
            for names in (_PROGRESS, _THREE_POINTS, *((name,) for name in _OWN))
            if not any(_says(row, names) for row in plan_file.rows)
        ]
        names = [name for group in left_out for name in group]
        return replace(plan_file, rows=tuple(self._kept(row, names) for row in plan_file.rows))

    def _kept(self, row: PlanRow, names: Sequence[str]) -> PlanRow:
        known = self.rows.get(row.uid)
        if known is None or known.is_summary != row.summary:
            return row
        same_length = row.duration == known.duration
        return replace(
            row,
            **{
                name: getattr(known, name)
                for name in names
                if same_length or name not in _THREE_POINTS
            },
        )


def known_rows(
    engagement: Engagement,
    plan: Plan | None,
    plan_file: PlanFile,
    *,
    standing: StandingPlan | None = None,
) -> Known:
    """Which rows stay: those with the uid of a row of the file, where it is the same plan."""
    standing = standing or get_standing_plan(engagement_id=engagement.pk, plan=plan)
    rows = _same_rows(standing.packages, plan_file)
    return Known(rows, standing.needs, standing.known, _known_groups(engagement, plan_file))


def _same_rows(packages: Iterable[WorkPackage], plan_file: PlanFile) -> dict[str, WorkPackage]:
    stored = {row.uid: row for row in packages}
    pairs = [(stored[row.uid], row) for row in plan_file.rows if row.uid in stored]
    same = sum(known.name == row.name[:500] for known, row in pairs)
    is_same_plan = bool(pairs) and same >= len(pairs) * _SAME_SHARE
    return {known.uid: known for known, _row in pairs} if is_same_plan else {}


def _known_groups(engagement: Engagement, plan_file: PlanFile) -> frozenset[str]:
    asked = {row.impact_group for row in plan_file.rows if row.impact_group}
    if not asked:
        return frozenset()
    groups = ImpactGroup.objects.filter(engagement=engagement, name__in=asked)
    return frozenset(groups.values_list("name", flat=True))


def untaken_words(rows: Sequence[PlanRow], groups: Collection[str]) -> list[Sentence]:
    """Words of rows that mean nothing here, so that they are left out."""
    found = []
    if roles := _unknown((row.role for row in rows), dict(ROLES)):
        found.append(sentence("Roles that are not known here: %(names)s.", names=roles))
    if kinds := _unknown((row.kind for row in rows), WorkPackage.Kind.values):
        found.append(sentence("Kinds of work that are not known here: %(names)s.", names=kinds))
    if others := _unknown((row.impact_group for row in rows), groups):
        found.append(sentence("Impact groups that are not known here: %(names)s.", names=others))
    return found


def _unknown(words: Iterable[str], known: Collection[str]) -> str:
    return ", ".join(sorted({word for word in words if word and word not in known}))[:200]


def bring_in_rows(
    plan: Plan, plan_file: PlanFile, schedule: Schedule, known: Known
) -> Mapping[str, UUID]:
    """Make a stored plan's rows and links those of the file, in a handful of statements.

    Returns the id of each row by uid.
    """
    _take_away(plan, known.rows.keys())
    ids = {
        row.uid: known.rows[row.uid].pk if row.uid in known.rows else new_id()
        for row in plan_file.rows
    }
    placed = placed_rows(schedule)
    groups = _groups(plan, plan_file)
    says_owner = any(row.resources for row in plan_file.rows)
    packages = []
    for position, row in enumerate(plan_file.rows):
        package = _package(plan, row, ids, placed[row.uid], known.rows.get(row.uid), says_owner)
        package.position = position * STRIDE
        package.impact_group_id = groups.get(row.impact_group, package.impact_group_id)
        packages.append(package)
    WorkPackage.objects.bulk_create(
        packages,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "plan", "uid"],
        update_fields=_WRITTEN,
    )
    _add_links(plan, plan_file.links, ids)
    _add_checklists(plan, plan_file.rows, ids)
    return ids


def _take_away(plan: Plan, kept: Collection[str]) -> None:
    """What does not stay. A row that stays may have stood below one that goes."""
    rows = WorkPackage.objects.filter(plan=plan)
    rows.exclude(parent=None).update(parent=None)
    Dependency.objects.filter(plan=plan).delete()
    rows.exclude(uid__in=list(kept)).delete()


def _says(row: PlanRow, names: Iterable[str]) -> bool:
    usual = PlanRow(uid="", outline="", name="")
    return any(getattr(row, name) not in (None, getattr(usual, name)) for name in names)


def _groups(plan: Plan, plan_file: PlanFile) -> dict[str, UUID]:
    asked = {row.impact_group for row in plan_file.rows if row.impact_group}
    if not asked:
        return {}
    groups = ImpactGroup.objects.filter(engagement=plan.engagement_id, name__in=asked)
    return dict(groups.values_list("name", "pk"))


def _package(
    plan: Plan,
    row: PlanRow,
    ids: Mapping[str, UUID],
    placed: Placed,
    known: WorkPackage | None,
    says_owner: bool,
) -> WorkPackage:
    return WorkPackage(
        id=ids[row.uid],
        customer_id=plan.customer_id,
        plan=plan,
        uid=row.uid,
        outline=row.outline[:120],
        level=row.level,
        parent_id=ids[row.parent] if row.parent is not None else None,
        is_summary=row.summary,
        name=row.name[:500],
        notes=row.notes,
        duration=row.duration,
        optimistic=row.optimistic,
        pessimistic=row.pessimistic,
        elapsed=row.elapsed,
        manual=row.manual,
        effort=row.effort,
        constraint=row.constraint.value,
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
        **{name: getattr(row, name) for name in _PROGRESS},
        **{name: getattr(placed, name) for name in COMPUTED},
        **_own_fields(row, known),
        **_owner(row, known, says_owner),
    )


def _own_fields(row: PlanRow, known: WorkPackage | None) -> dict[str, Any]:
    """What only this product writes of a row; words it does not know are left out."""
    return {
        "role": row.role if row.role in dict(ROLES) else "",
        "kind": row.kind if row.kind in WorkPackage.Kind.values else "",
        "deliverable": row.deliverable[:300],
        "acceptance_test": row.acceptance_test[:2000],
        "budget": row.budget,
        "cost": row.cost,
        "priority": min(max(row.priority, 0), 1000),
        "impact_group_id": known.impact_group_id if known else None,
        "calendar_key": known.calendar_key if known else "",
    }


def _owner(row: PlanRow, known: WorkPackage | None, says_owner: bool) -> dict[str, Any]:
    """A person that is pointed at stays where the file names nobody, or names the same."""
    named = ", ".join(row.resources)[:500]
    if known is None or (says_owner and named != known.owner_name):
        return {"owner": named}
    return {
        "owner": known.owner,
        "owner_member_id": known.owner_member_id,
        "owner_stakeholder_id": known.owner_stakeholder_id,
    }


def _add_links(plan: Plan, links: Iterable[Link], ids: Mapping[str, UUID]) -> None:
    Dependency.objects.bulk_create(
        [
            Dependency(
                customer_id=plan.customer_id,
                plan=plan,
                before_id=ids[link.before],
                after_id=ids[link.after],
                type=link.type.value,
                lag=link.lag,
                elapsed=link.elapsed,
            )
            for link in _distinct(links)
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _distinct(links: Iterable[Link]) -> Iterable[Link]:
    """One link a pair and type: the longest lag rules whichever way it is computed."""
    longest: dict[tuple[str, str, LinkType], Link] = {}
    for link in links:
        key = (link.before, link.after, link.type)
        if key not in longest or link.lag > longest[key].lag:
            longest[key] = link
    return longest.values()


def _add_checklists(plan: Plan, rows: Iterable[PlanRow], ids: Mapping[str, UUID]) -> None:
    """Lines that a package does not have yet, behind those it has; none is taken away."""
    asked = [row for row in rows if row.checklist]
    if not asked:
        return
    there: dict[UUID, set[str]] = {}
    known = CheckItem.objects.filter(package__in=[ids[row.uid] for row in asked])
    for package_id, text in known.values_list("package_id", "text"):
        there.setdefault(package_id, set()).add(text)
    CheckItem.objects.bulk_create(
        [
            CheckItem(
                customer_id=plan.customer_id,
                package_id=ids[row.uid],
                position=position,
                text=text[:300],
                done_at=plan.imported_at if done else None,
                done_by=plan.imported_by if done else None,
            )
            for row in asked
            for position, (text, done) in enumerate(
                row.checklist, start=len(there.get(ids[row.uid], ()))
            )
            if text[:300] not in there.get(ids[row.uid], ())
        ],
        batch_size=ROWS_AT_ONCE,
    )
