"""Where rows stand among one another, as numbers with room between them.

Only their order means anything. A row that stays where it was keeps its number, so that a change
of one stream leaves the other rows of a plan alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

STRIDE = 64


def positions(known: Sequence[int | None]) -> list[int]:
    """Rising numbers for rows in the order they are to have, given the number each has by now (None
    for a new row). As many as can keep theirs; those after them give way only where room ends."""
    kept = _rising(known)
    following = _following(kept)
    first = following[0] if following else None
    last = (0 if first is None else kept[first] or 0) - STRIDE
    found: list[int] = []
    for i, number in enumerate(kept):
        if number is None or number <= last:
            number = last + _step(kept, i, following[i], last)
        found.append(number)
        last = number
    return found


def _following(kept: Sequence[int | None]) -> list[int | None]:
    """For each row the next one that keeps its number, itself among them."""
    found: list[int | None] = [None] * len(kept)
    at: int | None = None
    for i in range(len(kept) - 1, -1, -1):
        at = at if kept[i] is None else i
        found[i] = at
    return found


def _step(kept: Sequence[int | None], i: int, following: int | None, last: int) -> int:
    """How far to go on for a row that gets a new number: an even share of the room before the next
    row that keeps its own."""
    if following is None:
        return STRIDE
    room = (kept[following] or 0) - last
    return max(1, min(STRIDE, room // (following - i + 1)))


def _rising(known: Sequence[int | None]) -> list[int | None]:
    """The same with None in place of every number outside a longest rising run of them."""
    ends: list[int] = []
    last_at: list[int] = []
    before: dict[int, int] = {}
    for i, number in enumerate(known):
        if number is None:
            continue
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
        last_at[place : place + 1] = [i]
        if place:
            before[i] = last_at[place - 1]
    kept: list[int | None] = [None] * len(known)
    at = last_at[-1] if last_at else None
    while at is not None:
        kept[at] = known[at]
        at = before.get(at)
    return kept
