"""When a plan finishes if its durations are not known exactly, as pure arithmetic.

    result = simulate(plan, {"1.4": Spread(960, 1440, 3840)}, seed=1)
    result.p80                      # by when four runs in five have finished
    result.steps[0].criticality     # in which share of the runs a step set the finish

The engine is `adoption.scheduling`'s, with rows of numbers in place of numbers.
"""

from adoption.simulation.result import Bin, Simulation, StepRisk
from adoption.simulation.runs import RUNS, simulate
from adoption.simulation.spreads import InvalidSpread, Shape, Spread

__all__ = [
    "RUNS",
    "Bin",
    "InvalidSpread",
    "Shape",
    "Simulation",
    "Spread",
    "StepRisk",
    "simulate",
]
