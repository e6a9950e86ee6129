"""The critical path of a plan."""

from __future__ import annotations

from operator import add, sub

from adoption.scheduling.axis import OutOfReach
from adoption.scheduling.compilation import compile_plan
from adoption.scheduling.network import Network
from adoption.scheduling.passes import FAR, backward, finish_point, forward
from adoption.scheduling.plan import Plan
from adoption.scheduling.schedule import Columns, Schedule
from rendering.sentences import sentence

_LONGEST = 1000 * 366 * 1440


def calculate(plan: Plan) -> Schedule:
    """Early and late dates, total and free float and the critical leaves of a plan.

    Raises InvalidPlan for a plan that says nonsense, CircularPlan when its links run in a
    circle, NoWorkingTime or OutOfReach when its calendar or the years cannot hold it.
    """
    network = compile_plan(plan)
    early, order = forward(network)
    finish = finish_point(network, early)
    if finish > _LONGEST:
        raise OutOfReach(
            sentence("The plan runs for over a thousand years; a duration or lag is too long.")
        )
    late, free = backward(network, early, order, finish)
    columns = _columns(network, early, late, free, plan.critical_float)
    return Schedule(plan, columns, finish, network, early, order)


def _columns(
    network: Network, early: list[int], late: list[int], free: list[int], threshold: int
) -> Columns:
    """Node positions as starts and finishes of activities.

    Total float is late minus early position. Free float is the smallest gap to an unfinished
    successor, never below 0; without one it equals total float. Where steps have calendars of
    their own, a gap may hold time in which nobody could use it: there free float is never above
    total float either.
    """
    total = list(map(sub, late, early))
    room = [
        slack if gap > FAR else gap if gap > 0 else 0
        for gap, slack in zip(free, total, strict=True)
    ]
    early_finish = list(map(add, early, network.length))
    late_finish = list(map(add, late, network.length))
    critical = [slack <= threshold for slack in total]
    columns = Columns(early, early_finish, late, late_finish, total, room, critical)
    return _with_own_ends(network, columns) if _has_own_ends(network) else columns


def _has_own_ends(network: Network) -> bool:
    return bool(network.began) or len(network.finish_of) < len(network.length)


def _with_own_ends(network: Network, columns: Columns) -> Columns:
    """Known starts, finishes that are nodes of their own, and work that is over."""
    early_start, late_start = list(columns.early_start), list(columns.late_start)
    early_finish, late_finish = list(columns.early_finish), list(columns.late_finish)
    total, room = list(columns.total_float), list(columns.free_float)
    critical = list(columns.critical)
    for i, end in enumerate(network.finish_of):
        early_finish[i], late_finish[i] = early_finish[end], late_finish[end]
    for i, point in network.began.items():
        early_start[i] = late_start[i] = point
    if network.own:
        room = [max(0, min(free, slack)) for free, slack in zip(room, total, strict=True)]
    for i in network.ended:
        total[i] = room[i] = 0
        critical[i] = False
    return Columns(early_start, early_finish, late_start, late_finish, total, room, critical)
