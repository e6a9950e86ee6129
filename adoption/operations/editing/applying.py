"""Every edit of a plan goes this way: applied to a sheet, scheduled, told, and then perhaps kept."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption import scheduling
from adoption.editing import (
    PLACE,
    PLAN,
    Changes,
    Head,
    Moves,
    Numbered,
    Refused,
    Sheet,
    Stand,
    clash,
    difference,
    moves_between,
    positions,
)
from adoption.models import Plan, PlanChange, WorkPackage
from adoption.operations.columns import Statement, inserting, send
from adoption.operations.editing.companions import KEPT, take_off
from adoption.operations.editing.desk import ATTRIBUTES, Desk, StoredLink, open_desk
from adoption.operations.editing.refusals import VersionConflict, refusal, refusal_of_circle
from adoption.operations.editing.storing import (
    DATES,
    FIELDS,
    NUMBER,
    STRUCTURE,
    WHERE,
    keeping_links,
    links_in,
    updating_rows,
)
from adoption.operations.placing import (
    COMPUTED,
    HEAD,
    Placed,
    computed,
    placed_rows,
    updating_plans,
)
from adoption.operations.telling import stands_of, tell_of_moves
from adoption.queries.stored import stored_plan
from adoption.scheduling import CircularPlan, InvalidPlan, NoWorkingTime, OutOfReach, Schedule
from engagements import operations as engagements
from people.models import User
from rendering.translation import said_by
from tenancy.audit import record

# What of a row has no say in when anything happens.
_WITHOUT_DATES = frozenset(
    {
        "name", "owner", "owner_member", "owner_stakeholder", "role", "impact_group", "kind",
        "deliverable", "acceptance_test", "budget", "cost", "priority", "notes", "optimistic",
        "pessimistic",
    }
)  # fmt: skip
_HEAD = HEAD | {"version": "integer"}
_standing = attrgetter(*STRUCTURE)


@dataclass(frozen=True, slots=True)
class Order:
    """Who edits which plan and when, which version they saw, and what the change is called.

    `field` is where a circle is said.
    """

    plan: Plan
    by: User | None
    now: datetime
    version: int | None
    store: bool
    kind: str
    words: str
    field: str = "links"


@dataclass(slots=True)
class _Result:
    """What an edit makes of a plan, before anything is written."""

    changes: Changes
    packages: list[WorkPackage]
    links: list[StoredLink]
    made: list[WorkPackage]
    removed: list[WorkPackage]
    # Of rows that read differently afterwards: the groups of columns that differ.
    differing: defaultdict[UUID, set[str]]
    schedule: Schedule | None = None


def apply_edit(
    *,
    plan: Plan,
    edit: Callable[[Sheet], Sheet],
    kind: str,
    words: str,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Any edit of a plan as a function from sheet to sheet, as one change that can be undone.

    Raises ValidationError, keyed by field; VersionConflict when somebody else changed the same
    after `version`. Without `store` nothing is written and the answer tells what would move.
    """
    order = Order(plan, by, now, version, store, kind, words)
    return carry_out(order, lambda desk: edit(desk.sheet))


@transaction.atomic
def carry_out(
    order: Order,
    edit: Callable[[Desk], Sheet],
    *,
    along: Callable[[Plan], Iterable[Statement]] = lambda _plan: (),
) -> Moves:
    """`along` says what else is to be kept with the edit, in the same statement."""
    desk = open_desk(order.plan, to_store=order.store)
    try:
        sheet = edit(desk)
        changes = difference(desk.sheet, sheet)
    except Refused as refused:
        raise refusal(refused) from refused
    if not changes:
        return _nothing(desk.plan)
    _refuse_stale(desk.plan, changes, order)
    if order.kind == "moved" and _any_links(changes):
        words = _("%(what)s, and no longer linked with what contains it") % {"what": order.words}
        order = replace(order, words=words)
    before = stands_of(desk.packages.values())
    finish = desk.plan.finish
    result = _arranged(desk, sheet, changes)
    _schedule(desk, result, order)
    moves = _told(desk, result, before, finish, order.words)
    return _store(desk, result, moves, order, along) if order.store else moves


def _nothing(plan: Plan) -> Moves:
    return Moves(plan.finish, plan.finish, 0, version=plan.version)


