"""Changes to plans, one transaction each; a change computes the schedule before it is kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from adoption import scheduling
from adoption.adapters import PlanFile, PlanRow
from adoption.adapters.calendars import calendar_from_json, calendar_to_json
from adoption.models import Dependency, Plan, WorkPackage
from adoption.scheduling import Activity, ConstraintType, Link, LinkType, Schedule
from engagements import operations as engagements
from engagements.models import Engagement
from people.models import User
from tenancy.audit import changes, record
from tenancy.models import new_id

ROWS_AT_ONCE = 2000
PLANS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """The schedule's columns of one row, in the order of `COMPUTED`."""

    early_start: datetime | None
    early_finish: datetime | None
    late_start: datetime | None
    late_finish: datetime | None
    start: datetime
    finish: datetime
    total_float: int
    free_float: int | None
    critical: bool
    done_percent: float


COMPUTED = {
    "early_start": "timestamp",
    "early_finish": "timestamp",
    "late_start": "timestamp",
    "late_finish": "timestamp",
    "start": "timestamp",
    "finish": "timestamp",
    "total_float": "integer",
    "free_float": "integer",
    "critical": "boolean",
    "done_percent": "double precision",
}


@transaction.atomic
def replace_plan(
    *,
    engagement: Engagement,
    plan_file: PlanFile,
    file_name: str,
    imported_by: User | None,
    now: datetime,
    follows_today: bool = False,
) -> Plan:
    """Make a file the plan of an engagement, in place of the one it had.

    The schedule is computed first, so that a plan that cannot be scheduled changes nothing.
    Raises CircularPlan with the loop spelled out, InvalidPlan, NoWorkingTime or OutOfReach.
    """
    zone = ZoneInfo(engagement.customer.time_zone)
    today = now.astimezone(zone).date()
    started = plan_file.start or datetime.combine(engagement.start_date or today, time())
    status = datetime.combine(today, time()) if follows_today else plan_file.status_at
    schedule = _scheduled(plan_file, started, status)
    before = Plan.objects.filter(engagement=engagement).first()
    Plan.objects.filter(engagement=engagement).delete()
    plan = Plan.objects.create(
        customer_id=engagement.customer_id,
        engagement=engagement,
        name=plan_file.name[:200],
        start_at=started,
        calendar=calendar_to_json(plan_file.calendar),
        critical_float=plan_file.critical_float,
        follows_today=follows_today,
        status_at=status,
        file_name=file_name[:255],
        warnings=list(plan_file.warnings),
        imported_by=imported_by,
        imported_at=now,
        scheduled_at=now,
        start=schedule.start,
        finish=schedule.finish,
    )
    _add_rows(plan, plan_file, schedule)
    engagements.note_forecast(
        engagement_id=engagement.pk, finish_date=schedule.finish.date(), now=now
    )
    _record_new_plan(plan, before, len(plan_file.rows))
    return plan


def _record_new_plan(plan: Plan, before: Plan | None, packages: int) -> None:
    record(
        action="plan.replaced" if before else "plan.imported",
        subject=plan.engagement,
        facts={
            "file": [before.file_name, plan.file_name] if before else plan.file_name,
            "finish": [before.finish.date(), plan.finish.date()] if before else plan.finish.date(),
            "work_packages": packages,
        },
        about_customer_id=plan.customer_id,
    )


def _scheduled(plan_file: PlanFile, start: datetime, status: datetime | None) -> Schedule:
    planned = plan_file.plan(start)
    return scheduling.calculate(
        scheduling.Plan(
            start=planned.start,
            activities=planned.activities,
            links=planned.links,
            calendar=planned.calendar,
            status_at=status,
            critical_float=planned.critical_float,
        )
    )


def _add_rows(plan: Plan, plan_file: PlanFile, schedule: Schedule) -> None:
    ids = {row.uid: new_id() for row in plan_file.rows}
    placed = placed_rows(schedule)
    WorkPackage.objects.bulk_create(
        [
            _package(plan, position, row, ids, placed[row.uid])
            for position, row in enumerate(plan_file.rows)
        ],
        batch_size=ROWS_AT_ONCE,
    )
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
            for link in _distinct(plan_file.links)
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


def _package(
    plan: Plan, position: int, row: PlanRow, ids: dict[str, UUID], placed: Placed
) -> WorkPackage:
    return WorkPackage(
        id=ids[row.uid],
        customer_id=plan.customer_id,
        plan=plan,
        position=position,
        uid=row.uid,
        outline=row.outline[:120],
        level=row.level,
        parent_id=ids[row.parent] if row.parent is not None else None,
        is_summary=row.summary,
        name=row.name[:500],
        owner=", ".join(row.resources)[:500],
        notes=row.notes,
        duration=row.duration,
        elapsed=row.elapsed,
        manual=row.manual,
        effort=row.effort,
        constraint=row.constraint.value,
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
        percent=row.percent,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        remaining=row.remaining,
        **{name: getattr(placed, name) for name in COMPUTED},
    )


def placed_rows(schedule: Schedule) -> dict[str, Placed]:
    """What the schedule says of every row by key, leaves and summaries."""
    stated = {activity.key: activity.percent for activity in schedule.plan.activities}
    placed = {
        leaf.key: Placed(
            leaf.early_start,
            leaf.early_finish,
            leaf.late_start,
            leaf.late_finish,
            leaf.start,
            leaf.finish,
            leaf.total_float,
            leaf.free_float,
            leaf.critical,
            100.0 if leaf.finished else stated[leaf.key],
        )
        for leaf in schedule
    }
    return placed | {
        key: Placed(
            None, None, None, None, row.start, row.finish, row.total_float, None, row.critical,
            row.percent,
        )
        for key, row in scheduling.roll_up(schedule).items()
    }  # fmt: skip


