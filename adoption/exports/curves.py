"""Planned against done, and the finishes of a simulation, as spreadsheets."""

from collections.abc import Iterable
from datetime import date

from adoption.queries import PlanTurn
from adoption.queries.curves import AheadPoint, CurveView
from adoption.simulation import Simulation
from rendering.spreadsheets import write_table

CURVE = ("day", "planned_percent", "done_percent", "forecast_percent", "low", "high", "plan_change")


def curve_csv(shown: CurveView, turns: Iterable[PlanTurn]) -> bytes:
    """A row a day; what changed the plan stands at its day."""
    said: dict[date, list[str]] = {}
    for turn in turns:
        said.setdefault(turn.day, []).append(turn.name)
    done = {point.day: point.percent for point in shown.done}
    ahead = {point.day: point for point in shown.ahead}
    planned = {point.day: point.percent for point in shown.planned}
    return write_table(
        CURVE,
        (
            (
                day.isoformat(),
                _rounded(planned.get(day)),
                _rounded(done.get(day)),
                *_ahead(ahead.get(day)),
                "; ".join(said.get(day, ())),
            )
            for day in sorted({*planned, *done, *ahead, *said})
        ),
    )


def _ahead(step: AheadPoint | None) -> tuple[float | None, ...]:
    if step is None:
        return (None, None, None)
    return (_rounded(step.percent), _rounded(step.low), _rounded(step.high))


def simulation_csv(found: Simulation, outlines: dict[str, str]) -> bytes:
    """Each step with the share of the runs in which it set the finish."""
    return write_table(
        ("outline", "name", "critical_share", "correlation_with_finish"),
        (
            (
                outlines.get(step.key, ""),
                step.name,
                round(step.criticality, 4),
                None if step.sensitivity is None else round(step.sensitivity, 3),
            )
            for step in found.steps
        ),
    )


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 1)
