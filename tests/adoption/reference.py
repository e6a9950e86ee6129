# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""A slow scheduler written from the rules alone, to hold the engine against.

It lists every working minute, keeps starts and finishes apart, writes each link type as its own
inequality and repeats until nothing moves. It shares no code with the engine but the values.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from adoption.scheduling import Activity, Calendar, ConstraintType, Link, LinkType, Plan

_BEFORE, _AFTER = 120, 700
_FAR = 10**9


@lru_cache(maxsize=32)
def working_minutes(calendar: Calendar, first: date) -> list[datetime]:
    """The beginning of every working minute from some months before to two years after."""
    excepted = dict(calendar.exceptions)
    minutes = []
    for offset in range(-_BEFORE, _AFTER):
        day = first + timedelta(days=offset)
        midnight = datetime(day.year, day.month, day.day)
        for start, end in excepted.get(day, calendar.week[day.weekday()]):
            minutes += [midnight + timedelta(minutes=m) for m in range(start, end)]
    return minutes


@dataclass
class Found:
    early_start: int
    early_finish: int
    late_start: int = 0
    late_finish: int = 0
    total_float: int = 0
    free_float: int = 0
    critical: bool = False


class Clock:
    def __init__(self, plan: Plan) -> None:
        self.minutes = working_minutes(plan.calendar, plan.start.date())
        self.zero = bisect_left(self.minutes, plan.start)

    def point(self, moment: datetime) -> int:
        return bisect_left(self.minutes, moment) - self.zero

    def start(self, point: int) -> datetime:
        return self.minutes[point + self.zero]

    def finish(self, point: int) -> datetime:
        return self.minutes[point + self.zero - 1] + timedelta(minutes=1)


def schedule(plan: Plan) -> dict[str, Found]:
    return _Reference(plan).solve()