@transaction.atomic
def follow_today(*, plan: Plan, follows: bool, now: datetime) -> None:
    """Place work not yet done after today, every night anew; or let dates stand as planned."""
    facts = changes(plan, {"follows_today": follows})
    plan.follows_today = follows
    plan.status_at = None
    plan.save(update_fields=["follows_today", "status_at"])
    _reschedule([plan], now=now)
    record(
        action="plan.changed",
        subject=plan.engagement,
        facts=facts,
        about_customer_id=plan.customer_id,
    )


@transaction.atomic
def reschedule_plans(*, business_date: date, now: datetime) -> int:
    """The nightly step: every plan that follows today is placed from the new day on.

    Returns how many plans were looked at. Safe to repeat; the same day gives the same dates.
    """
    plans = Plan.objects.select_related("customer").filter(follows_today=True).order_by("pk")
    count = 0
    batch: list[Plan] = []
    for plan in plans.iterator(chunk_size=PLANS_AT_ONCE):
        batch.append(plan)
        if len(batch) == PLANS_AT_ONCE:
            count += _reschedule(batch, now=now, today=business_date + timedelta(days=1))
            batch = []
    return count + _reschedule(batch, now=now, today=business_date + timedelta(days=1))


def _reschedule(plans: Sequence[Plan], *, now: datetime, today: date | None = None) -> int:
    """Read, schedule and store many plans with a handful of statements."""
    packages = _by_plan(WorkPackage.objects.filter(plan__in=plans))
    links = _by_plan(
        Dependency.objects.filter(plan__in=plans).values_list(
            "plan_id", "before_id", "after_id", "type", "lag", "elapsed", named=True
        )
    )
    changed: list[tuple[UUID, Placed]] = []
    for plan in plans:
        schedule = _schedule_stored(plan, packages[plan.pk], links[plan.pk], now, today)
        changed += _moved(packages[plan.pk], placed_rows(schedule))
        _keep_plan(plan, schedule, now)
    _store(changed)
    return len(plans)


def _by_plan(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.plan_id].append(row)
    return grouped


def _schedule_stored(
    plan: Plan, packages: list[WorkPackage], links: list[Any], now: datetime, today: date | None
) -> Schedule:
    if plan.follows_today:
        local = today or now.astimezone(ZoneInfo(plan.customer.time_zone)).date()
        plan.status_at = datetime.combine(local, time())
    return scheduling.calculate(stored_plan(plan, packages, links))


def stored_plan(
    plan: Plan, packages: Iterable[WorkPackage], links: Iterable[Any]
) -> scheduling.Plan:
    """A stored plan as the arithmetic takes it; keys are the rows' ids as text."""
    return scheduling.Plan(
        start=plan.start_at,
        activities=tuple(_activity(row) for row in packages),
        links=tuple(
            Link(str(row.before_id), str(row.after_id), LinkType(row.type), row.lag, row.elapsed)
            for row in links
        ),
        calendar=calendar_from_json(plan.calendar),
        status_at=plan.status_at,
        critical_float=plan.critical_float,
    )


def _activity(row: WorkPackage) -> Activity:
    return Activity(
        key=str(row.pk),
        name=row.name,
        duration=row.duration,
        parent=str(row.parent_id) if row.parent_id else None,
        elapsed=row.elapsed,
        manual=row.manual,
        constraint=ConstraintType(row.constraint),
        constraint_at=row.constraint_at,
        deadline_at=row.deadline_at,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        remaining=row.remaining,
        percent=row.percent,
        effort=row.effort,
    )


def _moved(packages: list[WorkPackage], placed: dict[str, Placed]) -> list[tuple[UUID, Placed]]:
    return [
        (row.pk, placed[str(row.pk)])
        for row in packages
        if any(getattr(row, name) != getattr(placed[str(row.pk)], name) for name in COMPUTED)
    ]


def _keep_plan(plan: Plan, schedule: Schedule, now: datetime) -> None:
    plan.start, plan.finish, plan.scheduled_at = schedule.start, schedule.finish, now
    plan.save(update_fields=["start", "finish", "scheduled_at", "status_at"])
    engagements.note_forecast(
        engagement_id=plan.engagement_id, finish_date=schedule.finish.date(), now=now
    )


def _store(changed: Sequence[tuple[UUID, Placed]]) -> None:
    """Write many rows' computed columns in one statement; names come from `COMPUTED` alone."""
    if not changed:
        return
    sets = ", ".join(f'"{name}" = new."{name}"' for name in COMPUTED)
    columns = ", ".join(f'"{name}"' for name in COMPUTED)
    arrays = ", ".join(f"%s::{kind}[]" for kind in COMPUTED.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE adoption_workpackage SET {sets}"  # noqa: S608
            f" FROM unnest(%s::uuid[], {arrays}) AS new(id, {columns})"
            " WHERE adoption_workpackage.id = new.id",
            [
                [pk for pk, _placed in changed],
                *([getattr(placed, name) for _pk, placed in changed] for name in COMPUTED),
            ],
        )
