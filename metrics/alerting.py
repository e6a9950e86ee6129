"""PURE what about a measure, or the work behind it, needs somebody now; each with its reason.

One matter has one key, so that it is one alert however many nights see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from metrics.definitions import Source
from metrics.forecasting import MilestoneResult, Outcome, Outlook
from metrics.narrative.story import Report
from metrics.narrative.words import say_amount, say_day, say_rounded, say_share
from rendering.sentences import Sentence, sentence

# How long ahead a milestone is looked at, and how long after it a missed one is still news.
AHEAD, BEHIND = timedelta(days=14), timedelta(days=56)
# A fall by this share of the amount in four weeks is decay.
FALL = 0.2
FALL_DAYS = 28
# How far back there must have been use for its absence to be news.
USED_WITHIN = timedelta(days=90)


class Matter(StrEnum):
    """What a finding is about."""

    MILESTONE_MISSED = "milestone_missed"
    MILESTONE_NEAR = "milestone_near"
    DECAY = "decay"
    SILENT = "silent"
    READING_OVERDUE = "reading_overdue"
    SLIP = "slip"


class Weight(StrEnum):
    """How much attention it asks for."""

    ACT = "act"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs somebody."""

    matter: Matter
    key: str
    weight: Weight
    reason: Sentence


def findings(told: Report, *, key: str) -> tuple[Finding, ...]:
    """What a measure's readings say; `key` is the measure's own."""
    return (*_milestones(told, key), *_use(told, key))


def _milestones(told: Report, key: str) -> Iterable[Finding]:
    as_of = told.measure.as_of
    for result in told.standing.milestones:
        day = result.milestone.day
        at = f"{key}:{day.isoformat()}:{result.milestone.name}"[:120]
        missed = result.outcome in (Outcome.MISSED, Outcome.LOST)
        if missed and as_of - BEHIND <= day < as_of:
            yield Finding(Matter.MILESTONE_MISSED, at, Weight.ACT, _missed(told, result))
        elif result.outcome is Outcome.OPEN and as_of <= day <= as_of + AHEAD:
            reason = _at_risk(told, result)
            if reason is not None:
                yield Finding(Matter.MILESTONE_NEAR, at, Weight.WATCH, reason)


def _facts(told: Report, result: MilestoneResult) -> dict[str, str]:
    measure, goal = told.measure, result.milestone
    return {
        "measure": measure.definition.label,
        "name": goal.name,
        "amount": say_amount(measure.definition, goal.amount),
        "day": say_day(goal.day, today=measure.as_of),
    }


def _missed(told: Report, result: MilestoneResult) -> Sentence:
    facts, latest = _facts(told, result), told.measure.latest
    if result.outcome is Outcome.LOST:
        return sentence("%(measure)s: “%(name)s” (%(amount)s) was reached and lost again.", **facts)
    if latest is None:
        return sentence(
            "%(measure)s: “%(name)s” was due on %(day)s, and nothing was read.", **facts
        )
    facts["now"] = say_amount(told.measure.definition, latest.amount)
    return sentence(
        "%(measure)s: “%(name)s” was due on %(day)s with %(amount)s; it stands at %(now)s.", **facts
    )


def _at_risk(told: Report, result: MilestoneResult) -> Sentence | None:
    """None where the recent slope gets there, or where nothing can be said."""
    if told.outlook is None:
        return None
    likely = amount_on(told.outlook, result.milestone.day)
    definition = told.measure.definition
    if likely is None or definition.meets(likely, result.milestone.amount):
        return None
    facts = _facts(told, result) | {"likely": say_rounded(definition, likely)}
    return sentence(
        "%(measure)s: “%(name)s” is due on %(day)s with %(amount)s; %(likely)s is likely.", **facts
    )


def amount_on(outlook: Outlook, day: date) -> float | None:
    """What the recent slope leads to on a day: straight between the steps, None beyond them."""
    steps = outlook.steps
    for left, right in pairwise(steps):
        if left.day <= day <= right.day:
            part = (day - left.day) / (right.day - left.day)
            return left.amount + part * (right.amount - left.amount)
    return None


def _use(told: Report, key: str) -> Iterable[Finding]:
    """Use that fell, or that ended; only where enough people are counted to say so."""
    measure, latest = told.measure, told.measure.latest
    if measure.definition.source is not Source.USAGE or latest is None or measure.is_stale:
        return
    label = measure.definition.label
    recent = [item for item in measure.readings if item.day >= latest.day - USED_WITHIN]
    if latest.amount == 0:
        if any(item.amount for item in recent):
            reason = sentence(
                "%(measure)s: nobody is left. The last reading above zero is of %(day)s.",
                measure=label,
                day=say_day(max(item.day for item in recent if item.amount), today=measure.as_of),
            )
            yield Finding(Matter.SILENT, key, Weight.ACT, reason)
        return
    edge = latest.day - timedelta(days=FALL_DAYS)
    before = [item for item in measure.readings if item.day <= edge]
    if not before or before[-1].amount < max(measure.definition.small_count, 1):
        return
    lost = 1 - latest.amount / before[-1].amount
    if measure.definition.rising and lost >= FALL:
        reason = sentence(
            "%(measure)s fell by %(share)s in four weeks, from %(before)s to %(now)s.",
            measure=label,
            share=say_share(lost),
            before=say_amount(measure.definition, before[-1].amount),
            now=say_amount(measure.definition, latest.amount),
        )
        yield Finding(Matter.DECAY, key, Weight.WATCH, reason)


def overdue(*, key: str, label: str, since: date, today: date) -> Finding:
    """A reading that was due and never came."""
    reason = sentence(
        "%(measure)s: a reading was due on %(day)s, %(n)s days ago.",
        measure=label,
        day=say_day(since, today=today),
        n=(today - since).days,
    )
    return Finding(Matter.READING_OVERDUE, key, Weight.WATCH, reason)


def quiet_group(*, key: str, name: str, people: int, days: int) -> Finding:
    """A group that has access and of which nobody did anything."""
    reason = sentence(
        "Nobody of “%(name)s” used it in %(days)s days; %(n)s people have access.",
        name=name,
        days=days,
        n=people,
    )
    return Finding(Matter.SILENT, key, Weight.WATCH, reason)


def slip(*, key: str, name: str, was: date, now: date, float_days: float, today: date) -> Finding:
    """Work that sets the finish, or nearly does, and now ends later than its baseline says."""
    facts: dict[str, str | int] = {
        "name": name,
        "was": say_day(was, today=today),
        "now": say_day(now, today=today),
        "days": (now - was).days,
    }
    if float_days <= 0:
        said = sentence(
            "“%(name)s” is critical and ends on %(now)s, %(days)s days after %(was)s.", **facts
        )
        return Finding(Matter.SLIP, key, Weight.ACT, said)
    said = sentence(
        "“%(name)s” is nearly critical and ends on %(now)s, %(days)s days after %(was)s.", **facts
    )
    return Finding(Matter.SLIP, key, Weight.WATCH, said)
