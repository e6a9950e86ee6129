"""Which step leads to which, leaf by leaf: what a network draws and a reason names. Plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adoption.scheduling import LinkType, Schedule


@dataclass(frozen=True, slots=True)
class Join:
    """A dependency between two leaves, by activity number. `lag` is minutes of work, of the clock
    where elapsed; `tight` says that it holds the later one where it is."""

    before: int
    after: int
    type: LinkType
    lag: int
    elapsed: bool
    tight: bool


def joins_of(schedule: Schedule) -> list[Join]:
    """Every link of a plan; one from or to a summary joins the steps at that end of it."""
    outline = schedule.network.outline
    inner = _Inner(schedule)
    found: dict[tuple[int, int, LinkType], Join] = {}
    for link in schedule.plan.links:
        before, after = outline.index[link.before], outline.index[link.after]
        sources = inner.ends(before, last=link.type in (LinkType.FS, LinkType.FF))
        targets = inner.ends(after, last=link.type in (LinkType.FF, LinkType.SF))
        for source in sources:
            for target in targets:
                key = (source, target, link.type)
                known = found.get(key)
                if known is None or link.lag > known.lag:
                    found[key] = Join(*key, link.lag, link.elapsed, inner.holds(source, target))
    return list(found.values())


class _Inner:
    """What a summary begins and ends with, judged by the links inside it."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.outline = schedule.network.outline
        index = self.outline.index
        self.after: dict[int, set[int]] = {}
        self.before: dict[int, set[int]] = {}
        for link in schedule.plan.links:
            one, other = index[link.before], index[link.after]
            self.after.setdefault(one, set()).add(other)
            self.before.setdefault(other, set()).add(one)
        self._drivers: dict[int, set[str]] = {}

    def ends(self, i: int, *, last: bool) -> Sequence[int]:
        """A leaf itself; of a summary the leaves that nothing inside it follows, or precedes."""
        if self.outline.is_leaf(i):
            return [i]
        leaves = self.outline.leaves_below(i)
        inside, near = set(leaves), self.after if last else self.before
        return [leaf for leaf in leaves if not near.get(leaf, set()) & inside] or leaves

    def holds(self, before: int, after: int) -> bool:
        activities = self.schedule.plan.activities
        if after not in self._drivers:
            self._drivers[after] = set(self.schedule.drivers(activities[after].key))
        return activities[before].key in self._drivers[after]


def path_behind(schedule: Schedule, joins: Sequence[Join]) -> set[tuple[int, int]]:
    """The finished steps that led to the critical ones: from each back to whichever before it
    finished last."""
    network = schedule.network
    into: dict[int, list[int]] = {}
    for join in joins:
        if join.before in network.ended:
            into.setdefault(join.after, []).append(join.before)
    waiting = [i for i in network.leaves if schedule.columns.critical[i]]
    found: set[tuple[int, int]] = set()
    while waiting:
        after = waiting.pop()
        for before in _last_finished(schedule, into.get(after, [])):
            if (before, after) not in found:
                found.add((before, after))
                waiting.append(before)
    return found


def _last_finished(schedule: Schedule, steps: Sequence[int]) -> Iterator[int]:
    if steps:
        ended = schedule.network.ended
        yield max(steps, key=lambda i: (ended[i], -i))
