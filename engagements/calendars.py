"""Working weeks and public holidays, as values: whose days are working days, and which are free.

A week is a tuple of ISO weekdays, Monday is 1. A region is a country or a part of one, such as NO
or DE-BY; empty for no public holidays.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from babel import Locale

# Codes of ISO 3166-2; a few cities are named in full and left out.
LONGEST_PART = 3
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

PublicHolidays = tuple[tuple[date, str], ...]


class UnknownRegion(ValueError):
    """No public holidays are known for such a country or part of one."""


class UnknownWeek(ValueError):
    """These words name no working week."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Whose calendar counts at a customer: their own, or the workspace's where they have none."""

    days: tuple[int, ...]
    region: str
    own_days: bool = False
    own_region: bool = False

    def holidays(self, year: int) -> PublicHolidays:
        """The public holidays of a year; none for a region that is no longer known."""
        try:
            return public_holidays(self.region, year, year) if self.region else ()
        except UnknownRegion:
            return ()

    def coming(self, today: date, *, most: int) -> PublicHolidays:
        """The next public holidays, of the twelve months from a day on."""
        last = today + timedelta(days=365)
        known = (*self.holidays(today.year), *self.holidays(last.year))
        return tuple(entry for entry in known if today <= entry[0] <= last)[:most]

    @property
    def region_name(self) -> str:
        return name_of(self.region)

    def is_working(self, day: date) -> bool:
        free = {holiday for holiday, _name in self.holidays(day.year)}
        return day.isoweekday() in self.days and day not in free


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


def name_of(region: str) -> str:
    """A country, or its part, by name; empty for none: Germany, Bayern."""
    country, _dash, part = region.partition("-")
    name = str(Locale.parse("en").territories.get(country, country))
    return f"{name}, {parts_of(country).get(part, part)}" if part else name


def is_region(region: str) -> bool:
    """Whether public holidays are known for a country, or a part of one."""
    country, _dash, part = region.partition("-")
    return country in countries() and (not part or part in parts_of(country))


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


def write_week(days: Iterable[int]) -> str:
    """As a spreadsheet says it: Mon Tue Wed Thu Fri."""
    return " ".join(WEEKDAYS[day - 1] for day in sorted(days))


def read_week(text: str) -> tuple[int, ...]:
    """Days by their English names, first three letters at least. Raises UnknownWeek."""
    words = re.findall(r"[^\s,;/]+", text.title())
    known = {name: number for number, name in enumerate(WEEKDAYS, start=1)}
    unknown = [word for word in words if word[:3] not in known]
    if unknown or not words:
        raise UnknownWeek(text)
    return tuple(sorted({known[word[:3]] for word in words}))
