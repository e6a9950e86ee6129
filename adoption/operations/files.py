"""A plan file becomes the plan of an engagement."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from adoption import scheduling
from adoption.adapters import PlanFile, PlanRow
from adoption.adapters.calendars import calendar_to_json
from adoption.models import Dependency, Plan, WorkPackage
from adoption.operations.placing import COMPUTED, Placed, placed_rows
from adoption.scheduling import Link, LinkType, Schedule
from engagements import operations as engagements
from engagements.models import Engagement
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from rendering.formats import current
from tenancy.audit import record
from tenancy.models import new_id

ROWS_AT_ONCE = 2000


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


def _put_on_timeline(plan: Plan, before: Plan | None, packages: int) -> None:
    words = {
        "file": plan.file_name,
        "number": packages,
        "day": current().day_and_year(plan.finish.date()),
    }
    text = _("Plan taken over from %(file)s: %(number)s work packages, finish %(day)s")
    if before is not None:
        text = _("Plan replaced by %(file)s: %(number)s work packages, finish %(day)s")
    put_on_timeline(
        engagement=plan.engagement,
        kind="plan.replaced" if before else "plan.imported",
        text=text % words,
        url=inside("adoption:plan", plan.engagement_id),
        by=plan.imported_by,
        at=plan.imported_at,
        shared=True,
    )


def _record_new_plan(plan: Plan, before: Plan | None, packages: int) -> None:
    _put_on_timeline(plan, before, packages)
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
        optimistic=row.optimistic,
        pessimistic=row.pessimistic,
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
