"""Planned against done, and the finishes of a simulation, as spreadsheets."""

from adoption.queries.curves import CurveView
from adoption.simulation import Simulation
from rendering.spreadsheets import write_table


def curve_csv(shown: CurveView) -> bytes:
    done = {point.day: point.percent for point in shown.done}
    ahead = {point.day: point for point in shown.ahead}
    planned = {point.day: point.percent for point in shown.planned}
    return write_table(
        ("day", "planned_percent", "done_percent", "forecast_percent", "low", "high"),
        (
            (
                day.isoformat(),
                _rounded(planned.get(day)),
                _rounded(done.get(day)),
                *(
                    (_rounded(step.percent), _rounded(step.low), _rounded(step.high))
                    if (step := ahead.get(day))
                    else (None, None, None)
                ),
            )
            for day in sorted({*planned, *done, *ahead})
        ),
    )


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
