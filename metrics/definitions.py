"""What a measure is: its definition, what was agreed about it and what was read so far.

Plain values without Django: the page, the CSV file, the API and the chart all start from a Measure.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

EARLIEST = date(1990, 1, 1)
LONGEST = timedelta(days=3653)
LARGEST = 1e12


class Direction(StrEnum):
    """Which way is better."""

    RISING = "rising"
    FALLING = "falling"


class Source(StrEnum):
    """Where readings come from."""

    USAGE = "usage"
    SURVEY = "survey"
    ASSESSMENT = "assessment"
    SUPPORT = "support"
    ROUTES = "routes"
    PERFORMANCE = "performance"
    HAND = "hand"
    API = "api"


class UnknownDefinition(LookupError):
    """No definition has this key and version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a number is counted. A changed definition gets a new version, so history keeps its own.

    window_days is the length of the period one reading looks back on (1 for a plain reading),
    valid_days how long a reading still describes the present, small_count the size below which
    shares and alarms would say more than the data does.
    """

    key: str
    label: str
    unit: str
    direction: Direction
    source: Source
    version: int
    counting: str
    window_days: int = 1
    valid_days: int = 35
    decimals: int = 0
    lowest: float | None = None
    highest: float | None = None
    small_count: int = 5

    @property
    def rising(self) -> bool:
        return self.direction is Direction.RISING

    def meets(self, amount: float, goal: float) -> bool:
        """True when the amount is at the goal or on its better side."""
        return amount >= goal if self.rising else amount <= goal

    def within_limits(self, amount: float) -> float:
        """The amount moved into what can occur at all: no count falls below its lowest value."""
        low = amount if self.lowest is None else max(self.lowest, amount)
        return low if self.highest is None else min(self.highest, low)


ACTIVE_USERS = Definition(
    key="active_users_28d",
    label="28-day active users",
    unit="people",
    direction=Direction.RISING,
    source=Source.USAGE,
    version=1,
    counting=(
        "Different people with at least one event in the 28 days that end on the day of the "
        "reading, in the customer's time zone."
    ),
    window_days=28,
    valid_days=7,
    lowest=0.0,
)

NEW_ROUTE_SHARE = Definition(
    key="new_route_share",
    label="Work done in the new system",
    unit="%",
    direction=Direction.RISING,
    source=Source.HAND,
    version=1,
    counting="Work items done in the new system, as a share of all of them, counted by hand.",
    decimals=1,
    lowest=0.0,
    highest=100.0,
)

CATALOGUE = MappingProxyType(
    {(item.key, item.version): item for item in (ACTIVE_USERS, NEW_ROUTE_SHARE)}
)


def get_definition(key: str, version: int) -> Definition:
    """The definition as it was counted under this version.

    Raises UnknownDefinition.
    """
    try:
        return CATALOGUE[key, version]
    except KeyError:
        raise UnknownDefinition(f"No measure is defined as {key}, version {version}.") from None


def latest_definitions() -> tuple[Definition, ...]:
    """The newest version of every definition, by label."""
    newest: dict[str, Definition] = {}
    for definition in sorted(CATALOGUE.values(), key=lambda item: item.version):
        newest[definition.key] = definition
    return tuple(sorted(newest.values(), key=lambda item: item.label))


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


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed target and milestones, and when."""

    agreed_date: date
    for_customer: str
    for_vendor: str


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
        )
        for share in shares
    )


def missing_parts(*, quality: str, amount: float | None, deadline: date | None) -> tuple[str, ...]:
    """The parts a well-formed target still lacks, in words: what, how much, by when."""
    parts = (
        ("what is to be reached (quality)", bool(quality.strip())),
        ("how much (quantity)", amount is not None),
        ("by when (deadline)", deadline is not None),
    )
    return tuple(name for name, given in parts if not given)


def contradictions(
    definition: Definition, baseline: Baseline, target: Target, milestones: Iterable[Milestone]
) -> tuple[str, ...]:
    """What cannot hold in an agreement, one sentence each; empty when it is sound."""
    goals = tuple(milestones)
    found = _implausible(baseline, target, goals) or _target_faults(definition, baseline, target)
    for milestone in goals:
        found += _milestone_faults(milestone, baseline, target)
    return tuple(found)


def _implausible(baseline: Baseline, target: Target, milestones: Sequence[Milestone]) -> list[str]:
    amounts = (baseline.amount, target.amount, *(goal.amount for goal in milestones))
    faults = []
    if not all(is_plausible(amount) for amount in amounts):
        faults.append("An amount is too large to be meant.")
    if baseline.day < EARLIEST:
        faults.append(f"The baseline is dated before {EARLIEST.year}.")
    if target.deadline - baseline.day > LONGEST:
        faults.append("The deadline is more than ten years after the baseline.")
    return faults


def is_plausible(amount: float) -> bool:
    """False for amounts that no measure has: not a number, or beyond a million millions."""
    return math.isfinite(amount) and abs(amount) <= LARGEST


def _target_faults(definition: Definition, baseline: Baseline, target: Target) -> list[str]:
    faults = []
    if target.amount == baseline.amount:
        faults.append("The target equals the baseline, so there is nothing to reach.")
    elif definition.meets(baseline.amount, target.amount):
        side = "below" if definition.rising else "above"
        faults.append(
            f"The target lies {side} the baseline, and this measure is {definition.direction}."
        )
    elif definition.within_limits(target.amount) != target.amount:
        faults.append(f"The target cannot occur: {say_limits(definition)}.")
    if target.deadline <= baseline.day:
        faults.append("The deadline is not after the day of the baseline.")
    return faults


def say_limits(definition: Definition) -> str:
    """What amounts the measure can have: at least 0 and at most 100."""
    low = "" if definition.lowest is None else f"at least {definition.lowest:g}"
    high = "" if definition.highest is None else f"at most {definition.highest:g}"
    return " and ".join(part for part in (low, high) if part)


def _milestone_faults(milestone: Milestone, baseline: Baseline, target: Target) -> list[str]:
    faults = []
    if not baseline.day < milestone.day <= target.deadline:
        faults.append(f"“{milestone.name}” is not between the baseline and the deadline.")
    low, high = sorted((baseline.amount, target.amount))
    if not low <= milestone.amount <= high:
        faults.append(f"“{milestone.name}” is not between the baseline amount and the target.")
    return faults
