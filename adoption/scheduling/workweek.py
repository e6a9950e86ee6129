"""The calendar of somebody's usual week: its working days, without the public holidays there."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import holidays

from adoption.scheduling.calendar import STANDARD, Calendar

# Plans reach back and ahead of the day they are made.
YEARS_BACK, YEARS_AHEAD = 2, 6
# Codes of ISO 3166-2; a few cities are named in full and left out.
LONGEST_PART = 3

PublicHolidays = tuple[tuple[date, str], ...]


class UnknownRegion(ValueError):
    """No public holidays are known for such a country or part of one."""


def countries() -> tuple[str, ...]:
    """ISO 3166 codes of the countries whose public holidays are known."""
    return tuple(sorted(code for code in _known() if len(code) == 2))


def parts_of(country: str) -> dict[str, str]:
    """Parts of a country with holidays of their own, by code: {"BY": "Bayern", …}."""
    if country not in _known():
        return {}
    names = holidays.country_holidays(country).get_subdivision_aliases()
    codes = [part for part in _known()[country] if len(part) <= LONGEST_PART]
    return {code: (names.get(code) or [code])[0] for code in codes}


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    return dict(holidays.list_supported_countries())


@lru_cache(maxsize=64)
def public_holidays(region: str, first_year: int, last_year: int) -> PublicHolidays:
    """Day and English name of each public holiday in NO or DE-BY. Raises UnknownRegion."""
    country, _dash, part = region.partition("-")
    if country not in _known():
        raise UnknownRegion(region)
    years = range(first_year, last_year + 1)
    try:
        found = holidays.country_holidays(
            country, subdiv=part or None, years=years, language="en_US"
        )
    except NotImplementedError as error:
        raise UnknownRegion(region) from error
    return tuple(sorted(found.items()))


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
