"""Calendar weeks from Monday, and calendar months, as numbers in a row."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from usage.numbers.roster import THURSDAY
from usage.numbers.use import WEEK_DAYS, Ints, ints


class Period(StrEnum):
    WEEK = "week"
    MONTH = "month"


def period_of(days: Ints, period: Period) -> Ints:
    """The number of the period each day lies in; numbers follow one another."""
    if period is Period.WEEK:
        return np.floor_divide(days + THURSDAY, WEEK_DAYS)
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_day(number: int, period: Period) -> int:
    """The first day of a period."""
    if period is Period.WEEK:
        return number * WEEK_DAYS - THURSDAY
    month = ints([number]).astype("datetime64[M]")
    return int(month.astype("datetime64[D]").astype(np.int64)[0])


def last_day(number: int, period: Period) -> int:
    """The last day of a period."""
    return first_day(number + 1, period) - 1
