"""PURE what about a measure, or the work behind it, needs somebody now; each with its reason.

One matter has one key, so that it is one alert however many nights see it. What somebody works on
as one thing is one matter: the slips of a plan, the readings one person owes, the use of an
engagement that falls or has ended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from metrics.definitions import Source
from metrics.forecasting import MilestoneResult, Outcome, Outlook
from metrics.narrative.story import Report
from metrics.narrative.words import (
    say_amount,
    say_day,
    say_days,
    say_list,
    say_number,
    say_rounded,
    say_share,
)
from rendering.sentences import Sentence, sentence

# How long ahead a milestone is looked at, and how long after it a missed one is still news.
AHEAD, BEHIND = timedelta(days=14), timedelta(days=56)
# A fall by this share of the amount in four weeks is decay.
FALL = 0.2
FALL_DAYS = 28
# How far back there must have been use for its absence to be news.
USED_WITHIN = timedelta(days=90)
# No more are named in a sentence; the alert lists them all.
NAMED = 3
# What is said of all use of an engagement, and of all of its plan.
USE, PLAN = "use", "plan"


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
class Part:
    """One of the things a finding is made of. Its key tells whether it is new since somebody
    looked."""

    key: str
    said: Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter that needs somebody; `parts` are empty where it is one thing."""

    matter: Matter
    key: str
    weight: Weight
    reason: Sentence
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A reading that was due and never came; `key` is the measure's own."""

    key: str
    label: str
    since: date

    @property
    def part_key(self) -> str:
        return f"{self.key}:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A group that has access and of which nobody did anything."""

    key: str
    name: str
    people: int
    days: int


@dataclass(frozen=True, slots=True)
class Late:
    """Work that sets the finish, or nearly does, and now ends later than its baseline says."""

    key: str
    name: str
    was: date
    now: date
    float_days: float

    @property
    def is_critical(self) -> bool:
        return self.float_days <= 0


def of_milestones(told: Report, *, key: str) -> Iterable[Finding]:
    """The milestones of a measure that were missed or are about to be; `key` is the measure's own.

    Each was agreed with the customer, so each is a matter of its own.
    """
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


def of_use(
    measured: Sequence[tuple[str, Report]], groups: Sequence[Quiet] = ()
) -> Iterable[Finding]:
    """What the use of an engagement says, by its measures with their keys and its groups: one
    matter where it falls and one where it has ended, since all of them count the same people."""
    falls = [(key, found) for key, told in measured if (found := _fall(told)) is not None]
    if falls:
        yield _falling(falls)
    ended = [Part(key, said) for key, told in measured if (said := _ended(told)) is not None]
    if ended or groups:
        yield _silent(ended, groups)


@dataclass(frozen=True, slots=True)
class _Fall:
    label: str
    share: str
    said: Sentence


def _counted(told: Report) -> bool:
    measure = told.measure
    from_use = measure.definition.source is Source.USAGE
    return from_use and measure.latest is not None and not measure.is_stale


def _ended(told: Report) -> Sentence | None:
    """Nobody is left, and there was somebody not long ago."""
    measure, latest = told.measure, told.measure.latest
    if not _counted(told) or latest is None or latest.amount != 0:
        return None
    edge = latest.day - USED_WITHIN
    used = [item.day for item in measure.readings if item.day >= edge and item.amount]
    if not used:
        return None
    return sentence(
        "%(measure)s: nobody is left. The last reading above zero is of %(day)s.",
        measure=measure.definition.label,
        day=say_day(max(used), today=measure.as_of),
    )


def _fall(told: Report) -> _Fall | None:
    """A fall within four weeks; only where enough people are counted to say so."""
    measure, latest = told.measure, told.measure.latest
    definition = measure.definition
    if not _counted(told) or latest is None or latest.amount == 0 or not definition.rising:
        return None
    edge = latest.day - timedelta(days=FALL_DAYS)
    before = [item for item in measure.readings if item.day <= edge]
    if not before or before[-1].amount < max(definition.small_count, 1):
        return None
    lost = 1 - latest.amount / before[-1].amount
    if lost < FALL:
        return None
    said = sentence(
        "%(measure)s fell by %(share)s in four weeks, from %(before)s to %(now)s.",
        measure=definition.label,
        share=say_share(lost),
        before=say_amount(definition, before[-1].amount),
        now=say_amount(definition, latest.amount),
    )
    return _Fall(definition.label, say_share(lost), said)


def _falling(falls: Sequence[tuple[str, _Fall]]) -> Finding:
    parts = tuple(Part(key, fall.said) for key, fall in falls)
    if len(falls) == 1:
        return Finding(Matter.DECAY, USE, Weight.WATCH, parts[0].said, parts)
    said = [
        sentence("%(measure)s by %(share)s", measure=fall.label, share=fall.share)
        for _key, fall in falls
    ]
    reason = sentence(
        "%(n)s measures of use fell in four weeks: %(falls)s.",
        n=say_number(len(falls)),
        falls=_named(said),
    )
    return Finding(Matter.DECAY, USE, Weight.WATCH, reason, parts)


