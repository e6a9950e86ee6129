"""How much of a resource is asked for along the working axis: a function of steps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator


class Profile:
    """Levels between points of the working axis; 0 before the first and after the last of them.

    Levels are hundredths of a unit, so that halves and thirds add up to what they should.
    """

    def __init__(self) -> None:
        # Level i holds from edge i to edge i + 1; the last level is 0.
        self._edges: list[int] = []
        self._levels: list[int] = []

    def add(self, start: int, finish: int, amount: int) -> None:
        """Ask for an amount from one point to another; a negative one gives it back."""
        if finish <= start:
            return
        first = self._cut(start)
        for i in range(first, self._cut(finish)):
            self._levels[i] += amount
        self._merge(finish)
        self._merge(start)

    def steps(self) -> Iterator[tuple[int, int, int]]:
        """(from, until, level) wherever something is asked for, in order."""
        for i, level in enumerate(self._levels[:-1]):
            if level:
                yield self._edges[i], self._edges[i + 1], level

    def conflict(self, start: int, finish: int, room: int) -> int | None:
        """The end of the first stretch between two points with a level above `room`, or None."""
        i = max(0, bisect_right(self._edges, start) - 1)
        while start < finish and i < len(self._levels) and self._edges[i] < finish:
            if self._levels[i] > room and self._edges[i + 1] > start:
                return self._edges[i + 1]
            i += 1
        return None

    def peak(self, start: int, finish: int) -> int:
        """The highest level between two points."""
        i = max(0, bisect_right(self._edges, start) - 1)
        j = bisect_left(self._edges, finish)
        return max(self._levels[i:j], default=0) if start < finish else 0

    def _cut(self, point: int) -> int:
        """The index of an edge at this point, made where there is none."""
        i = bisect_left(self._edges, point)
        if i == len(self._edges) or self._edges[i] != point:
            self._edges.insert(i, point)
            self._levels.insert(i, self._levels[i - 1] if i else 0)
        return i

    def _merge(self, point: int) -> None:
        """Take an edge away at which nothing changes, so that a search stays short."""
        i = bisect_left(self._edges, point)
        before = self._levels[i - 1] if i else 0
        if i < len(self._edges) and self._levels[i] == before:
            del self._edges[i], self._levels[i]
