"""Who changed what on a plan, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from adoption.models import Plan, PlanChange, WorkPackage
from people.models import User

CHANGES_A_PAGE = 50
_MOST_EXPORTED = 10_000
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change. `packages` are the names of the first rows it touched that are still there,
    `touched` counts all of them."""

    id: UUID
    version: int
    at: datetime
    by: str
    kind: str
    text: str
    packages: tuple[str, ...]
    touched: int
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """A page of changes and who made any; `package` is the row asked for, if any."""

    changes: tuple[ChangeView, ...]
    people: tuple[tuple[UUID, str], ...]
    package: tuple[UUID, str] | None
    page: int
    pages: int
    total: int


def get_history(
    *,
    engagement_id: UUID,
    person_id: UUID | None = None,
    package_id: UUID | None = None,
    page: int = 1,
    whole: bool = False,
) -> HistoryView | None:
    """The changes of an engagement's plan, of a person or a package where asked; None without a
    plan. With `whole` all of them on one page, as a file has them."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    package = WorkPackage.objects.filter(plan=plan, pk=package_id).first() if package_id else None
    rows = _changes(plan, person_id, package)
    total = rows.count()
    size = _MOST_EXPORTED if whole else CHANGES_A_PAGE
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    shown = list(rows[(page - 1) * size : page * size])
    people = User.objects.filter(
        pk__in=PlanChange.objects.filter(plan=plan).order_by().values("by")
    )
    return HistoryView(
        changes=_said(plan, shown),
        people=tuple(sorted(((one.pk, str(one)) for one in people), key=lambda one: one[1])),
        package=(package.pk, str(package)) if package else None,
        page=page,
        pages=pages,
        total=total,
    )


def _changes(
    plan: Plan, person_id: UUID | None, package: WorkPackage | None
) -> QuerySet[PlanChange]:
    rows = PlanChange.objects.filter(plan=plan).select_related("by", "undone_by")
    if person_id:
        rows = rows.filter(by=person_id)
    return rows.filter(rows__has_key=package.uid) if package else rows


def _said(plan: Plan, rows: Sequence[PlanChange]) -> tuple[ChangeView, ...]:
    uids = {uid for row in rows for uid in list(row.rows)[:_MOST_NAMED]}
    packages = WorkPackage.objects.filter(plan=plan, uid__in=uids)
    names = dict(packages.values_list("uid", "name"))
    return tuple(
        ChangeView(
            id=row.pk,
            version=row.version,
            at=row.at,
            by=str(row.by or ""),
            kind=row.kind,
            text=row.text,
            packages=tuple(names[uid] for uid in list(row.rows)[:_MOST_NAMED] if uid in names),
            touched=len(row.rows.keys() - {""}),
            undone_at=row.undone_at,
            undone_by=str(row.undone_by or ""),
        )
        for row in rows
    )