class _Reference:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.clock = Clock(plan)
        parents = {a.parent for a in plan.activities}
        self.leaves = {a.key: a for a in plan.activities if a.key not in parents}
        self.parent = {a.key: a.parent for a in plan.activities}
        self.status = None if plan.status_at is None else self.clock.point(plan.status_at)
        self.links = [link for before in plan.links for link in self._expanded(before)]

    def _below(self, key: str) -> list[str]:
        if key in self.leaves:
            return [key]
        return [leaf for leaf in self.leaves if self._is_in(leaf, key)]

    def _is_in(self, leaf: str, summary: str) -> bool:
        above = self.parent[leaf]
        while above is not None:
            if above == summary:
                return True
            above = self.parent[above]
        return False

    def _expanded(self, link: Link) -> list[Link]:
        """Links between leaves; one from a summary's start keeps the summary as its source."""
        from_start = link.type in (LinkType.SS, LinkType.SF)
        befores = [link.before] if from_start else self._below(link.before)
        return [
            link._replace(before=before, after=after)
            for before in befores
            for after in self._below(link.after)
        ]

    def _sources(self, found: dict[str, Found], link: Link) -> list[str]:
        """The leaves a link comes from: of a summary, those that start first.

        One that has begun already holds the summary's start, whatever the others do.
        """
        keys = self._below(link.before)
        first = min(found[key].early_start for key in keys)
        keys = [key for key in keys if found[key].early_start == first]
        return [key for key in keys if self.leaves[key].actual_start is not None] or keys

    def _is_done(self, key: str) -> bool:
        return self.leaves[key].actual_finish is not None

    def solve(self) -> dict[str, Found]:
        found = {key: self._unlinked(a) for key, a in self.leaves.items()}
        for _ in range(len(found) + 2):
            moved = [self._move_early(found, key) for key in found]
            if not any(moved):
                break
        else:
            raise AssertionError("the reference did not settle")
        finish = max((f.early_finish for f in found.values()), default=0)
        for f in found.values():
            f.late_finish = finish
        for _ in range(len(found) + 2):
            moved = [self._move_late(found, key, finish) for key in found]
            if not any(moved):
                break
        for key, f in found.items():
            self._floats(found, key, f)
        return found

    def _unlinked(self, a: Activity) -> Found:
        point = self.clock.point
        if a.actual_finish is not None:
            finish = point(a.actual_finish)
            start = point(a.actual_start) if a.actual_start else finish - a.duration
            return Found(min(start, finish), finish)
        start = point(a.actual_start) if a.actual_start else max(0, self.status or 0)
        return Found(start, self._rest_from(a, start, -_FAR) + a.left)

    def _rest_from(self, a: Activity, began: int, logic: int) -> int:
        """Where the part that is left begins, before constraints."""
        if a.actual_start is None:
            return max(logic, 0, self.status or 0)
        stands = began + a.duration - a.left if self.status is None else max(began, self.status)
        return max(logic, stands)

    def _move_early(self, found: dict[str, Found], key: str) -> bool:
        a, mine = self.leaves[key], found[key]
        if a.actual_finish is not None:
            return False
        logic = max(
            (self._earliest(found, link) for link in self.links if link.after == key), default=-_FAR
        )
        rest = self._constrained(a, self._rest_from(a, mine.early_start, logic), mine)
        start = mine.early_start if a.actual_start is not None else rest
        moved = (start, rest + a.left) != (mine.early_start, mine.early_finish)
        mine.early_start, mine.early_finish = start, rest + a.left
        return moved

    def _constrained(self, a: Activity, rest: int, mine: Found) -> int:
        kind = a.constraint
        if a.constraint_at is None or not kind.needs_date:
            return rest
        if a.actual_start is not None and not kind.holds_finish:
            return rest
        asked = self.clock.point(a.constraint_at) - (a.left if kind.holds_finish else 0)
        if kind in (ConstraintType.SNET, ConstraintType.FNET):
            return max(rest, asked)
        not_before = self._rest_from(a, mine.early_start, -_FAR)
        if kind in (ConstraintType.SNLT, ConstraintType.FNLT):
            return max(not_before, min(rest, asked))
        held = a.actual_start is not None or (self.status or 0) > 0
        return max(asked, not_before) if held else asked

    def _earliest(self, found: dict[str, Found], link: Link) -> int:
        """Where the successor's remaining part may begin because of one link."""
        before, after = found[self._sources(found, link)[0]], self.leaves[link.after]
        from_finish = link.type in (LinkType.FS, LinkType.FF)
        point = before.early_finish if from_finish else before.early_start
        if link.elapsed:
            is_finish = from_finish and point != 0
            moment = self.clock.finish(point) if is_finish else self.clock.start(point)
            point = self.clock.point(moment + timedelta(minutes=link.lag))
        else:
            point += link.lag
        return point - after.left if link.type in (LinkType.FF, LinkType.SF) else point

    def _move_late(self, found: dict[str, Found], key: str, finish: int) -> bool:
        a, mine = self.leaves[key], found[key]
        if a.actual_finish is not None:
            mine.late_start, mine.late_finish = mine.early_start, mine.early_finish
            return False
        latest = finish
        for link in self.links:
            if key in self._sources(found, link) and not self._is_done(link.after):
                latest = min(latest, self._latest(found, a, link))
        if a.deadline_at is not None:
            latest = min(latest, self.clock.point(a.deadline_at))
        latest = self._late_constraint(a, latest)
        moved = mine.late_finish != latest
        mine.late_finish = latest
        mine.late_start = mine.early_start if a.actual_start else latest - a.left
        return moved

    def _late_constraint(self, a: Activity, latest: int) -> int:
        kind = a.constraint
        if a.constraint_at is None or (a.actual_start is not None and not kind.holds_finish):
            return latest
        asked = self.clock.point(a.constraint_at) + (0 if kind.holds_finish else a.left)
        if kind in (ConstraintType.SNLT, ConstraintType.FNLT):
            return min(latest, asked)
        return asked if kind in (ConstraintType.MSO, ConstraintType.MFO) else latest

    def _latest(self, found: dict[str, Found], a: Activity, link: Link) -> int:
        """The latest finish of the predecessor because of one link."""
        after, later = found[link.after], self.leaves[link.after]
        from_start = link.type in (LinkType.SS, LinkType.SF)
        is_own = link.before == a.key
        if from_start and (a.actual_start is not None or (a.manual and is_own)):
            return _FAR
        into_finish = link.type in (LinkType.FF, LinkType.SF)
        point = after.late_finish if into_finish else after.late_finish - later.left
        if link.elapsed:
            moment = self.clock.start(point) - timedelta(minutes=link.lag)
            point = self.clock.point(moment)
        else:
            point -= link.lag
        return point + a.left if from_start else point

    def _floats(self, found: dict[str, Found], key: str, f: Found) -> None:
        a = self.leaves[key]
        if a.actual_finish is not None:
            return
        f.total_float = f.late_finish - f.early_finish
        f.critical = f.total_float <= self.plan.critical_float
        gaps = [
            self._gap(found, link, f)
            for link in self.links
            if key in self._sources(found, link)
            and not self._is_done(link.after)
            and not (link.type in (LinkType.SS, LinkType.SF) and a.actual_start is not None)
        ]
        f.free_float = max(0, min(gaps)) if gaps else f.total_float

    def _gap(self, found: dict[str, Found], link: Link, f: Found) -> int:
        after = found[link.after]
        into_finish = link.type in (LinkType.FF, LinkType.SF)
        rest = after.early_finish - self.leaves[link.after].left
        there = after.early_finish if into_finish else rest
        here = f.early_finish if link.type in (LinkType.FS, LinkType.FF) else f.early_start
        if not link.elapsed:
            return there - here - link.lag
        moment = self.clock.start(there) - timedelta(minutes=link.lag)
        return self.clock.point(moment) - here
