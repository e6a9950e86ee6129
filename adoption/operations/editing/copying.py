"""A plan begun from the plan of another engagement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from adoption.adapters.calendars import calendar_to_json
from adoption.editing import Moves, Row, Sheet
from adoption.models import CheckItem, Plan
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.desk import Desk, sheet_of
from adoption.operations.editing.numbering import fresh_uids
from adoption.operations.editing.plans import begun, tell_begun
from adoption.queries.own_time import get_plan_time
from adoption.scheduling.terms import terms_to_json
from engagements.models import Engagement, ImpactGroup
from people.models import User
from people.queries import get_staff
from tenancy.models import new_id
from tenancy.scope import current_tenant_id

# What was done, what was said of it and whom it is for stays with the plan it was copied from.
_LEFT_BEHIND: dict[str, Any] = {
    "percent": 0,
    "actual_start": None,
    "actual_finish": None,
    "remaining": None,
    "cost": None,
    "notes": "",
    "calendar_key": "",
}
_NOBODY: dict[str, Any] = {"owner": "", "owner_member": None, "owner_stakeholder": None}


@dataclass(frozen=True, slots=True)
class _Terms:
    """What of a row is taken along, and by how much its days move."""

    later: timedelta
    with_money: bool
    same_customer: bool
    # Our people that may own rows; None where nobody is taken along.
    people: frozenset[UUID] | None
    groups: Mapping[UUID, UUID]

    def fields_of(self, row: Row) -> dict[str, Any]:
        return _LEFT_BEHIND | {
            **self._owner(row),
            "budget": row.budget if self.with_money else None,
            "impact_group": self.groups.get(row.impact_group) if row.impact_group else None,
            "constraint_at": self._moved(row.constraint_at),
            "deadline_at": self._moved(row.deadline_at),
        }

    def _moved(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else moment + self.later

    def _owner(self, row: Row) -> dict[str, Any]:
        """Another customer hears nothing of this one's people."""
        if self.people is None:
            return _NOBODY
        if self.same_customer:
            return {name: getattr(row, name) for name in _NOBODY}
        ours = row.owner_member if row.owner_member in self.people else None
        return _NOBODY | {"owner_member": ours}


@transaction.atomic
def begin_like(
    *,
    engagement: Engagement,
    source: Plan,
    name: str,
    start: date,
    with_people: bool = False,
    with_money: bool = False,
    by: User | None,
    now: datetime,
    store: bool = True,
) -> Moves:
    """A plan with the outline, durations, links, rules, working time and checklists of `source`.

    Days of rules and deadlines move along with the start. Nothing is done yet, and nothing was
    spent. `with_people` takes owners along, to another customer only ours; `with_money` budgets.
    Raises ValidationError, keyed by field.
    """
    time = get_plan_time(plan=source)
    terms = time.terms
    calendar = calendar_to_json(terms.calendar(around=start)) | {"terms": terms_to_json(terms)}
    plan = begun(engagement, name.strip(), start, calendar, by, now)
    copied = sheet_of(source)
    takes = _Terms(
        later=timedelta(days=(start - source.start_at.date()).days),
        with_money=with_money,
        same_customer=source.customer_id == engagement.customer_id,
        people=_ours() if with_people else None,
        groups=_groups(source, engagement),
    )
    words = _("Plan begun: %(name)s") % {"name": plan.name}
    order = Order(plan, by, now, None, store, "begun", words, "source")
    moves = carry_out(order, lambda desk: _copied(desk, copied, takes))
    if store:
        _copy_checklists(source, copied, moves, plan)
        tell_begun(plan, len(moves.made), by)
    return moves


def _copied(desk: Desk, source: Sheet, takes: _Terms) -> Sheet:
    """The rows in their order under keys of this plan."""
    fresh = fresh_uids(desk, len(source.rows))
    names = {row.uid: uid for row, uid in zip(source.rows, fresh, strict=True)}
    return desk.sheet.with_rows(
        row._replace(
            uid=names[row.uid],
            id=new_id(),
            parent=None if row.parent is None else names[row.parent],
            links=tuple(wait._replace(uid=names[wait.uid]) for wait in row.links),
            **takes.fields_of(row),
        )
        for row in source.rows
    )


def _ours() -> frozenset[UUID]:
    return frozenset(one.pk for one in get_staff(tenant_id=current_tenant_id()))


def _groups(source: Plan, engagement: Engagement) -> dict[UUID, UUID]:
    """Impact groups of the same name in the other engagement."""
    there = {
        row.name.casefold(): row.pk for row in ImpactGroup.objects.filter(engagement=engagement)
    }
    rows = ImpactGroup.objects.filter(engagement=source.engagement_id)
    return {row.pk: there[row.name.casefold()] for row in rows if row.name.casefold() in there}


def _copy_checklists(source: Plan, copied: Sheet, moves: Moves, plan: Plan) -> None:
    """Every line again, nothing of it ticked."""
    made = dict(zip((row.id for row in copied.rows), (row.id for row in moves.made), strict=True))
    CheckItem.objects.bulk_create(
        CheckItem(
            customer_id=plan.customer_id,
            package_id=made[item.package_id],
            position=item.position,
            text=item.text,
        )
        for item in CheckItem.objects.filter(package__plan=source)
    )
