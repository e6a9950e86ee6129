"""How numbers are counted, as plain values."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rendering.sentences import Sentence, sentence

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a number is counted. A changed definition gets a new version, so history keeps its own.

    window_days is the length of the period one reading looks back on (1 for a plain reading),
    valid_days how long a reading still describes the present, small_count the size below which
    shares and alarms would say more than the data does, minutes what one reading takes somebody.
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
    minutes: int = 0

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


def is_plausible(amount: float) -> bool:
    """False for amounts that no measure has: not a number, or beyond a million millions."""
    return math.isfinite(amount) and abs(amount) <= LARGEST


def say_limits(definition: Definition) -> Sentence:
    """What amounts the measure can have: at least 0 and at most 100."""
    low, high = definition.lowest, definition.highest
    if low is not None and high is not None:
        return sentence("at least %(low)s and at most %(high)s", low=f"{low:g}", high=f"{high:g}")
    if low is not None:
        return sentence("at least %(low)s", low=f"{low:g}")
    return sentence("at most %(high)s", high="" if high is None else f"{high:g}")
