"""What the outline says of each row beside its dates: whose it is, what it makes, what is missing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from adoption.models import CheckItem, PackageComment, Plan, WorkPackage

# What is read of a row: for `PlanRow`, then for `Facts`.
_COLUMNS = (
    "pk", "uid", "outline", "level", "name", "owner", "is_summary", "duration", "elapsed", "start",
    "finish", "late_finish", "total_float", "free_float", "critical", "done_percent", "constraint",
    "constraint_at", "deadline_at",
    "owner_member_id", "member_name", "member_email", "owner_stakeholder_id", "stakeholder_name",
    "stakeholder_email", "deliverable", "acceptance_test", "kind", "impact_group_id", "group_name",
    "budget", "checks", "checked", "said",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row is about, beside its dates."""

    uid: str
    owner: str
    owner_key: str
    owner_email: str
    deliverable: str
    has_test: bool
    kind: str
    group_id: UUID | None
    group: str
    has_budget: bool
    elapsed: bool
    checks: int
    checked: int
    comments: int


def get_rows(*, plan: Plan) -> QuerySet[WorkPackage, Any]:
    """The rows of a plan, each with the names it points at and what is counted of it. Plain tuples:
    a plan has many rows, and making models of them would cost more than reading them."""
    of_row = {"package": OuterRef("pk")}
    checks = CheckItem.objects.filter(**of_row).order_by().values("package")
    said = PackageComment.objects.filter(**of_row).order_by().values("package")
    rows = WorkPackage.objects.filter(plan=plan).annotate(
        member_name=F("owner_member__name"),
        member_email=F("owner_member__email"),
        stakeholder_name=F("owner_stakeholder__name"),
        stakeholder_email=F("owner_stakeholder__email"),
        group_name=F("impact_group__name"),
        checks=Subquery(checks.annotate(n=Count("id")).values("n")),
        checked=Subquery(checks.annotate(n=Count("done_at")).values("n")),
        said=Subquery(said.annotate(n=Count("id")).values("n")),
    )
    return rows.values_list(*_COLUMNS, named=True)


def facts_of(row: Any) -> Facts:
    key = f"name:{row.owner}" if row.owner else ""
    if row.owner_stakeholder_id:
        key = f"stakeholder:{row.owner_stakeholder_id}"
    elif row.owner_member_id:
        key = f"user:{row.owner_member_id}"
    return Facts(
        uid=row.uid,
        owner=row.member_name or row.stakeholder_name or row.owner,
        owner_key=key,
        owner_email=row.member_email or row.stakeholder_email or "",
        deliverable=row.deliverable,
        has_test=bool(row.acceptance_test),
        kind=row.kind,
        group_id=row.impact_group_id,
        group=row.group_name or "",
        has_budget=row.budget is not None,
        elapsed=row.elapsed,
        checks=row.checks or 0,
        checked=row.checked or 0,
        comments=row.said or 0,
    )
