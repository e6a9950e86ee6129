"""Measures as plain values, for tests that need no database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from metrics.definitions import (
    ACTIVE_USERS,
    Baseline,
    Definition,
    Direction,
    Event,
    Measure,
    Milestone,
    Reading,
    Target,
)

START = date(2026, 9, 1)
AS_OF = date(2026, 11, 18)
BASELINE = Baseline(13, date(2026, 8, 31), "2 % in the old portal")
TARGET = Target("people use work orders", 480, date(2026, 12, 18))
MILESTONES = (
    Milestone("Launch crews", 160, date(2026, 10, 9)),
    Milestone("Half way", 320, date(2026, 10, 23)),
    Milestone("All groups", 400, date(2026, 11, 6)),
)
GO_LIVE = Event(date(2026, 10, 5), "Go-live")
FALLING = replace(
    ACTIVE_USERS,
    key="how_to_tickets",
    label="How-to tickets per 100 active users",
    unit="tickets",
    direction=Direction.FALLING,
    decimals=1,
    window_days=7,
)
SHARE = replace(ACTIVE_USERS, label="Share on the new route", unit="%", decimals=1, highest=100.0)


def daily(amount: Callable[[int], float], *, days: int = 79) -> tuple[Reading, ...]:
    """One reading a day from START on; 79 days end on AS_OF."""
    return tuple(Reading(START + timedelta(days=day), amount(day)) for day in range(days))


def make_measure(
    readings: tuple[Reading, ...] = (), *, definition: Definition = ACTIVE_USERS, **fields: Any
) -> Measure:
    """The measure of the drawn page: 13 people in August, 480 agreed by 18 December."""
    values: dict[str, Any] = {
        "as_of": AS_OF,
        "time_zone": "Europe/Oslo",
        "baseline": BASELINE,
        "target": TARGET,
        "milestones": MILESTONES,
        "events": (GO_LIVE,),
    }
    return Measure(definition=definition, readings=readings, **{**values, **fields})


def rising(slope: float = 5.5, *, start: float = 13) -> Measure:
    return make_measure(daily(lambda day: round(start + slope * day)))


def turned() -> Measure:
    """Up to 433 in October, then down by 5 a day."""
    return make_measure(
        daily(lambda day: round(13 + 7 * day if day < 60 else 433 - 5 * (day - 60)))
    )
