"""One work package with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adoption.adapters.calendars import calendar_from_json
from adoption.models import CheckItem, PackageComment, Plan, PlanChange, WorkPackage
from adoption.queries.joins import joins_of
from adoption.queries.reasons import Why, reasons_for
from adoption.queries.stored import StoredRow, get_schedule
from adoption.queries.writing import written, written_lag

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class PackageLink:
    """A dependency as one of its ends sees it: `id` of the link, the step at the other end."""

    id: UUID
    other_id: UUID
    outline: str
    name: str
    type: str
    lag: str
    start: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class Above:
    id: UUID
    outline: str
    name: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package with its links, reasons, checklist, comments and changes, newest first.

    Floats are working days, durations are written as they are typed.
    """

    package: WorkPackage
    above: tuple[Above, ...]
    duration: str
    optimistic: str
    pessimistic: str
    remaining: str
    duration_days: float
    total_float_days: float
    free_float_days: float | None
    why: Why
    before: tuple[PackageLink, ...]
    after: tuple[PackageLink, ...]
    children: int
    checks: tuple[CheckItem, ...]
    comments: tuple[PackageComment, ...]
    changes: tuple[PlanChange, ...]
    steps: tuple[tuple[UUID, str], ...]

    @property
    def is_done(self) -> bool:
        return self.package.done_percent >= 100

    @property
    def is_milestone(self) -> bool:
        return self.package.duration == 0 and not self.package.is_summary

    @property
    def checked(self) -> int:
        return sum(item.done_at is not None for item in self.checks)


def get_package(*, package: WorkPackage) -> PackageView:
    """Everything about a package; `steps` are those of the plan it could wait for."""
    plan: Plan = package.plan
    stored = get_schedule(plan=plan)
    place = next(i for i, row in enumerate(stored.rows) if row.pk == package.pk)
    day = calendar_from_json(plan.calendar).day_minutes
    known = {row.pk: row for row in stored.rows}
    into, out = _links(package, stored.links, known, day)
    return PackageView(
        package=package,
        above=_above(package, known),
        **_durations(package, day),
        total_float_days=package.total_float / day,
        free_float_days=None if package.free_float is None else package.free_float / day,
        why=reasons_for(stored, place, joins_of(stored.schedule)),
        before=into,
        after=out,
        children=sum(row.parent_id == package.pk for row in stored.rows),
        checks=tuple(CheckItem.objects.filter(package=package).select_related("done_by")),
        comments=tuple(PackageComment.objects.filter(package=package).select_related("by")),
        changes=_changes(package),
        steps=tuple(
            (row.pk, f"{row.outline} {row.name}") for row in stored.rows if row.pk != package.pk
        ),
    )


def _durations(package: WorkPackage, day: int) -> dict[str, Any]:
    size = 1440 if package.elapsed else day
    texts = {
        name: written(getattr(package, name), day=day, elapsed=package.elapsed)
        for name in ("duration", "optimistic", "pessimistic", "remaining")
    }
    return texts | {"duration_days": package.duration / size}


def _above(package: WorkPackage, known: dict[UUID, StoredRow]) -> tuple[Above, ...]:
    """The summaries a package belongs to, the outermost first."""
    found: list[Above] = []
    parent = known.get(package.parent_id) if package.parent_id else None
    while parent is not None:
        found.append(Above(parent.pk, parent.outline, parent.name))
        parent = known.get(parent.parent_id) if parent.parent_id else None
    return tuple(reversed(found))


def _links(
    package: WorkPackage, links: Iterable[Any], known: dict[UUID, StoredRow], day: int
) -> tuple[tuple[PackageLink, ...], tuple[PackageLink, ...]]:
    """What the package waits for, and what waits for it."""
    links = [one for one in links if package.pk in (one.after_id, one.before_id)]
    return (
        tuple(_link(one, known[one.before_id], day) for one in links if one.after_id == package.pk),
        tuple(_link(one, known[one.after_id], day) for one in links if one.before_id == package.pk),
    )


def _link(link: Any, other: StoredRow, day: int) -> PackageLink:
    return PackageLink(
        id=link.id,
        other_id=other.pk,
        outline=other.outline,
        name=other.name,
        type=link.type,
        lag=written_lag(link.lag, day=day, elapsed=link.elapsed),
        start=other.start,
        finish=other.finish,
    )


def _changes(package: WorkPackage) -> tuple[PlanChange, ...]:
    rows = PlanChange.objects.filter(plan=package.plan_id, rows__has_key=package.uid)
    newest = rows.select_related("by").defer("rows").order_by("-version")
    return tuple(newest[:MOST_CHANGES])
