"""On which calendar day of a customer a moment lies, though its time zone was moved.

A day once closed keeps the zone it was counted in. So a customer's past is cut into spells, each
with one zone and days of its own; where one ends, the next begins at the same moment, and its first
day is longer or shorter than others. Days are ordinals from 1970-01-01, moments seconds since then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from usage.activity import DAY_SECONDS, days_between, local_day, offset_spans
from usage.numbers.roster import FAR

# No zone is further from UTC.
WIDEST_OFFSET_SECONDS = 26 * 3600
AGES_AGO, AGES_AHEAD = -(2**40), 2**40


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time in one zone: moments from `starts` up to the one before `ends`, on the days
    from `first` to `last`."""

    zone: str
    starts: int = AGES_AGO
    ends: int = AGES_AHEAD
    first: int = -FAR
    last: int = FAR

    def clamped(self, day: int) -> int:
        return min(max(day, self.first), self.last)


@dataclass(frozen=True, slots=True)
class Piece:
    """Moments with one offset from UTC: their day is that of the shifted moment, but not before
    `low` nor after `high`."""

    starts: int
    ends: int
    offset: int
    low: int
    high: int

    def within(self, first: int, last: int) -> Piece:
        """What of it lies on these days, which may be nothing: then it does not end after it starts."""
        starts, ends = first * DAY_SECONDS - self.offset, (last + 1) * DAY_SECONDS - self.offset
        return replace(
            self,
            starts=self.starts if first <= self.low else max(self.starts, starts),
            ends=self.ends if last >= self.high else min(self.ends, ends),
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """The spells of one customer, in order and without gaps. Made by `of` and `moved`."""

    spells: tuple[Spell, ...]

    @classmethod
    def of(cls, zone: str, past: Iterable[tuple[int, int, str]] = ()) -> Clock:
        """From the zone in force and (last day, end, zone) of each spell before it."""
        spells: list[Spell] = []
        starts, first = AGES_AGO, -FAR
        for last, ends, name in sorted(past):
            spells.append(Spell(name, starts, ends, first, last))
            starts, first = ends, last + 1
        return cls((*spells, Spell(zone, starts=starts, first=first)))

    @property
    def zone(self) -> str:
        """The zone in force."""
        return self.spells[-1].zone

    def moved(self, zone: str, last: int) -> Clock:
        """The same clock with days after `last` in another zone. Moved again before a day was
        closed, the zone in between is forgotten."""
        here = self.spells[-1]
        if last < here.first:
            return Clock((*self.spells[:-1], replace(here, zone=zone)))
        ends = max(self.start_of(last + 1), here.starts)
        kept = replace(here, ends=ends, last=last)
        return Clock((*self.spells[:-1], kept, Spell(zone, starts=ends, first=last + 1)))

    def past(self) -> list[tuple[int, int, str]]:
        """What `of` makes the same clock from: (last day, end, zone) of all spells but the last."""
        return [(spell.last, spell.ends, spell.zone) for spell in self.spells[:-1]]

    def day_of(self, moment: datetime) -> int:
        """The day of an aware moment."""
        second = moment.timestamp()
        spell = next(one for one in reversed(self.spells) if one.starts <= second)
        return spell.clamped(local_day(moment, spell.zone))

    def days_between(self, first: datetime, last: datetime) -> list[int]:
        """Every day on which a moment from `first` to `last` can lie, ascending."""
        found: set[int] = set()
        for spell in self.spells:
            if spell.starts <= last.timestamp() and first.timestamp() < spell.ends:
                found.update(map(spell.clamped, days_between(first, last, spell.zone)))
        return sorted(found)

    def start_of(self, day: int) -> int:
        """The first moment that lies on a day or after it."""
        spell = next(one for one in self.spells if day <= one.last)
        if day <= spell.first:
            return spell.starts
        begins = (
            max(piece.starts, day * DAY_SECONDS - piece.offset)
            for piece in self._cut(spell, day, day)
            if day * DAY_SECONDS - piece.offset < piece.ends
        )
        return next(begins, spell.ends)

    def pieces(self, first: int, last: int) -> Iterator[Piece]:
        """The moments of the days from `first` to `last`, and no others."""
        for spell in self.spells:
            if spell.first <= last and first <= spell.last:
                low, high = max(first, spell.first), min(last, spell.last)
                for piece in self._cut(spell, low, high):
                    if (found := piece.within(low, high)).starts < found.ends:
                        yield found

    def _cut(self, spell: Spell, first: int, last: int) -> Sequence[Piece]:
        """Cut where the zone changes its clock, so that the offset within a piece is one."""
        begin = max(first * DAY_SECONDS - WIDEST_OFFSET_SECONDS, spell.starts)
        end = min((last + 1) * DAY_SECONDS + WIDEST_OFFSET_SECONDS, spell.ends)
        if begin >= end:
            return ()
        spans = offset_spans(spell.zone, begin, end)
        starts = [max(begin, int(start)) for start in spans.starts]
        ends = [*starts[1:], end]
        return [
            Piece(start, min(stop, end), int(offset), spell.first, spell.last)
            for start, stop, offset in zip(starts, ends, spans.offsets, strict=True)
            if start < min(stop, end)
        ]
