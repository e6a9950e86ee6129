"""The working-time axis for rows of points: exactly what `scheduling.Axis` says of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from adoption.scheduling import Axis, NoWorkingTime, OutOfReach
from adoption.scheduling.calendar import MINUTES_PER_DAY

Row = npt.NDArray[np.int64]

_FIRST_DAY, _LAST_DAY = 1, 3_652_059
_AT_LEAST = 400


class RowAxis(Axis):
    """Looks points and instants up in a table of shifts, which grows to hold what is asked.

    Single numbers go the way of the plain axis.
    """

    _began: Row = np.zeros(0, np.int64)
    _counted: Row = np.zeros(0, np.int64)
    _length: Row = np.zeros(0, np.int64)
    _days_held: tuple[int, int] = (1, 0)

    def point_at(self, instant: Any) -> Any:
        if isinstance(instant, int):
            return super().point_at(instant)
        self._hold_instants(int(instant.min()), int(instant.max()))
        shift = np.searchsorted(self._began, instant, "right") - 1
        return self._counted[shift] + np.minimum(instant - self._began[shift], self._length[shift])

    def start_instant(self, point: Any) -> Any:
        if isinstance(point, int):
            return super().start_instant(point)
        return self._start_instants(point)

    def finish_instant(self, point: Any) -> Any:
        if isinstance(point, int):
            return super().finish_instant(point)
        return self._start_instants(point - 1) + 1

    def end_instant(self, point: Any) -> Any:
        if isinstance(point, int):
            return super().end_instant(point)
        return np.where(point == 0, self._start_instants(point), self.finish_instant(point))

    def _start_instants(self, points: Row) -> Row:
        low, high = int(points.min()), int(points.max())
        self._hold_instants(super().start_instant(low), super().start_instant(high))
        shift = np.searchsorted(self._counted, points, "right") - 1
        found: Row = self._began[shift] + points - self._counted[shift]
        return found

    def _hold_instants(self, low: int, high: int) -> None:
        """Make the table reach from a shift at or before `low` to one at or after `high`."""
        if not self._is_held(low, high):
            self._grow(low // MINUTES_PER_DAY, high // MINUTES_PER_DAY)

    def _is_held(self, low: int, high: int) -> bool:
        first, last = self._days_held
        inside = first <= low // MINUTES_PER_DAY and high // MINUTES_PER_DAY <= last
        return inside and len(self._began) > 0 and bool(self._began[0] <= low)

    def _grow(self, first: int, last: int) -> None:
        held_first, held_last = self._days_held
        if held_first <= held_last:
            first, last = min(first, held_first), max(last, held_last)
        if first < _FIRST_DAY or last > _LAST_DAY:
            raise OutOfReach("The plan runs past the year 9999; a duration or lag is too long.")
        first, last = max(_FIRST_DAY, first - _AT_LEAST), min(_LAST_DAY, last + _AT_LEAST)
        shifts = [
            (day * MINUTES_PER_DAY + start, end - start)
            for day in range(first, last + 1)
            for start, end in self._shifts_on(day)
        ]
        if not shifts:
            raise NoWorkingTime("The calendar has too little working time for the plan.")
        self._began, self._length = np.array(shifts, np.int64).T
        counted = np.concatenate(([0], np.cumsum(self._length)[:-1]))
        self._counted = counted + super().point_at(int(self._began[0]))
        self._days_held = first, last
