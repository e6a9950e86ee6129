"""From a plan to its network: positions, links of every kind, summaries, constraints."""

from __future__ import annotations

from datetime import datetime

from adoption.scheduling.axis import Axis
from adoption.scheduling.calendar import NoWorkingTime
from adoption.scheduling.constraints import constrain_leaf, constrain_summary
from adoption.scheduling.cycles import CircularPlan
from adoption.scheduling.network import Bend, Network, OwnTime
from adoption.scheduling.outline import Outline, build_outline
from adoption.scheduling.plan import (
    Activity,
    ConstraintType,
    InvalidPlan,
    Link,
    LinkType,
    Plan,
)
from adoption.scheduling.rows import Rows, is_nothing, later
from adoption.scheduling.summaries import Summaries
from rendering.sentences import sentence

_FS, _FF, _SF = LinkType.FS, LinkType.FF, LinkType.SF


def compile_plan(plan: Plan, *, spread: Rows | None = None, axis: Axis | None = None) -> Network:
    """Raises InvalidPlan for a plan that says nonsense, CircularPlan for a link within itself.

    `spread` puts rows of numbers in place of what is left of some leaves, `axis` then one that
    reads rows.
    """
    outline = build_outline(plan.activities)
    network = _empty_network(plan, outline, axis or Axis(plan.calendar, plan.start))
    network.spread = spread or {}
    for i, left in network.spread.items():
        network.length[i] = left
    status = None if plan.status_at is None else network.axis.point(plan.status_at)
    linker = _Linker(network, _place_all(network, status))
    linker.add(plan.links)
    for i in outline.summaries:
        network.length[i] = 0
        constrain_summary(network, i, plan.activities[i], linker.summaries)
    return network


def _empty_network(plan: Plan, outline: Outline, axis: Axis) -> Network:
    count = len(plan.activities)
    return Network(
        axis=axis,
        start=plan.start,
        outline=outline,
        length=[activity.duration for activity in plan.activities],
        floor=[0] * count,
        out=[[] for _ in range(count)],
        waiting=[0] * count,
        rules={},
        owner=list(range(count)),
        finish_of=list(range(count)),
        leaves=outline.leaves(),
    )


def _place_all(network: Network, status: int | None) -> list[bool]:
    """Set where every leaf may be at the earliest; True where links need no special care."""
    floor = 0 if status is None else max(0, status)
    plain = [False] * len(network.floor)
    activities = network.outline.activities
    for i in network.leaves:
        activity = activities[i]
        network.floor[i] = floor
        if (
            activity.constraint is ConstraintType.ASAP
            and activity.deadline_at is None
            and activity.actual_start is None
            and activity.actual_finish is None
            and not activity.elapsed
            and not activity.manual
            and activity.calendar is None
            and activity.duration >= 0
        ):
            plain[i] = True
        else:
            plain[i] = _place_leaf(network, i, activity, status)
    return plain


def _place_leaf(network: Network, i: int, activity: Activity, status: int | None) -> bool:
    """Place a leaf with dates, progress or a nature of its own; True when its links are plain."""
    _check(activity)
    if activity.actual_finish is not None:
        _settle(network, i, activity, activity.actual_finish)
        return False
    _give_own_time(network, i, activity)
    floor = network.floor[i]
    if activity.actual_start is not None:
        floor = _continue_at(network, i, activity, activity.actual_start, status)
        network.floor[i] = floor
    if activity.elapsed or i in network.own:
        _give_a_finish(network, i)
    constrain_leaf(network, i, activity, floor)
    has_own_ends = activity.elapsed or i in network.own
    return not (has_own_ends or activity.manual or activity.actual_start is not None)


def _check(activity: Activity) -> None:
    if activity.duration < 0 or activity.left < 0:
        raise InvalidPlan(sentence("“%(label)s” lasts less than nothing.", label=activity.label))
    if activity.constraint.needs_date and activity.constraint_at is None:
        raise InvalidPlan(
            sentence(
                "“%(label)s” has the constraint %(constraint)s without a date.",
                label=activity.label,
                constraint=activity.constraint.value,
            )
        )


def _settle(network: Network, i: int, activity: Activity, finish: datetime) -> None:
    """Finished work stays where it was."""
    ended = network.axis.point(finish)
    began = ended - activity.duration
    if activity.actual_start is not None:
        began = network.axis.point(activity.actual_start)
    network.began[i], network.ended[i] = min(began, ended), ended
    network.floor[i] = ended
    network.length[i] = 0
    rule = network.rule(i)
    rule.fixed = rule.fixed_late = ended


def _continue_at(
    network: Network, i: int, activity: Activity, start: datetime, status: int | None
) -> int:
    """Retained logic: what is left goes on from the status date, else where the work stands."""
    axis = network.axis
    began = network.began[i] = axis.point(start)
    network.length[i] = network.left_of(i)
    if status is not None:
        return max(began, status)
    done = max(0, activity.duration - activity.left)
    if activity.elapsed:
        return axis.point_at(axis.start_instant(began) + done)
    if i in network.own and done:
        instant = OwnTime(network.own[i], done).push(axis, axis.start_instant(began))
        return axis.point_at(instant)
    return began + done


