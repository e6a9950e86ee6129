"""What was agreed about a measure and what was read, as plain values."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from metrics.definitions.counting import Definition


class Step(StrEnum):
    """What a milestone is: something done, or a plain share of the way."""

    ACHIEVEMENT = "achievement"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where things stood before the first step."""

    amount: float
    day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: quality (what), amount (how much) and deadline (by when)."""

    quality: str
    amount: float
    deadline: date


@dataclass(frozen=True, slots=True)
class Milestone:
    """An amount agreed for a day on the way to the target."""

    name: str
    amount: float
    day: date
    step: Step = Step.ACHIEVEMENT


@dataclass(frozen=True, slots=True)
class Prior:
    """What the system before it reached; a reference, not where this one began."""

    amount: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed target and milestones, and when; and who at the customer said so themselves."""

    agreed_date: date
    for_customer: str
    for_vendor: str
    confirmed_by: str = ""
    confirmed_date: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The amount at the end of a closed day, with the version of the definition it was counted by."""

    day: date
    amount: float
    version: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day. A plan change starts a new trend."""

    day: date
    name: str
    changes_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A definition, the agreement about it and its readings in order of their days.

    as_of is the last closed day. whole_from is the first day whose window lies completely inside
    the recorded history; earlier readings rise only because their window fills.
    """

    definition: Definition
    as_of: date
    time_zone: str = "UTC"
    baseline: Baseline | None = None
    target: Target | None = None
    milestones: tuple[Milestone, ...] = ()
    agreement: Agreement | None = None
    readings: tuple[Reading, ...] = ()
    events: tuple[Event, ...] = ()
    whole_from: date | None = None
    prior: Prior | None = None

    @property
    def latest(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def open_date(self) -> date:
        """The day that is still running and so has no reading yet."""
        return self.as_of + timedelta(days=1)

    @property
    def is_stale(self) -> bool:
        """True when the last reading is too old to describe the last closed day."""
        last = self.latest
        return last is not None and (self.as_of - last.day).days > self.definition.valid_days

    @property
    def is_small(self) -> bool:
        """True when so few people are counted that one of them moves every share."""
        known = [end.amount for end in (self.baseline, self.target, self.latest) if end is not None]
        return all(abs(amount) < self.definition.small_count for amount in known)

    @property
    def course(self) -> tuple[tuple[date, float], ...]:
        """The agreed way from baseline over the milestones to the target; empty without both ends."""
        if self.baseline is None or self.target is None:
            return ()
        start = (self.baseline.day, self.baseline.amount)
        end = (self.target.deadline, self.target.amount)
        goals = sorted((goal.day, goal.amount) for goal in self.milestones)
        return (start, *(goal for goal in goals if start[0] < goal[0] < end[0]), end)


def plain_milestones(
    baseline: Baseline, target: Target, *, parts: int = 4
) -> tuple[Milestone, ...]:
    """Milestones as plain shares of the way at even times: a quarter, half, three quarters."""
    days = (target.deadline - baseline.day).days
    shares = [part / parts for part in range(1, parts)]
    return tuple(
        Milestone(
            f"{share:.0%} of the way",
            round(baseline.amount + share * (target.amount - baseline.amount), 1),
            baseline.day + timedelta(days=round(share * days)),
            Step.SHARE,
        )
        for share in shares
    )
