"""PURE what a figure said some days before customers decided, held against what they decided.

    test = back_test(cases, days=90)
    test.lines, test.hit_rate, test.missed

A figure warns where it stands in the lowest band. It foresaw a customer that left or took fewer
licences where it warned of it that many days before; where it did not, it missed it. Counts are
always told; shares only from ten decisions on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from metrics.scoring import BANDS, Band, band_of

# Among fewer decisions one customer moves every share by more than ten points.
FEWEST = 10


class Signal(StrEnum):
    """What is looked back at: the kept score of health, or a share usage counted of the day."""

    HEALTH = "health"
    SEATS_USED = "seats_used"
    ADOPTERS = "adopter_share"
    HABIT = "habit_share"


class Decision(StrEnum):
    """What a customer decided at the end of a term."""

    RENEWAL = "renewal"
    EXPANSION = "expansion"
    REDUCTION = "reduction"
    CHURN = "churn"

    @property
    def is_lost(self) -> bool:
        return self in (Decision.REDUCTION, Decision.CHURN)


@dataclass(frozen=True, slots=True)
class Case:
    """One decision, and the figure (0 to 100) some days before it; None where there was none."""

    key: str
    decision: Decision
    amount: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """The decisions of customers whose figure stood in one band; no band: had no figure."""

    band: Band | None
    cases: tuple[Case, ...]

    def count(self, decision: Decision) -> int:
        return sum(case.decision is decision for case in self.cases)

    @property
    def total(self) -> int:
        return len(self.cases)

    @property
    def lost(self) -> int:
        return sum(case.decision.is_lost for case in self.cases)

    @property
    def lost_share(self) -> float | None:
        """None for too few to speak of shares."""
        return self.lost / self.total if self.total >= FEWEST else None


@dataclass(frozen=True, slots=True)
class BackTest:
    """Decisions by what the figure said `days` before: a line for each band from the lowest on, and
    one for those without a figure."""

    days: int
    lines: tuple[Line, ...]
    unread: Line

    @property
    def known(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def lost(self) -> int:
        return sum(line.lost for line in self.lines)

    @property
    def warned(self) -> int:
        return self.lines[0].total

    @property
    def foreseen(self) -> int:
        """Customers that were lost, and of which the figure had warned."""
        return self.lines[0].lost

    @property
    def missed(self) -> tuple[Case, ...]:
        """Customers that were lost without a warning."""
        return tuple(case for line in self.lines[1:] for case in line.cases if _is_lost(case))

    @property
    def for_nothing(self) -> int:
        """Warnings of customers that stayed."""
        return self.warned - self.foreseen

    @property
    def is_small(self) -> bool:
        return self.known < FEWEST

    @property
    def hit_rate(self) -> float | None:
        """Foreseen ÷ lost; None where nobody was lost, or for too few decisions."""
        return None if self.is_small or not self.lost else self.foreseen / self.lost


def back_test(cases: Iterable[Case], *, days: int, bands: Sequence[Band] = BANDS) -> BackTest:
    """Each case in the band its figure stood in; every figure is in one."""
    by_band: dict[Band | None, list[Case]] = {band: [] for band in bands}
    unread = []
    for case in cases:
        if case.amount is None:
            unread.append(case)
        else:
            by_band[band_of(case.amount, bands)].append(case)
    lines = tuple(Line(band, tuple(found)) for band, found in by_band.items())
    return BackTest(days, lines, Line(None, tuple(unread)))


def _is_lost(case: Case) -> bool:
    return case.decision.is_lost
