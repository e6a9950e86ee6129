"""Levelling: which packages would have to wait so that nobody is asked for more than there is.

The plan is walked forwards in the order of its links, as in the schedule. Where several packages
could go next, the one of the highest priority goes first, then the one with the least float, then
the one that starts first, then by key. Each is put where it would be anyway, or, where something
it needs is short, at the first point at which there is enough until it is done. So whoever has
float waits for who has none, and a plan that asks for no more than there is stays as it is.

Work that is done, running, placed by hand, bound to a date (must start or finish on, no later
than) or as late as possible is not moved; what it needs is set aside first. A package that asks
for more than there ever is stays where it is and is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush

from adoption.loading.loads import Booked, Loads, Need, Overload, open_spans
from adoption.loading.profile import Profile
from adoption.scheduling import ConstraintType, Plan, Schedule, calculate
from adoption.scheduling.network import Network
from adoption.scheduling.passes import push_by_rule

USUAL_PRIORITY = 500
# Microsoft Project's way of saying that a package is never to be moved by levelling.
NEVER_MOVED = 1000
_MOVABLE = (ConstraintType.ASAP, ConstraintType.SNET, ConstraintType.FNET)

Rank = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A package that starts at another time: `waits` itself, or follows one that does.

    `minutes` are working minutes, positive for later; `float_left` is what it has afterwards.
    """

    key: str
    start: datetime
    to: datetime
    minutes: int
    waits: bool
    float_left: int


@dataclass(frozen=True, slots=True)
class Levelled:
    """What levelling would do. `not_before` are the dates to be set, by key; nothing is set yet."""

    moved: tuple[Moved, ...]
    not_before: Mapping[str, datetime]
    before: Schedule
    after: Schedule
    solved: int
    remaining: tuple[Overload, ...]

    @property
    def finish_minutes(self) -> int:
        """By how much the plan finishes later, in working minutes."""
        return self.after.finish_point - self.before.finish_point


@dataclass(frozen=True, slots=True)
class Demand:
    """What is needed, what there is, what is asked elsewhere, and who goes first."""

    needs: tuple[Need, ...]
    capacities: Mapping[str, int]
    booked: tuple[Booked, ...] = ()
    priorities: Mapping[str, int] | None = None

    def priority(self, key: str) -> int:
        return (self.priorities or {}).get(key, USUAL_PRIORITY)

    def loads(self, schedule: Schedule) -> Loads:
        return Loads(open_spans(schedule), self.needs, self.capacities, self.booked)


def level(schedule: Schedule, demand: Demand, *, since: int | None = None) -> Levelled:
    """What would have to wait. `since` is the point before which nothing is moved to, and
    overloads no longer matter; without it the plan's start.

    Raises what `calculate` raises.
    """
    overloads = demand.loads(schedule).overloads(since=since)
    if not overloads:
        return Levelled((), {}, schedule, schedule, 0, ())
    waits = _Walk(schedule, demand, since or 0).waiting()
    not_before = {key: schedule.axis.begins(point) for key, point in sorted(waits.items())}
    after = calculate(_held_back(schedule.plan, not_before))
    remaining = demand.loads(after).overloads(since=since)
    return Levelled(
        moved=_moved(schedule, after, not_before),
        not_before=not_before,
        before=schedule,
        after=after,
        solved=len(overloads) - len(remaining),
        remaining=remaining,
    )


def _held_back(plan: Plan, not_before: Mapping[str, datetime]) -> Plan:
    activities = tuple(
        replace(
            activity,
            constraint=ConstraintType.SNET,
            constraint_at=not_before[activity.key],
        )
        if activity.key in not_before
        else activity
        for activity in plan.activities
    )
    return replace(plan, activities=activities)


def _moved(
    before: Schedule, after: Schedule, not_before: Mapping[str, datetime]
) -> tuple[Moved, ...]:
    found = []
    for i in before.network.leaves:
        minutes = after.planned_point(i) - before.planned_point(i)
        if minutes:
            key = before.plan.activities[i].key
            start, to = before[key].start, after[key].start
            room = after.columns.total_float[i]
            found.append(Moved(key, start, to, minutes, key in not_before, room))
    return tuple(found)


