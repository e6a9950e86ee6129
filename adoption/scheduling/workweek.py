"""The calendar of somebody's usual week: its working days, without the public holidays there."""

from collections.abc import Iterable, Sequence
from datetime import date

from adoption.scheduling.calendar import STANDARD, Calendar
from engagements.calendars import public_holidays

# Plans reach back and ahead of the day they are made.
YEARS_BACK, YEARS_AHEAD = 2, 6


def workweek(*, days: Sequence[int], region: str, around: date) -> Calendar:
    """The hours of the standard day on these ISO weekdays, public holidays free.

    `around` is the day the calendar is made; holidays of two years before to six years after it
    are known to it. Raises UnknownRegion.
    """
    hours = STANDARD.week[0]
    week = Calendar(tuple(hours if day in days else () for day in range(1, 8)), name="Standard")
    return week.with_holidays(_days_off(region, around))


def _days_off(region: str, around: date) -> Iterable[date]:
    if not region:
        return ()
    known = public_holidays(region, around.year - YEARS_BACK, around.year + YEARS_AHEAD)
    return [day for day, _name in known]
