"""Plans meet a new day, or a change: scheduled anew, many at once, and stored where dates moved."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from adoption import scheduling
from adoption.models import Dependency, Plan, PlanProgress, WorkPackage
from adoption.operations.placing import COMPUTED, Placed, moved, placed_rows, store
from adoption.operations.progress import keep_progress, progress_of
from adoption.queries.stored import SCHEDULED, stored_plan
from adoption.scheduling import Schedule
from engagements import operations as engagements
from tenancy.audit import changes, record

PLANS_AT_ONCE = 200


@transaction.atomic
def follow_today(*, plan: Plan, follows: bool, now: datetime) -> None:
    """Place work not yet done after today, every night anew; or let dates stand as planned."""
    facts = changes(plan, {"follows_today": follows})
    plan.follows_today = follows
    plan.status_at = None
    plan.save(update_fields=["follows_today", "status_at"])
    reschedule([plan], now=now)
    record(
        action="plan.changed",
        subject=plan.engagement,
        facts=facts,
        about_customer_id=plan.customer_id,
    )


@transaction.atomic
def reschedule_plans(*, business_date: date, now: datetime) -> int:
    """The nightly step: plans that follow today are placed from the new day on, and how far each
    plan is at the end of the old one is noted.

    Returns how many plans were looked at. Safe to repeat; the same day gives the same dates.
    """
    plans = (
        Plan.objects.select_related("customer").filter(engagement__archived_at=None).order_by("pk")
    )
    count = 0
    batch: list[Plan] = []
    for plan in plans.iterator(chunk_size=PLANS_AT_ONCE):
        batch.append(plan)
        if len(batch) == PLANS_AT_ONCE:
            count += _meet_new_day(batch, business_date=business_date, now=now)
            batch = []
    return count + _meet_new_day(batch, business_date=business_date, now=now)


def _meet_new_day(plans: Sequence[Plan], *, business_date: date, now: datetime) -> int:
    today = business_date + timedelta(days=1)
    changed: list[tuple[UUID, Placed]] = []
    noted: list[PlanProgress | None] = []
    met: list[Plan] = []
    for plan, rows, schedule in _scheduled(plans, now=now, today=today):
        noted.append(progress_of(plan, schedule, day=business_date))
        if plan.follows_today:
            changed += moved(rows, placed_rows(schedule))
            met.append(_met(plan, schedule, now))
    store(changed)
    _keep(met, now)
    keep_progress([row for row in noted if row is not None])
    return len(plans)


def reschedule(plans: Sequence[Plan], *, now: datetime) -> int:
    """Read, schedule and store many plans with a handful of statements."""
    changed: list[tuple[UUID, Placed]] = []
    met: list[Plan] = []
    for plan, rows, schedule in _scheduled(plans, now=now):
        changed += moved(rows, placed_rows(schedule))
        met.append(_met(plan, schedule, now))
    store(changed)
    _keep(met, now)
    return len(plans)


def _scheduled(
    plans: Sequence[Plan], *, now: datetime, today: date | None = None
) -> Iterator[tuple[Plan, list[Any], Schedule]]:
    """Each plan with its rows, which hold the columns of `SCHEDULED` and `COMPUTED`."""
    packages = _by_plan(
        WorkPackage.objects.filter(plan__in=plans).values_list(
            "plan_id", *SCHEDULED, *COMPUTED, named=True
        )
    )
    links = _by_plan(
        Dependency.objects.filter(plan__in=plans).values_list(
            "plan_id", "before_id", "after_id", "type", "lag", "elapsed", named=True
        )
    )
    for plan in plans:
        rows = packages[plan.pk]
        yield plan, rows, _schedule_stored(plan, rows, links[plan.pk], now, today)


def _by_plan(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.plan_id].append(row)
    return grouped


def _schedule_stored(
    plan: Plan, packages: list[Any], links: list[Any], now: datetime, today: date | None
) -> Schedule:
    if plan.follows_today:
        local = today or now.astimezone(ZoneInfo(plan.customer.time_zone)).date()
        plan.status_at = datetime.combine(local, time())
    return scheduling.calculate(stored_plan(plan, packages, links))


def _met(plan: Plan, schedule: Schedule, now: datetime) -> Plan:
    plan.start, plan.finish, plan.scheduled_at = schedule.start, schedule.finish, now
    return plan


def _keep(plans: Sequence[Plan], now: datetime) -> None:
    """Store where plans and the forecasts of their engagements stand, each in one statement."""
    Plan.every.bulk_update(plans, ["start", "finish", "scheduled_at", "status_at"])
    finishes = {
        plan.engagement_id: plan.finish.date() for plan in plans if plan.what_if_of_id is None
    }
    engagements.note_forecasts(finishes=finishes, now=now)
