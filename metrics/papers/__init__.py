"""PURE a paper that lets somebody decide: facts, options, what each costs and changes, and later
what came of it.

Every option, doing nothing included, carries the forecast the schedule and measure models give for
it; an effect is the difference between two such forecasts and is never typed in. How much faster a
measure moves with an option is what its author expects, and is shown as that.
"""

from metrics.papers.forecasts import (
    Effect,
    Forecast,
    MeasureChange,
    MeasureEffect,
    MeasureForecast,
    MeasureMiss,
    Review,
    amount_by,
    effect,
    forecast_of,
    review,
)
from metrics.papers.keeping import (
    change_from_json,
    change_to_json,
    fact_from_json,
    fact_to_json,
    forecast_from_json,
    forecast_to_json,
)
from metrics.papers.paper import (
    Cost,
    Fact,
    Option,
    Outcome,
    Paper,
    UnknownOption,
    expected,
    paper_faults,
)

__all__ = [
    "Cost",
    "Effect",
    "Fact",
    "Forecast",
    "MeasureChange",
    "MeasureEffect",
    "MeasureForecast",
    "MeasureMiss",
    "Option",
    "Outcome",
    "Paper",
    "Review",
    "UnknownOption",
    "amount_by",
    "change_from_json",
    "change_to_json",
    "effect",
    "expected",
    "fact_from_json",
    "fact_to_json",
    "forecast_from_json",
    "forecast_of",
    "forecast_to_json",
    "paper_faults",
    "review",
]
