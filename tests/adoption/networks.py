# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Random plans: every link type, lags, holidays, constraints and progress."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from adoption.scheduling import (
    ALWAYS,
    STANDARD,
    Activity,
    Calendar,
    ConstraintType,
    Link,
    LinkType,
    Plan,
    working_week,
)

MONDAY = datetime(2026, 1, 5, 8)
_TWO_SHIFTS = working_week(((540, 780), (900, 1140)), days=5, name="Two shifts")
_UNEVEN = Calendar(
    (((0, 60), (360, 840)), (), ((480, 720),), ((480, 1440),), ((480, 720), (780, 960)), (), ()),
    name="Uneven",
)
CALENDARS = (
    STANDARD,
    _TWO_SHIFTS.with_holidays([date(2026, 1, 6), date(2026, 1, 19), date(2026, 2, 2)]),
    STANDARD.with_exceptions({date(2026, 1, 10): ((600, 660),), date(2026, 1, 12): ()}),
    _UNEVEN,
    ALWAYS,
)


def random_plan(seed: int, size: int = 12) -> Plan:
    """A plan without circles; the same seed gives the same plan."""
    rng = random.Random(seed)
    calendar = rng.choice(CALENDARS)
    activities = [_activity(rng, i) for i in range(size)]
    links = [link for i in range(1, size) for link in _links(rng, i)]
    if rng.random() < 0.5:
        activities, links = _grouped(rng, activities, links)
    plan = Plan(MONDAY, tuple(activities), tuple(links), calendar)
    if rng.random() < 0.5:
        plan = _with_progress(rng, plan)
    rng.shuffle(links)
    return replace(plan, links=tuple(links), critical_float=rng.choice((0, 0, 480)))


def _activity(rng: random.Random, i: int) -> Activity:
    duration = rng.choice((0, 60, 137, 480, 960, rng.randrange(3000)))
    constraint, moment = ConstraintType.ASAP, None
    if rng.random() < 0.3:
        constraint = rng.choice(list(ConstraintType))
        moment = _moment(rng) if constraint.needs_date else None
    return Activity(
        key=str(i),
        name=f"Step {i}",
        duration=duration,
        constraint=constraint,
        constraint_at=moment,
        deadline_at=_moment(rng) if rng.random() < 0.15 else None,
        manual=rng.random() < 0.1,
    )


def _moment(rng: random.Random) -> datetime:
    return MONDAY + timedelta(minutes=rng.randrange(-3 * 1440, 40 * 1440))


def _links(rng: random.Random, i: int) -> list[Link]:
    befores = rng.sample(range(i), min(i, rng.choice((0, 1, 1, 2, 3))))
    return [_link(rng, str(before), str(i)) for before in befores]


def _grouped(
    rng: random.Random, activities: list[Activity], links: list[Link]
) -> tuple[list[Activity], list[Link]]:
    """Runs of steps under summaries, half of a run nested; links from and to the summaries.

    Steps only wait for earlier ones, so a summary may be waited for by what comes after it.
    """
    rows, links, first = list(activities), list(links), 0
    while first < len(activities):
        last = min(len(activities), first + rng.randrange(1, 6))
        middle = rng.randrange(first, last)
        outer, inner = f"S{first}", f"S{first}.{middle}"
        rows += [Activity(outer, outer), Activity(inner, inner, parent=outer)]
        rows[first:middle] = [replace(row, parent=outer) for row in rows[first:middle]]
        rows[middle:last] = [replace(row, parent=inner) for row in rows[middle:last]]
        if last < len(activities):
            after = str(rng.randrange(last, len(activities)))
            links.append(_link(rng, rng.choice((outer, inner)), after))
        if first:
            links.append(_link(rng, str(rng.randrange(first)), rng.choice((outer, inner))))
        first = last
    return rows, links


def _link(rng: random.Random, before: str, after: str) -> Link:
    lag = rng.choice((0, 0, 0, 60, 480, 1440, -240, -960))
    return Link(before, after, rng.choice(list(LinkType)), lag, rng.random() < 0.15)


def _with_progress(rng: random.Random, plan: Plan) -> Plan:
    """Some steps done or running, now and then out of sequence, often with a status date."""
    activities = []
    for activity in plan.activities:
        if activity.key.startswith("S"):
            activities.append(activity)
            continue
        began = MONDAY + timedelta(minutes=rng.randrange(10 * 1440))
        if rng.random() < 0.2:
            finish = began + timedelta(minutes=rng.randrange(5 * 1440))
            activity = replace(activity, actual_start=began, actual_finish=finish, percent=100)
        elif rng.random() < 0.25:
            left = rng.randrange(activity.duration + 1)
            activity = replace(activity, actual_start=began, remaining=left)
        activities.append(activity)
    status = MONDAY + timedelta(minutes=rng.randrange(20 * 1440)) if rng.random() < 0.7 else None
    return replace(plan, activities=tuple(activities), status_at=status)