def _give_own_time(network: Network, i: int, activity: Activity) -> None:
    """The axis of an activity with a calendar of its own and something left to do."""
    if activity.calendar is None or activity.elapsed or is_nothing(network.left_of(i)):
        return
    known, plan = network.own_axes, network.axis
    if id(activity.calendar) not in known:
        try:
            common = plan.calendar.within(activity.calendar)
        except NoWorkingTime:
            raise NoWorkingTime(
                sentence(
                    "“%(label)s” has no time at which the plan and all it needs work.",
                    label=activity.label,
                )
            ) from None
        known[id(activity.calendar)] = type(plan)(common, network.start)
    network.own[i] = network.rule(i).own = known[id(activity.calendar)]


def _give_a_finish(network: Network, i: int) -> None:
    """An activity by the clock or by a calendar of its own has a length that depends on where it
    lies, so its finish is a node of its own."""
    network.length[i] = 0
    finish = network.add_node(i)
    network.finish_of[i] = finish
    clock, own = network.time_of(i, into_finish=False)
    network.bend(i, Bend(finish, 0, from_finish=False, clock=clock, body=True, own=own))


class _Linker:
    """Turns links into weights between nodes."""

    def __init__(self, network: Network, plain: list[bool]) -> None:
        self.network = network
        self.plain = plain
        self.summaries = Summaries(network)

    def add(self, links: tuple[Link, ...]) -> None:
        index, plain, length = self.network.outline.index, self.plain, self.network.length
        out, waiting = self.network.out, self.network.waiting
        for link in links:
            key, next_key, kind, weight, elapsed = link
            try:
                before, after = index[key], index[next_key]
            except KeyError as missing:
                raise self._unknown(link, str(missing.args[0])) from None
            if elapsed or not plain[before] or not plain[after]:
                self._add_special(link, before, after)
                continue
            if kind is _FS:
                weight += length[before]
            elif kind is _FF:
                weight += length[before] - length[after]
            elif kind is _SF:
                weight -= length[after]
            following = out[before]
            following.append(after)
            following.append(weight)
            waiting[after] += 1

    def _unknown(self, link: Link, missing: str) -> InvalidPlan:
        known = link.after if missing == link.before else link.before
        i = self.network.outline.index.get(known)
        label = known if i is None else self.network.outline.activities[i].label
        return InvalidPlan(
            sentence(
                "“%(label)s” is linked to %(missing)s, which is not in the plan.",
                label=label,
                missing=missing,
            )
        )

    def _add_special(self, link: Link, before: int, after: int) -> None:
        self._refuse_kin(before, after)
        if after in self.network.ended:
            return
        from_finish = link.type in (_FS, _FF)
        into_finish = link.type in (_FF, _SF)
        source, ahead = self._source(before, from_finish)
        target, behind, clock, own = self._target(after, into_finish)
        # Not in place: a row of a simulation belongs to its step.
        if link.elapsed:
            clock = clock + link.lag
        else:
            ahead = ahead + link.lag
        loose = self.network.outline.activities[before].manual and not from_finish
        bend = Bend(target, ahead, from_finish, clock, behind, loose=loose, own=own)
        if self._is_settled(before, from_finish):
            self._bound(before, bend, from_finish)
        elif bend.is_bent or link.elapsed:
            self.network.bend(source, bend)
        elif loose:
            self.network.join_loosely(source, target, ahead + behind)
        else:
            self.network.join(source, target, ahead + behind)

    def _refuse_kin(self, before: int, after: int) -> None:
        outline = self.network.outline
        if before == after or before in outline.above(after) or after in outline.above(before):
            first, second = outline.activities[before].label, outline.activities[after].label
            raise CircularPlan([first] if before == after else [first, second])

    def _source(self, before: int, from_finish: bool) -> tuple[int, int]:
        """The node that carries one end of an activity, and how far that end lies behind it."""
        if before in self.network.outline.children:
            node = self.summaries.last(before) if from_finish else self.summaries.first(before)
            return node, 0
        if from_finish:
            finish = self.network.finish_of[before]
            return finish, self.network.length[finish]
        return before, 0

    def _target(self, after: int, into_finish: bool) -> tuple[int, int, int, OwnTime | None]:
        """The node that is held, what to add to its bound, and the clock minutes or the own time
        to take off."""
        if after in self.network.outline.children:
            return self.summaries.gate(after, into_finish), 0, 0, None
        if not into_finish:
            return after, 0, 0, None
        if self.network.finish_of[after] != after:
            return after, 0, *self.network.time_of(after, into_finish=True)
        return after, -self.network.length[after], 0, None

    def _is_settled(self, before: int, from_finish: bool) -> bool:
        known = self.network.ended if from_finish else self.network.began
        return before in known

    def _bound(self, before: int, bend: Bend, from_finish: bool) -> None:
        """A link from work already done is no longer a link but an earliest position."""
        network = self.network
        at = network.ended[before] if from_finish else network.began[before]
        bound = at + bend.ahead + bend.behind
        if bend.is_bent:
            bound = bend.push(network.axis, at)
        network.floor[bend.after] = later(network.floor[bend.after], bound)
        network.settled.append((before, bend.after, bound))