def _refuse_stale(plan: Plan, changes: Changes, order: Order) -> None:
    """What somebody else did since the page was drawn stands in the way only where both touch."""
    if order.version is None or order.version >= plan.version:
        return
    since = PlanChange.objects.filter(plan=plan, version__gt=order.version).select_related("by")
    for change in since:
        if change.kind == "replaced":
            raise VersionConflict(_("The plan was replaced meanwhile. Look at it as it is now."))
        uid = clash(changes, change.rows)
        if uid is not None and (change.by_id is None or order.by is None or change.by != order.by):
            raise VersionConflict(
                _("%(who)s was faster: %(what)s. Look at it as it is now, then save again.")
                % {"who": change.by or _("AdoptIQ"), "what": change.text}
            )


def _arranged(desk: Desk, sheet: Sheet, changes: Changes) -> _Result:
    """The packages as they are to be, in order, and which of them differ in what."""
    numbers = sheet.numbered()
    there = {row.uid for row in sheet.rows}
    removed = [row for uid, row in desk.packages.items() if uid not in there]
    links = links_in(sheet) if _any_links(changes) else desk.links
    result = _Result(changes, [], links, [], removed, defaultdict(set))
    ids = {row.uid: row.id for row in sheet.rows}
    moves_rows = any(PLACE in fields for fields in changes.values())
    places = _positions(desk, sheet) if moves_rows else [0] * len(numbers)
    for position, row, number in zip(places, sheet.rows, numbers, strict=True):
        package = desk.packages.get(row.uid)
        if package is None:
            package = WorkPackage(
                id=row.id, uid=row.uid, plan=desk.plan, customer_id=desk.plan.customer_id
            )
            result.made.append(package)
        elif changes.get(row.uid, {}).keys() & ATTRIBUTES.keys():
            result.differing[package.id].add(FIELDS)
        if row.uid in changes:
            for name, attribute in ATTRIBUTES.items():
                setattr(package, attribute, getattr(row, name))
        if moves_rows:
            parent = None if row.parent is None else ids[row.parent]
            differs = _put(package, position, number, parent)
            if differs:
                result.differing[package.id].add(differs)
        result.packages.append(package)
    return result


def _positions(desk: Desk, sheet: Sheet) -> list[int]:
    known = (desk.packages.get(row.uid) for row in sheet.rows)
    return positions([None if package is None else package.position for package in known])


def _any_links(changes: Changes) -> bool:
    return any("links" in fields for fields in changes.values())


def _put(package: WorkPackage, position: int, number: Numbered, parent: Any) -> str:
    """Give a package its place; the group of columns that tells it from the one it had, if any."""
    before = _standing(package)
    place = (number.outline, position, number.level, parent, number.is_summary)
    if before == place:
        return ""
    for name, value in zip(STRUCTURE, place, strict=True):
        setattr(package, name, value)
    return NUMBER if before[1:] == place[1:] else WHERE


def _schedule(desk: Desk, result: _Result, order: Order) -> None:
    """Set the computed columns of every package that gets others; the plan's as well."""
    if not any(fields.keys() - _WITHOUT_DATES for fields in result.changes.values()):
        return
    plan = desk.plan
    _set_head(plan, result.changes)
    if plan.follows_today:
        local = order.now.astimezone(ZoneInfo(plan.customer.time_zone)).date()
        plan.status_at = datetime.combine(local, time())
    schedule = result.schedule = _calculated(plan, result, order.field)
    placed = placed_rows(schedule)
    for package in result.packages:
        if _place(package, placed[str(package.id)]):
            result.differing[package.id].add(DATES)
    plan.start, plan.finish, plan.scheduled_at = schedule.start, schedule.finish, order.now


def _set_head(plan: Plan, changes: Changes) -> None:
    for name, (_before, after) in changes.get(PLAN, {}).items():
        setattr(plan, name, datetime.fromisoformat(after) if name == "start_at" else after)


def _calculated(plan: Plan, result: _Result, field: str) -> Schedule:
    try:
        return scheduling.calculate(stored_plan(plan, result.packages, result.links))
    except CircularPlan as circle:
        raise refusal_of_circle(circle, field) from circle
    except (InvalidPlan, NoWorkingTime, OutOfReach) as error:
        raise ValidationError({NON_FIELD_ERRORS: said_by(error)}) from error


