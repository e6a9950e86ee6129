"""Plans meet a new day, or a change: scheduled anew, many at once, and stored where dates moved."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from adoption import scheduling
from adoption.models import Plan, PlanProgress
from adoption.operations.columns import send
from adoption.operations.placing import (
    COMPUTED,
    HEAD,
    Placed,
    moved,
    placed_rows,
    store,
    updating_plans,
)
from adoption.operations.progress import keep_progress, progress_of
from adoption.queries.nights import PLANS_A_PART, not_met
from adoption.queries.stored import get_stored_rows, stored_plan
from adoption.scheduling import Schedule
from engagements import operations as engagements
from tenancy.audit import changes, record

PLANS_AT_ONCE = 100
_AT_NIGHT = HEAD | {"met_date": "date"}


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

    Waits for plans that somebody else holds, so that every plan has met the day when it returns.
    Returns how many met it here: none the second time.
    """
    count = 0
    while plans := _held(not_met(business_date)):
        count += _meet_new_day(plans, business_date=business_date, now=now)
    return count


@transaction.atomic
def reschedule_part(*, business_date: date, now: datetime) -> int:
    """A part of the nightly step, at most `PLANS_A_PART` plans that nobody else holds.

    Several workers take parts of one workspace side by side; what is left when a part was stopped
    is taken by the next one, and at last by `reschedule_plans`. Returns how many met the day.
    """
    count = 0
    while count < PLANS_A_PART and (plans := _held(not_met(business_date), skips=True)):
        count += _meet_new_day(plans, business_date=business_date, now=now)
    return count


def _held(plans: QuerySet[Plan], *, skips: bool = False) -> list[Plan]:
    """The next of these plans: nobody edits them until the end of the transaction, though rows that
    point at them may be added."""
    held = plans.select_for_update(of=("self",), skip_locked=skips, no_key=True)
    return list(held.select_related("customer")[:PLANS_AT_ONCE])


def _meet_new_day(plans: Sequence[Plan], *, business_date: date, now: datetime) -> int:
    today = business_date + timedelta(days=1)
    changed: list[tuple[UUID, Placed]] = []
    noted: list[PlanProgress | None] = []
    for plan, rows, schedule in _scheduled(plans, now=now, today=today):
        noted.append(progress_of(plan, schedule, day=business_date))
        plan.met_date = business_date
        if plan.follows_today:
            changed += moved(rows, placed_rows(schedule))
            _meet(plan, schedule, now)
    store(changed)
    send(updating_plans(plans, _AT_NIGHT))
    _note_forecasts([plan for plan in plans if plan.follows_today], now)
    keep_progress([row for row in noted if row is not None])
    return len(plans)


def reschedule(plans: Sequence[Plan], *, now: datetime) -> int:
    """Read, schedule and store many plans with a handful of statements."""
    changed: list[tuple[UUID, Placed]] = []
    for plan, rows, schedule in _scheduled(plans, now=now):
        changed += moved(rows, placed_rows(schedule))
        _meet(plan, schedule, now)
    store(changed)
    send(updating_plans(plans, HEAD))
    _note_forecasts(plans, now)
    return len(plans)


def _scheduled(
    plans: Sequence[Plan], *, now: datetime, today: date | None = None
) -> Iterator[tuple[Plan, list[Any], Schedule]]:
    """Each plan with its rows, which hold the columns of `SCHEDULED` and `COMPUTED`."""
    packages, links = get_stored_rows(plans=plans, also=tuple(COMPUTED))
    for plan in plans:
        rows = packages[plan.pk]
        yield plan, rows, _schedule_stored(plan, rows, links[plan.pk], now, today)


def _schedule_stored(
    plan: Plan, packages: list[Any], links: list[Any], now: datetime, today: date | None
) -> Schedule:
    if plan.follows_today:
        local = today or now.astimezone(ZoneInfo(plan.customer.time_zone)).date()
        plan.status_at = datetime.combine(local, time())
    return scheduling.calculate(stored_plan(plan, packages, links))


def _meet(plan: Plan, schedule: Schedule, now: datetime) -> None:
    plan.start, plan.finish, plan.scheduled_at = schedule.start, schedule.finish, now


def _note_forecasts(plans: Sequence[Plan], now: datetime) -> None:
    finishes = {
        plan.engagement_id: plan.finish.date() for plan in plans if plan.what_if_of_id is None
    }
    engagements.note_forecasts(finishes=finishes, now=now)
