"""When a plan finishes if its durations are not known exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adoption.models import Plan
from adoption.queries.curves import CurveView, curve_until
from adoption.queries.stored import StoredRow, StoredSchedule, get_schedule
from adoption.simulation import RUNS, Simulation, Spread, simulate

# One seed for all: the same plan always says the same, and two plans differ by their work alone.
SEED = 20260101
# Steps times runs: a larger plan is run less often, so that a page answers in time.
_MOST_STEPS_RUN, _FEWEST_RUNS = 1_200_000, 600


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A simulation of a plan, and how its steps are numbered in the outline, by key."""

    found: Simulation
    outlines: dict[str, str]
    uncertain: int
    open: int


def get_forecast(*, engagement_id: UUID) -> ForecastView | None:
    """The finishes of many runs, or None without a plan or a three-point duration in it."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    return _simulated(get_schedule(plan=plan))


def get_curve_and_forecast(
    *, engagement_id: UUID, now: datetime
) -> tuple[CurveView | None, ForecastView | None]:
    """The curve of a plan and its forecast, from one look at its schedule."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None, None
    stored = get_schedule(plan=plan)
    shown = curve_until(stored, now=now)
    return shown, _simulated(stored) if shown else None


def _simulated(stored: StoredSchedule) -> ForecastView | None:
    spreads = spreads_of(stored.rows)
    return forecast_of(stored, spreads) if spreads else None


def forecast_of(stored: StoredSchedule, spreads: Mapping[str, Spread]) -> ForecastView:
    """Run a stored plan with these durations, as often as its size allows."""
    runs = min(RUNS, max(_FEWEST_RUNS, _MOST_STEPS_RUN // len(stored.rows)))
    return ForecastView(
        found=simulate(stored.schedule.plan, spreads, runs=runs, seed=SEED),
        outlines={str(row.pk): row.outline for row in stored.rows},
        uncertain=len(spreads),
        open=sum(not row.is_summary and row.actual_finish is None for row in stored.rows),
    )


def spreads_of(rows: Iterable[StoredRow]) -> dict[str, Spread]:
    """The open steps with durations of three points; one left out stands at the likely one."""
    return {
        str(row.pk): Spread(
            row.duration if row.optimistic is None else row.optimistic,
            row.duration,
            row.duration if row.pessimistic is None else row.pessimistic,
        )
        for row in rows
        if not row.is_summary and row.actual_finish is None
        if row.optimistic is not None or row.pessimistic is not None
    }