def _place(package: WorkPackage, placed: Placed) -> bool:
    """Give a package the schedule's columns; whether it had others."""
    if computed(package) == placed:
        return False
    for name, value in zip(COMPUTED, placed, strict=True):
        setattr(package, name, value)
    return True


def _told(
    desk: Desk, result: _Result, before: Mapping[str, Stand], finish: datetime, words: str
) -> Moves:
    changed = {
        *result.differing,
        *(row.id for row in result.made),
        *(row.id for row in result.packages if "links" in result.changes.get(row.uid, {})),
    }
    if result.schedule is None:
        moves = _nothing(desk.plan)
    else:
        point, day = cache(result.schedule.axis.point), desk.calendar.day_minutes
        moves = moves_between(
            before,
            stands_of(result.packages),
            finish=(finish, desk.plan.finish),
            days=lambda one, other: round((point(other) - point(one)) / day, 2),
        )
    version = desk.plan.version + 1
    return replace(moves, changed=frozenset(changed), version=version, text=words)


def _store(
    desk: Desk,
    result: _Result,
    moves: Moves,
    order: Order,
    along: Callable[[Plan], Iterable[Statement]],
) -> Moves:
    plan = desk.plan
    if plan._state.adding:
        plan.save(force_insert=True)
    for uid, rows in take_off(result.removed).items():
        result.changes[uid][KEPT] = [rows, None]
    if PLAN in result.changes:
        plan.save(update_fields=[*result.changes[PLAN]])
    plan.version += 1
    change = _change(plan, result.changes, order)
    writing = (*_writing(desk, result), *_forecast(plan, result, order.now), *along(plan))
    send((*writing, *updating_plans([plan], _HEAD), *inserting([change])))
    _tell_caller(order.plan, plan)
    tell_of_moves(plan, result.packages, moves, by=order.by, change_id=change.pk)
    record(
        action="plan.edited",
        subject=plan.engagement,
        facts={"what": order.words, "rows": len(result.changes.keys() - {PLAN})},
        about_customer_id=plan.customer_id,
    )
    links = tuple((link.before_id, link.after_id, link.type) for link in result.links)
    return replace(moves, change_id=change.pk, links=links)


def _change(plan: Plan, changes: Changes, order: Order) -> PlanChange:
    """What is written down of the edit that made this version of the plan."""
    return PlanChange(
        customer_id=plan.customer_id,
        plan=plan,
        version=plan.version,
        at=order.now,
        by=order.by,
        kind=order.kind,
        text=order.words[:500],
        rows=changes,
    )


def _writing(desk: Desk, result: _Result) -> list[Statement]:
    """What keeps the outline: rows are written once, those that differ in the same way together."""
    made = {row.id for row in result.made}
    alike: defaultdict[frozenset[str], list[WorkPackage]] = defaultdict(list)
    for row in result.packages:
        if row.id in result.differing and row.id not in made:
            alike[frozenset(result.differing[row.id])].append(row)
    statements = inserting(result.made)
    if _any_links(result.changes):
        statements += keeping_links(desk.plan, *_links_that_may_differ(desk, result))
    for groups, rows in alike.items():
        statements += updating_rows(rows, groups)
    return statements


def _links_that_may_differ(
    desk: Desk, result: _Result
) -> tuple[list[StoredLink], list[StoredLink]]:
    """Before and after, those of rows whose links were changed: seldom many of thousands."""
    waiting = {
        row.id
        for row in (*result.packages, *result.removed)
        if "links" in result.changes.get(row.uid, {})
    }
    before, after = (
        [link for link in links if link.after_id in waiting] for links in (desk.links, result.links)
    )
    return before, after


def _forecast(plan: Plan, result: _Result, now: datetime) -> list[Statement]:
    """Where words alone were changed, what was forecast stands."""
    if plan.what_if_of_id is not None or result.schedule is None:
        return []
    finishes = {plan.engagement_id: plan.finish.date()}
    return [engagements.noting_forecasts(finishes=finishes, now=now)]


def _tell_caller(given: Plan, now: Plan) -> None:
    """The plan that the caller holds says what is stored."""
    if given is now:
        return
    for name in ("version", "start", "finish", "scheduled_at", "status_at", *Head._fields):
        setattr(given, name, getattr(now, name))
