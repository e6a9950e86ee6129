"""What a workspace agreed to call adopted, deep, habitual and alarming, and first value.

Rules have versions; version 0 is what holds until somebody decides otherwise. A stored number keeps
the version it was computed by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from usage.activity import MAU_DAYS
from usage.numbers.activation import FirstValue, Start
from usage.numbers.depth import HEALTHY_DAYS
from usage.numbers.features import Adopted
from usage.numbers.habits import HabitRule
from usage.numbers.roster import EVERY_DAY, OFFICE, Pattern
from usage.numbers.sustain import Alarm

ACTIVATED_WITHIN = 14


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a workspace.

    `window` is the days of a month's count, `deep_days` the active days in it from which use is
    deep. `with_weekends` says whether Saturday and Sunday count as days on which use is expected.
    """

    version: int = 0
    window: int = MAU_DAYS
    with_weekends: bool = True
    adopted: Adopted = field(default_factory=Adopted)
    deep_days: int = HEALTHY_DAYS
    habit: HabitRule = field(default_factory=HabitRule)
    alarm: Alarm = field(default_factory=Alarm)

    @property
    def pattern(self) -> Pattern:
        """The days on which use is expected of whoever nothing else is known of."""
        return EVERY_DAY if self.with_weekends else OFFICE

    @property
    def reach(self) -> int:
        """The days of use that a day's numbers are made of: the window, or the habit's four weeks."""
        return max(self.window, MAU_DAYS)


@dataclass(frozen=True, slots=True)
class AgreedFirstValue:
    """First value of an engagement: a feature (any use where empty), used so often, to be reached
    within so many days of access."""

    feature: str = ""
    uses: int = 1
    within: int = ACTIVATED_WITHIN
    start: Start = Start.ACCESS
    version: int = 0

    def counted(self, numbers: Mapping[str, int]) -> FirstValue:
        """The same with the feature's number; one that nobody ever used has the number -1."""
        return FirstValue(numbers.get(self.feature, -1) if self.feature else None, self.uses)
