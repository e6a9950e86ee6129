"""A plan opened for editing: its rows as stored, and the same as a plain sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.base import ModelState

from adoption.adapters.calendars import calendar_from_json
from adoption.editing import STATED, Head, Row, Sheet, Wait
from adoption.models import Dependency, Plan, WorkPackage
from adoption.scheduling import Calendar

# A row of a sheet says whose it is by id; so does the column behind a key.
ATTRIBUTES = {
    name: f"{name}_id" if name in ("owner_member", "owner_stakeholder", "impact_group") else name
    for name in STATED
}
_stated = attrgetter(*ATTRIBUTES.values())


class StoredLink(NamedTuple):
    """A dependency as it is read: four thousand of them cost less than as rows of a model."""

    id: UUID | None
    before_id: UUID
    after_id: UUID
    type: str
    lag: int
    elapsed: bool


@dataclass(slots=True)
class Desk:
    """`packages` by uid in outline order; both they and `sheet` stand for what is stored."""

    plan: Plan
    packages: dict[str, WorkPackage]
    links: list[StoredLink]
    sheet: Sheet

    @property
    def calendar(self) -> Calendar:
        return calendar_from_json(self.plan.calendar)

    def uids_of(self, packages: Iterable[WorkPackage]) -> list[str]:
        return [package.uid for package in packages]


def open_desk(plan: Plan, *, to_store: bool) -> Desk:
    """Read a plan as it stands now; with `to_store` nobody else edits it until the end of the
    transaction. Raises Plan.DoesNotExist when it is gone."""
    if plan._state.adding:
        return Desk(plan, {}, [], Sheet(_head_of(plan), ()))
    plans = Plan.every.select_related("engagement", "customer")
    if to_store:
        plans = plans.select_for_update(of=("self",))
    now = plans.get(pk=plan.pk)
    packages = _packages_of(now)
    links = [
        StoredLink(*link)
        for link in Dependency.objects.filter(plan=now).values_list(*StoredLink._fields)
    ]
    sheet = Sheet(_head_of(now), tuple(_rows(packages, links)))
    return Desk(now, {row.uid: row for row in packages}, links, sheet)


def _packages_of(plan: Plan) -> list[WorkPackage]:
    """All rows of a plan, without what a model's constructor does beside: for two thousand of them
    it costs as much as reading them."""
    names = [field.attname for field in WorkPackage._meta.concrete_fields]
    found = []
    for values in WorkPackage.objects.filter(plan=plan).values_list(*names):
        row = WorkPackage.__new__(WorkPackage)
        row.__dict__.update(zip(names, values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, "default"
        found.append(row)
    return found


def sheet_of(plan: Plan) -> Sheet:
    """A stored plan as the pure functions of `adoption.editing` take it."""
    return open_desk(plan, to_store=False).sheet


def _head_of(plan: Plan) -> Head:
    return Head(plan.name, plan.start_at, plan.calendar, plan.critical_float)


def _rows(packages: list[WorkPackage], links: list[StoredLink]) -> Iterable[Row]:
    uids: dict[Any, str] = {row.id: row.uid for row in packages}
    waits: dict[UUID, list[Wait]] = {}
    for link in links:
        wait = Wait(uids[link.before_id], link.type, link.lag, link.elapsed)
        waits.setdefault(link.after_id, []).append(wait)
    for row in packages:
        parent = None if row.parent_id is None else uids[row.parent_id]
        waiting = tuple(sorted(waits.get(row.id, ())))
        yield Row._make((row.uid, row.id, parent, *_stated(row), waiting))
