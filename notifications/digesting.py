"""PURE when a digest is due, and in which order it tells things."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

MOST_IN_A_DIGEST = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """Whose hour it is: an hour of the day, 0 to 23, and an IANA time zone."""

    hour: int
    zone: str

    @property
    def words(self) -> str:
        """As the subject of a run: `08 Europe/Oslo`."""
        return f"{self.hour:02} {self.zone}"

    @staticmethod
    def read(words: str) -> "Clock":
        hour, _space, zone = words.partition(" ")
        return Clock(int(hour), zone)


def due_day(clock: Clock, now: datetime, working_days: Collection[int]) -> date | None:
    """The day whose digest is due by that clock; None before the hour and on a day off.

    `working_days` are ISO weekdays, Monday is 1. An hour the clocks skip is over when they have
    skipped it; an hour they repeat has come at its first time.
    """
    local = now.astimezone(ZoneInfo(clock.zone))
    if local.hour < clock.hour or local.isoweekday() not in working_days:
        return None
    return local.date()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing told in a digest."""

    text: str
    url: str
    customer_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is told about one customer; `name` is empty for what is about none."""

    name: str
    items: tuple[Item, ...]


def chapters(items: Iterable[Item], names: Mapping[UUID, str]) -> tuple[Chapter, ...]:
    """By customer, in the order of their names, the newest first; what is about none comes last.

    A customer without a name among `names` counts as none.
    """
    by_name: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.at, reverse=True):
        name = names.get(item.customer_id, "") if item.customer_id else ""
        by_name.setdefault(name, []).append(item)
    order = sorted(by_name, key=lambda name: (not name, name.casefold()))
    return tuple(Chapter(name, tuple(by_name[name])) for name in order)
