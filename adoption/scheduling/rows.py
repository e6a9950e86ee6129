"""Whole numbers, or rows of them: what compiling a plan needs so that both may stand in it.

The simulation compiles a plan in which what is left of a step is a row, one number a run; a row
is anything that adds and compares like a number. Code on the way of a single plan that needs the
fastest form keeps `max` and `min`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What is left of an activity in every run, by activity number.
Rows = Mapping[int, Any]


def later(one: int, other: int) -> int:
    """The larger of two, number by number."""
    return one + (other - one) * (other > one)


def sooner(one: int, other: int) -> int:
    """The smaller of two, number by number."""
    return one + (other - one) * (other < one)


def is_nothing(number: int) -> bool:
    """True for zero itself; a row is never nothing."""
    return isinstance(number, int) and number == 0
