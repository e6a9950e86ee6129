"""Calendars of the format: week days, exceptions (some recurring), work weeks, inheritance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from adoption.adapters.mspdi.records import Record
from adoption.adapters.mspdi.values import moment_of, number_of
from adoption.adapters.planfile import UnreadablePlan
from adoption.scheduling import STANDARD, Calendar, NoWorkingTime, Shifts
from rendering.sentences import reason_of, sentence

_USUAL: Shifts = STANDARD.week[0]
_YEARS_BACK, _YEARS_KEPT = 10, 40

# Kinds of recurrence.
_DAILY, _YEARLY, _MONTHLY, _WEEKLY = 1, 2, 4, 6


class Calendars:
    """All calendars of a file by UID; `read` resolves one with what it inherits."""

    def __init__(self, records: dict[str, Record], around: datetime, warnings: list[str]) -> None:
        self._records = records
        self._first = date(max(1, around.year - _YEARS_BACK), 1, 1)
        self._last = date(min(9999, around.year + _YEARS_KEPT), 12, 31)
        self._warnings = warnings

    def is_own(self, uid: str) -> bool:
        """Whether a calendar says anything that the one it is based on does not."""
        record = self._records.get(uid)
        return record is not None and bool(record.groups)

    def own(self, uid: str) -> tuple[dict[int, Shifts], dict[date, Shifts]]:
        """What a calendar itself says: shifts by weekday, Monday 0, and by day."""
        record = self._records[uid]
        where = sentence("Calendar “%(name)s”", name=record.get("Name"))
        return dict(self._week(record, where)), self._exceptions(record, where)

    def read(self, uid: str) -> Calendar:
        """The plan's calendar; Monday to Friday with a warning when the file lacks it."""
        chain = self._chain(uid)
        if not chain:
            self._warnings.append(
                sentence("The file has no calendar; Monday to Friday, 8 hours, is used.")
            )
            return STANDARD
        name = chain[0].get("Name")
        where = sentence("Calendar “%(name)s”", name=name)
        week: list[Shifts] = [()] * 7
        exceptions: dict[date, Shifts] = {}
        for record in reversed(chain):
            for weekday, shifts in self._week(record, where):
                week[weekday] = shifts
            exceptions.update(self._exceptions(record, where))
        try:
            return Calendar(tuple(week), tuple(sorted(exceptions.items())), name)
        except NoWorkingTime as error:
            raise UnreadablePlan(reason_of(error)) from None
        except ValueError as error:
            raise UnreadablePlan(
                sentence("%(where)s: %(reason)s", where=where, reason=reason_of(error))
            ) from None

    def _chain(self, uid: str) -> list[Record]:
        """A calendar and those it is based on, nearest first, without going round."""
        chain: dict[str, Record] = {}
        while uid not in chain and uid in self._records:
            chain[uid] = self._records[uid]
            uid = chain[uid].get("BaseCalendarUID")
        return list(chain.values())

    def _week(self, record: Record, where: str) -> Iterator[tuple[int, Shifts]]:
        for day in record.every("WeekDays", "WeekDay"):
            number = number_of(day.get("DayType"), where)
            if 1 <= number <= 7:
                yield (number + 5) % 7, _shifts(day, where)

    def _exceptions(self, record: Record, where: str) -> dict[date, Shifts]:
        """Work weeks first, then single exceptions, which win over them."""
        found: dict[date, Shifts] = {}
        for work_week in record.every("WorkWeeks", "WorkWeek"):
            pattern = dict(self._week(work_week, where))
            for day in self._days(work_week, where):
                if day.weekday() in pattern:
                    found[day] = pattern[day.weekday()]
        old_style = [
            day
            for day in record.every("WeekDays", "WeekDay")
            if number_of(day.get("DayType"), where) == 0
        ]
        for exception in (*old_style, *record.every("Exceptions", "Exception")):
            shifts = _shifts(exception, where)
            found.update(dict.fromkeys(self._recurring(exception, where), shifts))
        return found

    def _days(self, record: Record, where: str) -> Iterator[date]:
        """Every day of the record's period, within a generation of the plan's start."""
        for period in record.every("TimePeriod"):
            first = moment_of(period.get("FromDate"), where)
            last = moment_of(period.get("ToDate"), where) or first
            if first is None or last is None:
                continue
            day = max(first.date(), self._first)
            while day <= min(last.date(), self._last):
                yield day
                day += timedelta(days=1)

    def _recurring(self, exception: Record, where: str) -> list[date]:
        days = list(self._days(exception, where))
        kind = number_of(exception.get("Type"), where, _DAILY)
        step = max(1, number_of(exception.get("Period"), where, 1))
        if kind in (_DAILY, 7, 8, 9) or not days:
            return days[::step]
        if kind == _WEEKLY:
            return [day for day in days if self._is_in_week(exception, days[0], day, step, where)]
        day_of_month = number_of(exception.get("MonthDay"), where)
        if kind == _MONTHLY:
            return [day for day in days if day.day == day_of_month]
        if kind == _YEARLY:
            month = number_of(exception.get("Month"), where) + 1
            return [day for day in days if (day.month, day.day) == (month, day_of_month)]
        name = exception.get("Name") or "without a name"
        self._warnings.append(
            sentence(
                "%(where)s: the exception “%(name)s” recurs by weekday of the month and is left out.",
                where=where,
                name=name,
            )
        )
        return []

    @staticmethod
    def _is_in_week(exception: Record, first: date, day: date, step: int, where: str) -> bool:
        """`DaysOfWeek` is a bit for each weekday, Sunday the lowest."""
        mask = number_of(exception.get("DaysOfWeek"), where)
        monday = first - timedelta(days=first.weekday())
        return bool(mask >> (day.isoweekday() % 7) & 1) and (day - monday).days // 7 % step == 0


def _shifts(day: Record, where: str) -> Shifts:
    if day.get("DayWorking") != "1":
        return ()
    times = day.every("WorkingTimes", "WorkingTime")
    starts = [_minute(time.get("FromTime"), where) for time in times]
    ends = [_minute(time.get("ToTime"), where) or 1440 for time in times]
    return tuple(sorted(zip(starts, ends, strict=True))) or _USUAL


def _minute(text: str, where: str) -> int:
    try:
        hours, minutes = text.split(":")[:2]
        return int(hours) * 60 + int(minutes)
    except ValueError:
        raise UnreadablePlan(
            sentence("%(where)s: “%(text)s” is not a time of day.", where=where, text=text[:40])
        ) from None