def _silent(ended: Sequence[Part], groups: Sequence[Quiet]) -> Finding:
    parts = (*ended, *(Part(group.key, _nobody_of(group)) for group in groups))
    weight = Weight.ACT if ended else Weight.WATCH
    if ended or len(groups) == 1:
        return Finding(Matter.SILENT, USE, weight, parts[0].said, parts)
    reason = sentence(
        "%(n)s groups used nothing in %(days)s days: %(names)s. %(people)s people have access.",
        n=say_number(len(groups)),
        days=max(group.days for group in groups),
        names=_named([group.name for group in groups]),
        people=say_number(sum(group.people for group in groups)),
    )
    return Finding(Matter.SILENT, USE, weight, reason, parts)


def _nobody_of(group: Quiet) -> Sentence:
    return sentence(
        "Nobody of “%(name)s” used it in %(days)s days; %(n)s people have access.",
        name=group.name,
        days=group.days,
        n=group.people,
    )


def of_readings(missing: Sequence[Missing], *, reader: str, today: date) -> Finding:
    """The readings that one person owes an engagement, the longest missing in front."""
    ordered = sorted(missing, key=lambda one: (one.since, one.key))
    parts = tuple(Part(one.part_key, _was_due(one, today)) for one in ordered)
    reason = parts[0].said
    if len(parts) > 1:
        reason = sentence(
            "%(n)s readings are overdue, the first since %(day)s: %(names)s.",
            n=say_number(len(parts)),
            day=say_day(ordered[0].since, today=today),
            names=_named([one.label for one in ordered]),
        )
    return Finding(Matter.READING_OVERDUE, f"reader:{reader}", Weight.WATCH, reason, parts)


def _was_due(one: Missing, today: date) -> Sentence:
    return sentence(
        "%(measure)s: a reading was due on %(day)s, %(days)s ago.",
        measure=one.label,
        day=say_day(one.since, today=today),
        days=say_days((today - one.since).days),
    )


def of_plan(packages: Sequence[Late], *, was: date, now: date, today: date) -> Finding:
    """The slips of one plan: what sets its finish in front, then what slips by most days.

    `was` is the finish of the baseline, `now` that of the plan.
    """
    ordered = sorted(packages, key=lambda one: (not one.is_critical, one.was - one.now, one.key))
    parts = tuple(Part(one.key, _ends_late(one, today)) for one in ordered)
    critical = sum(one.is_critical for one in ordered)
    facts = {
        "slips": _slips(ordered, critical),
        "was": say_day(was, today=today),
        "now": say_day(now, today=today),
    }
    if now > was:
        reason = sentence("%(slips)s; the finish moves from %(was)s to %(now)s.", **facts)
    else:
        reason = sentence("%(slips)s; the finish stays on %(now)s.", **facts)
    return Finding(Matter.SLIP, PLAN, Weight.ACT if critical else Weight.WATCH, reason, parts)


def _slips(ordered: Sequence[Late], critical: int) -> Sentence:
    """What slips, without the full stop."""
    names = _named([f"“{one.name}”" for one in ordered])
    facts = {"names": names, "n": say_number(critical), "m": say_number(len(ordered) - critical)}
    if len(ordered) == 1:
        late = say_days((ordered[0].now - ordered[0].was).days)
        if critical:
            return sentence("%(names)s is critical and slips by %(late)s", names=names, late=late)
        return sentence(
            "%(names)s is nearly critical and slips by %(late)s", names=names, late=late
        )
    if critical == len(ordered):
        return sentence("%(n)s packages on the critical path slip: %(names)s", **facts)
    if not critical:
        return sentence("%(m)s packages near the critical path slip: %(names)s", **facts)
    return sentence(
        "Packages slip, %(n)s on the critical path and %(m)s near it: %(names)s", **facts
    )


def _ends_late(one: Late, today: date) -> Sentence:
    facts: dict[str, str] = {
        "name": one.name,
        "was": say_day(one.was, today=today),
        "now": say_day(one.now, today=today),
        "days": say_days((one.now - one.was).days),
    }
    if one.is_critical:
        return sentence(
            "“%(name)s” is critical and ends on %(now)s, %(days)s after %(was)s.", **facts
        )
    return sentence(
        "“%(name)s” is nearly critical and ends on %(now)s, %(days)s after %(was)s.", **facts
    )


def _named(names: Sequence[str]) -> str:
    """The first few of them, and how many more there are."""
    if len(names) <= NAMED:
        return say_list(names)
    more = sentence("%(n)s more", n=say_number(len(names) - NAMED + 1))
    return say_list([*names[: NAMED - 1], more])
