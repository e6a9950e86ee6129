"""PURE money of an engagement: what was set aside, promised, spent and earned, line by line.

Earned value as in project controls (PMI, Practice Standard for Earned Value Management): the earned
value of a line is its budget times the share done; the cost deviation is what was spent beyond it.
All amounts are Decimal in one currency; callers never add amounts of two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
# A line is said to deviate from a tenth of its budget on; below that it is noise.
NOTABLE_SHARE = Decimal("0.10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A budget line: its amount, what is committed and paid, and the share done (0 to 1)."""

    budget: Decimal
    committed: Decimal = ZERO
    actual: Decimal = ZERO
    done: Decimal = ZERO

    @property
    def remaining(self) -> Decimal:
        """What may still be promised; negative once the line is overdrawn."""
        return self.budget - self.committed - self.actual

    @property
    def earned(self) -> Decimal:
        """The part of the budget that the work done was worth."""
        return (self.budget * self.done).quantize(CENT, ROUND_HALF_UP)

    @property
    def deviation(self) -> Decimal:
        """Spent beyond what was earned; negative when the work cost less than planned."""
        return self.actual - self.earned

    @property
    def expected(self) -> Decimal | None:
        """Cost at the end if the rest costs as the work so far did; None before anything is done."""
        if self.done <= ZERO:
            return None
        return (self.actual / self.done).quantize(CENT, ROUND_HALF_UP)

    @property
    def overdrawn(self) -> bool:
        return self.remaining < ZERO

    @property
    def overdraft(self) -> Decimal:
        """How far the line is overdrawn; zero while it is not."""
        return max(ZERO, -self.remaining)

    @property
    def notable(self) -> bool:
        """Whether somebody should say why: overdrawn, or dearer than planned by a tenth."""
        return self.overdrawn or self.deviation > self.budget * NOTABLE_SHARE


def total(lines: Iterable[Line]) -> Line:
    """All lines as one; its share done is the earned part of the whole budget."""
    found = list(lines)
    budget = sum((line.budget for line in found), ZERO)
    earned = sum((line.budget * line.done for line in found), ZERO)
    return Line(
        budget=budget,
        committed=sum((line.committed for line in found), ZERO),
        actual=sum((line.actual for line in found), ZERO),
        done=earned / budget if budget else ZERO,
    )


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast the hypercare reserve is used: shares of one, None where nothing can be said."""

    used: Decimal | None
    elapsed: Decimal | None

    @property
    def projected(self) -> Decimal | None:
        """The share that will be used at the end if it goes on like this."""
        if self.used is None or not self.elapsed:
            return None
        return self.used / self.elapsed


def burn(reserve: Sequence[Line], elapsed: Decimal | None) -> Burn:
    """`elapsed` is the share of the hypercare window that is over, None without a window."""
    whole = total(reserve)
    used = (whole.actual + whole.committed) / whole.budget if whole.budget else None
    return Burn(used, elapsed)
