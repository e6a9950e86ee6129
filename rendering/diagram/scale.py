"""Where a date lies on the time line, and which dates its header names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from rendering.diagram.rows import GanttWords

LEAST_WIDTH, MOST_WIDTH = 540, 6000
_PIXELS_A_DAY = 3.0
_LABEL_ROOM = 40
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale over whole days from `first` (shown) to `last` (not shown)."""

    first: date
    last: date
    width: int

    def x(self, moment: datetime) -> float:
        began = datetime.combine(self.first, time())
        return (moment - began).total_seconds() / _DAY * self.pixels_a_day

    def day(self, day: date) -> float:
        return (day - self.first).days * self.pixels_a_day

    @property
    def pixels_a_day(self) -> float:
        return self.width / (self.last - self.first).days

    def shows(self, day: date) -> bool:
        return self.first <= day < self.last

    def reaching(self, day: date, pixels: int) -> Scale:
        """The same scale, longer where it would end sooner than so many pixels after a day that it
        shows. One that fits its place as it is stays."""
        left = self.width - self.day(day)
        if not self.shows(day) or left >= pixels or self.width <= LEAST_WIDTH:
            return self
        days = ceil((pixels - left) / self.pixels_a_day)
        days = min(days, (date.max - self.last).days)
        width = round(self.width + days * self.pixels_a_day)
        return Scale(self.first, self.last + timedelta(days=days), width)

    def ticks(self, words: GanttWords) -> list[Tick]:
        """Weeks, months, quarters or years: the finest whose labels have room."""
        return [
            Tick(self.day(max(day, self.first)), said)
            for day, said in self._labelled(words)
            if self.shows(day) or day <= self.first
        ]

    def _labelled(self, words: GanttWords) -> Iterator[tuple[date, str]]:
        if self.pixels_a_day * 7 >= _LABEL_ROOM:
            monday = self.first - timedelta(days=self.first.weekday())
            yield from _said(_weeks(monday, self.last), words, with_day=True)
            return
        for step in (1, 3, 12, 60):
            if self.pixels_a_day * 30 * step >= _LABEL_ROOM * 1.1:
                break
        yield from _said(_months(self.first.replace(day=1), self.last, step), words, with_day=False)


def scale_over(moments: Iterable[datetime], least_width: int = LEAST_WIDTH) -> Scale:
    """From the first month's beginning (or week's, when short) with a little room at the end."""
    found = list(moments) or [datetime.combine(date(2000, 1, 3), time())]
    first, last = min(found).date(), max(found).date()
    if (last - first).days > 70:
        first = first.replace(day=1)
    else:
        first -= timedelta(days=min(first.weekday(), first.toordinal() - 1))
    days = max(14, round((last - first).days * 1.12) + 2)
    days = min(days, date.max.toordinal() - first.toordinal())
    width = min(MOST_WIDTH, max(least_width, round(days * _PIXELS_A_DAY)))
    return Scale(first, first + timedelta(days=days), width)


def _weeks(day: date, last: date) -> Iterator[date]:
    while day < last:
        yield day
        if date.max - day < timedelta(days=7):
            return
        day += timedelta(days=7)


def _months(day: date, last: date, step: int) -> Iterator[date]:
    """The first of every month, quarter or year; the first one may begin in the middle."""
    while day < last:
        yield day
        month = day.year * 12 + (day.month - 1) // step * step + step
        if month // 12 > date.max.year:
            return
        day = date(month // 12, month % 12 + 1, 1)


def _said(days: Iterable[date], words: GanttWords, *, with_day: bool) -> Iterator[tuple[date, str]]:
    """Labels that name the year where it changes."""
    year = None
    for day in days:
        said = words.months[day.month - 1]
        said = f"{day.day} {said}" if with_day else said
        yield day, said if year in (None, day.year) else f"{said} {day.year}"
        year = day.year
