"""The way to one chosen step: what leads to it, and how far each may slip before it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adoption.scheduling.network import NEVER, Network
from adoption.scheduling.passes import is_far, pull

if TYPE_CHECKING:
    from adoption.scheduling.schedule import Schedule


def slack_to(schedule: Schedule, chosen: int) -> dict[int, int]:
    """Minutes by activity number, of the open leaves from which the chosen one is reached.

    The backward pass of the whole plan, begun at the chosen leaf's own early finish alone;
    deadlines and constraints of steps after it do not matter to it.
    """
    network, early = schedule.network, list(schedule.positions)
    ends = {chosen, network.finish_of[chosen]}
    late = [NEVER] * len(early)
    for node in ends:
        late[node] = early[node]
    latest, _free = pull(network, early, schedule.order, late)
    leading = _leading_to(network, schedule, ends)
    return {
        i: latest[i] - schedule.positions[i]
        for i in network.leaves
        if i in leading and i not in network.ended and i != chosen and not is_far(latest[i])
    }


def _leading_to(network: Network, schedule: Schedule, ends: set[int]) -> set[int]:
    found = set(ends)
    for node in reversed(schedule.order):
        if not found.isdisjoint(network.after(node)):
            found.add(node)
    return found
