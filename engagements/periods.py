"""PURE weeks and months, each named by its last day."""

from datetime import date, timedelta
from enum import StrEnum

DAYS_OF_WEEK = 7


class Period(StrEnum):
    WEEK = "week"
    MONTH = "month"


def last_day(period: Period, day: date) -> date:
    """The last day of the week, Monday to Sunday, or of the month that holds the day."""
    if period is Period.WEEK:
        return day + timedelta(days=DAYS_OF_WEEK - day.isoweekday())
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def last_over(period: Period, today: date) -> date:
    """The last day of the newest period that is over."""
    if period is Period.WEEK:
        return today - timedelta(days=today.isoweekday())
    return today.replace(day=1) - timedelta(days=1)
