"""PURE what makes a promise one that can be kept: whole criteria, and a first phase that carries.

Plain values without Django or clock; messages are ids that pages put into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """A part of a success criterion that may still be missing, in the order people fill them in."""

    OWNER = "owner"
    MEASURED_BY = "measured_by"
    BASELINE = "baseline"
    QUALITY = "quality"
    TARGET = "target"
    DEADLINE = "deadline"
    VALUE = "value"


# Without these nobody could say later whether the criterion was met, so none is agreed without.
NEEDED_TO_AGREE = (Part.OWNER, Part.MEASURED_BY, Part.QUALITY, Part.TARGET, Part.DEADLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a criterion says: quality, quantity and deadline of its target, and what it is worth."""

    owner: str = ""
    measured_by: str = ""
    baseline: Decimal | None = None
    quality: str = ""
    target: Decimal | None = None
    deadline: date | None = None
    value: Decimal | None = None

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts not stated yet."""
        return tuple(part for part in Part if getattr(self, part.value) in (None, ""))

    @property
    def in_the_way(self) -> tuple[Part, ...]:
        """The missing parts without which it cannot be agreed."""
        return tuple(part for part in self.missing if part in NEEDED_TO_AGREE)

    @property
    def contradiction(self) -> bool:
        """True when the target is where the baseline is, so that nothing would change."""
        return self.baseline is not None and self.baseline == self.target


@dataclass(frozen=True, slots=True)
class Service:
    """A service in scope: requests a month, and the phase (1 or 2) that brings it."""

    name: str
    monthly_volume: int
    stage: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of all requests a month phase 1 brings to the new system."""

    phase_1: int
    total: int
    # Services left for phase 2 although a smaller one goes first, largest first.
    left_behind: tuple[Service, ...]

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None while no volume is stated."""
        return self.phase_1 / self.total if self.total else None


def coverage(services: Iterable[Service]) -> Coverage:
    """What phase 1 covers. High-volume services belong first, so larger ones left out are named."""
    ranked = sorted(services, key=lambda service: (-service.monthly_volume, service.name))
    first = [service for service in ranked if service.stage == 1]
    smallest = min((service.monthly_volume for service in first), default=None)
    behind = tuple(
        service
        for service in ranked
        if service.stage != 1 and smallest is not None and service.monthly_volume > smallest
    )
    volume = sum(service.monthly_volume for service in ranked)
    return Coverage(sum(service.monthly_volume for service in first), volume, behind)


def days_to_phase_1(start: date | None, go_live: date | None) -> int | None:
    """Calendar days from the start of the programme to the go-live of phase 1."""
    return None if start is None or go_live is None else (go_live - start).days