class _Walk:
    """One way forwards through the plan, with what is set aside of each resource."""

    def __init__(self, schedule: Schedule, demand: Demand, since: int) -> None:
        self.schedule, self.network, self.since = schedule, schedule.network, since
        self.capacities = demand.capacities
        self.needs = _needs_by_leaf(schedule, demand)
        self.movable = {
            i for i, needs in self.needs.items() if _is_movable(schedule, demand, i, needs)
        }
        self.profiles: dict[str, Profile] = {}
        self.ranks = {i: self._rank(demand, i) for i in self.movable}
        for one in demand.booked:
            self._profile(one.resource).add(one.start, one.finish, one.units)
        spans = open_spans(schedule)
        for i in self.needs.keys() - self.movable:
            span = spans.get(schedule.plan.activities[i].key)
            if span is not None:
                self._set_aside(i, *span)

    def waiting(self) -> dict[str, int]:
        """Points that packages are not to start before, by key, where they would have to wait."""
        network = self.network
        early, waiting = list(network.floor), list(network.waiting)
        ready: list[tuple[Rank, int]] = []
        at_once = [node for node, count in enumerate(waiting) if not count]
        found: dict[str, int] = {}
        while at_once or ready:
            node = at_once.pop() if at_once else heappop(ready)[1]
            if node in self.movable and node not in self.ranks:
                self._place(node, early, found)
            elif node in self.movable:
                heappush(ready, (self.ranks.pop(node), node))
                continue
            at_once += _push(network, node, early, waiting)
        return found

    def _place(self, i: int, early: list[int], found: dict[str, int]) -> None:
        bound = self._snapped(i, early[i])
        at = self._first_room(i, bound)
        self._set_aside(i, at, self._finish(i, at))
        if at > bound:
            early[i] = at
            found[self.schedule.plan.activities[i].key] = at

    def _first_room(self, i: int, bound: int) -> int:
        """The first point from which there is enough of everything until the work is done."""
        conflict = self._conflict(i, bound)
        at = bound
        while conflict is not None:
            at = self._snapped(i, max(conflict, self.since))
            conflict = self._conflict(i, at)
        return at

    def _conflict(self, i: int, at: int) -> int | None:
        finish = self._finish(i, at)
        ends = []
        for need in self.needs[i]:
            room = self.capacities[need.resource] - need.units
            end = self._profile(need.resource).conflict(at, finish, room)
            if end is not None:
                ends.append(end)
        return max(ends, default=None)

    def _finish(self, i: int, at: int) -> int:
        rule = self.network.rules.get(i)
        bend = next((bend for bend in rule.bends if bend.body), None) if rule else None
        if bend is not None:
            return bend.push(self.network.axis, at)
        return at + self.network.length[i]

    def _snapped(self, i: int, at: int) -> int:
        rule = self.network.rules.get(i)
        return at if rule is None else rule.snapped(self.network.axis, at)

    def _set_aside(self, i: int, start: int, finish: int) -> None:
        for need in self.needs[i]:
            self._profile(need.resource).add(start, finish, need.units)

    def _profile(self, resource: str) -> Profile:
        return self.profiles.setdefault(resource, Profile())

    def _rank(self, demand: Demand, i: int) -> Rank:
        key, columns = self.schedule.plan.activities[i].key, self.schedule.columns
        return -demand.priority(key), columns.total_float[i], columns.early_start[i], key


def _needs_by_leaf(schedule: Schedule, demand: Demand) -> dict[int, list[Need]]:
    """What each open leaf needs of resources whose capacity is known."""
    outline, ended = schedule.network.outline, schedule.network.ended
    found: dict[int, list[Need]] = {}
    for need in demand.needs:
        i = outline.index.get(need.package)
        if i is None or not outline.is_leaf(i) or i in ended:
            continue
        if need.resource in demand.capacities:
            found.setdefault(i, []).append(need)
    return found


def _is_movable(schedule: Schedule, demand: Demand, i: int, needs: Iterable[Need]) -> bool:
    activity = schedule.plan.activities[i]
    return (
        activity.actual_start is None
        and not activity.manual
        and activity.duration > 0
        and activity.constraint in _MOVABLE
        and demand.priority(activity.key) < NEVER_MOVED
        and all(need.units <= demand.capacities[need.resource] for need in needs)
    )


def _push(network: Network, node: int, early: list[int], waiting: list[int]) -> Sequence[int]:
    """As the schedule's own forward pass does at one node; returns the nodes now ready."""
    ready = []
    if node in network.rules:
        ready += push_by_rule(network.axis, network.rules[node], node, early, waiting)
    for after, weight in network.links_of(node):
        early[after] = max(early[after], early[node] + weight)
        waiting[after] -= 1
        if not waiting[after]:
            ready.append(after)
    return ready
