"""A plan file becomes the plan of an engagement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from adoption import scheduling
from adoption.adapters import PlanFile
from adoption.adapters.calendars import calendar_to_json
from adoption.editing import Stand, moves_between
from adoption.models import Baseline, Plan, PlanChange, WorkPackage
from adoption.operations.bringing import Known, bring_in_rows, known_rows
from adoption.operations.needing import bring_in_needs
from adoption.operations.rescheduling import reschedule
from adoption.operations.telling import stands_of, tell_of_moves
from adoption.operations.versions.baselines import freeze
from adoption.scheduling import Axis, Schedule
from adoption.scheduling.terms import terms_to_json
from engagements import operations as engagements
from engagements.models import Engagement
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from rendering.formats import current
from rendering.sentences import sentence_to_json
from tenancy.audit import record


@dataclass(frozen=True, slots=True)
class _Before:
    """What is said of the plan that a file replaces, and where the rows stood that it has again."""

    file_name: str
    finish: datetime
    stands: Mapping[str, Stand]


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
    """Make a file the plan of an engagement, in place of what it had planned.

    The plan stays the same one: what was noted of it each day, its baselines and what-ifs stay,
    and so do rows that the file has again, with all that hangs on them. What the file leaves out
    altogether, such as progress, stays as it was. The plan before is kept as a baseline.
    The schedule is computed first, so that a plan that cannot be scheduled changes nothing.
    Raises CircularPlan with the loop spelled out, InvalidPlan, NoWorkingTime, OutOfReach, or
    ValidationError where what a package needs is never there together.
    """
    stored = Plan.objects.select_for_update().filter(engagement=engagement).first()
    known = known_rows(engagement, stored, plan_file)
    plan_file = known.with_known(plan_file)
    today = now.astimezone(ZoneInfo(engagement.customer.time_zone)).date()
    started = plan_file.start or datetime.combine(engagement.start_date or today, time())
    status = datetime.combine(today, time()) if follows_today else plan_file.status_at
    schedule = _scheduled(plan_file, started, status)
    before = _keep(stored, known, file_name, imported_by, now)
    plan = stored or Plan(customer_id=engagement.customer_id, version=0)
    plan.engagement, plan.name, plan.start_at = engagement, plan_file.name[:200], started
    if stored is None or plan_file.has_calendar:
        plan.calendar = _calendar(plan_file)
    plan.critical_float, plan.status_at = plan_file.critical_float, status
    plan.follows_today, plan.file_name = follows_today, file_name[:255]
    plan.warnings = [sentence_to_json(words) for words in plan_file.warnings]
    plan.imported_by, plan.imported_at = imported_by, now
    plan.scheduled_at, plan.start, plan.finish = now, schedule.start, schedule.finish
    plan.version += 1
    plan.save()
    bring_in_needs(plan, plan_file, bring_in_rows(plan, plan_file, schedule, known), now=now)
    _tell(plan, before, len(plan_file.rows), schedule.axis)
    return plan


def _calendar(plan_file: PlanFile) -> dict[str, Any]:
    stored = calendar_to_json(plan_file.calendar)
    return stored | ({"terms": terms_to_json(plan_file.terms)} if plan_file.terms else {})


def _keep(
    stored: Plan | None, known: Known, file_name: str, by: User | None, now: datetime
) -> _Before | None:
    """The plan before as a baseline, and what is said of it."""
    if stored is None:
        return None
    name = _("Before %(file)s") % {"file": file_name}
    freeze(stored, kind=Baseline.Kind.BEFORE, name=name, by=by, now=now)
    return _Before(stored.file_name, stored.finish, stands_of(known.rows.values()))


def _tell(plan: Plan, before: _Before | None, packages: int, axis: Axis) -> None:
    if any(plan.calendars):
        reschedule([plan], now=plan.imported_at)
    engagements.note_forecast(
        engagement_id=plan.engagement_id, finish_date=plan.finish.date(), now=plan.imported_at
    )
    if before is not None:
        text = _("Plan replaced by %(file)s") % {"file": plan.file_name}
        change = PlanChange.objects.create(
            customer_id=plan.customer_id,
            plan=plan,
            version=plan.version,
            at=plan.imported_at,
            by=plan.imported_by,
            kind="replaced",
            text=text[:500],
        )
        _tell_of_moves(plan, before, change, axis)
    _record_new_plan(plan, before, packages)


def _tell_of_moves(plan: Plan, before: _Before, change: PlanChange, axis: Axis) -> None:
    """Owners hear of rows that the file has again and puts elsewhere, as of those of an edit."""
    rows = list(WorkPackage.objects.filter(plan=plan, uid__in=[*before.stands]))
    day = axis.calendar.day_minutes
    moves = moves_between(
        before.stands,
        stands_of(rows),
        finish=(before.finish, plan.finish),
        days=lambda one, other: round((axis.point(other) - axis.point(one)) / day, 2),
    )
    moves = replace(moves, text=change.text)
    tell_of_moves(plan, rows, moves, by=change.by, change_id=change.pk)


def _put_on_timeline(plan: Plan, before: _Before | None, packages: int) -> None:
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


def _record_new_plan(plan: Plan, before: _Before | None, packages: int) -> None:
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
