"""PURE when something put off comes back."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = time(8)
MONDAY = 0
LONGEST = timedelta(days=366)


class Until(StrEnum):
    """Until when somebody puts something off."""

    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"
    CHOSEN = "chosen"


class NotAhead(ValueError):
    """The moment chosen is over, or further ahead than anybody means."""


def comes_back(until: Until, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a choice other than `CHOSEN`: eight in the morning there, by that clock."""
    today = now.astimezone(zone).date()
    return _at(_day_of(until, today), MORNING, zone)


def _day_of(until: Until, today: date) -> date:
    if until is Until.TOMORROW:
        return today + timedelta(days=1)
    if until is Until.WEEK:
        return today + timedelta(days=7)
    return today + timedelta(days=(MONDAY - today.weekday()) % 7 or 7)


def chosen(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a browser's field for day and time holds, by that clock.

    Raises NotAhead when it is none, is over, or lies more than a year ahead.
    """
    try:
        picked = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAhead(text) from error
    if picked.tzinfo is not None:
        raise NotAhead(text)
    moment = _at(picked.date(), picked.time(), zone)
    if not now < moment <= now + LONGEST:
        raise NotAhead(text)
    return moment


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    # Through UTC, so that a time the clocks skip becomes the real moment it stands for.
    local = datetime.combine(day, hour, tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC")).astimezone(zone)
