"""Dates people ask for, as bounds on a node's position."""

from __future__ import annotations

from datetime import datetime

from adoption.scheduling.network import Network
from adoption.scheduling.plan import Activity, ConstraintType
from adoption.scheduling.rows import later
from adoption.scheduling.summaries import Summaries

_NOT_EARLIER = (ConstraintType.SNET, ConstraintType.FNET)
_NOT_LATER = (ConstraintType.SNLT, ConstraintType.FNLT)


def constrain_leaf(network: Network, i: int, activity: Activity, floor: int) -> None:
    """Not-earlier raises, must-on overrides, not-later pulls forward; a deadline only limits.

    Work never moves before `floor` (the plan's start or the status date), so a date before it
    shows as negative float instead. Constraints on the start of running work are past.
    """
    if activity.deadline_at is not None:
        finish = network.finish_of[i]
        limit = network.axis.point(activity.deadline_at) - network.length[finish]
        network.limit(finish, limit)
    kind = activity.constraint
    if activity.constraint_at is None or not kind.needs_date:
        return
    if activity.actual_start is not None and not kind.holds_finish:
        return
    point = _position(network, i, activity, activity.constraint_at)
    if kind in _NOT_EARLIER:
        network.floor[i] = later(network.floor[i], point)
        return
    rule = network.rule(i)
    network.limit(i, point)
    if kind in _NOT_LATER:
        rule.cap, rule.floor = point, floor
    else:
        rule.fixed, rule.fixed_late = _must_be_at(activity, point, floor), point


def _must_be_at(activity: Activity, point: int, floor: int) -> int:
    """A fixed date may lie before the plan's start, but not in a past that is known."""
    return later(point, floor) if floor > 0 or activity.actual_start is not None else point


def _position(network: Network, i: int, activity: Activity, moment: datetime) -> int:
    """Where an activity lies when the end its constraint speaks of is at this moment."""
    point = network.axis.point(moment)
    if not activity.constraint.holds_finish:
        return point
    if network.finish_of[i] == i:
        return point - network.length[i]
    instant = network.axis.finish_instant(point)
    _clock, own = network.time_of(i, into_finish=activity.constraint is ConstraintType.FNET)
    if own is None:
        return network.axis.point_at(instant - network.left_of(i))
    begins = own.push(network.axis, instant) if own.into_finish else own.pull(instant)
    return network.axis.point_at(begins)


def constrain_summary(network: Network, i: int, activity: Activity, ends: Summaries) -> None:
    """A summary's earliest start holds its leaves' starts, its latest finish their finishes."""
    latest = activity.deadline_at
    if activity.constraint_at is not None:
        if activity.constraint is ConstraintType.SNET:
            gate = ends.gate(i)
            network.floor[gate] = max(
                network.floor[gate], network.axis.point(activity.constraint_at)
            )
        if activity.constraint is ConstraintType.FNLT:
            latest = min(latest or activity.constraint_at, activity.constraint_at)
    if latest is not None:
        network.limit(ends.last(i), network.axis.point(latest))
