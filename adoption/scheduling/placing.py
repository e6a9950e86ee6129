"""Where work is planned: as early as it may, or as late as nothing after it moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adoption.scheduling.network import NEVER, Network
from adoption.scheduling.plan import ConstraintType

if TYPE_CHECKING:
    from adoption.scheduling.schedule import Schedule


def planned_positions(schedule: Schedule) -> Sequence[int]:
    """Positions of all nodes once as-late-as-possible work has moved into its room."""
    network, activities = schedule.network, schedule.plan.activities
    movable = {
        i
        for i in network.leaves
        if activities[i].constraint is ConstraintType.ALAP and activities[i].actual_start is None
    }
    if not movable:
        return schedule.positions
    planned = list(schedule.positions)
    for node in reversed(schedule.order):
        if node in movable or node >= len(activities):
            room = _room(network, node, planned)
            if node in movable:
                room = min(room, schedule.columns.total_float[node])
            planned[node] += max(0, room)
    return planned


def _room(network: Network, node: int, planned: list[int]) -> int:
    """How far a node may move before it pushes the planned position of another."""
    rule = network.rules.get(node)
    room = min((planned[after] - weight for after, weight in network.links_of(node)), default=NEVER)
    for after, weight in rule.loose if rule else ():
        room = min(room, planned[after] - weight)
    for bend in rule.bends if rule else ():
        if planned[bend.after] < NEVER:
            room = min(room, bend.pull(network.axis, planned[bend.after]))
    return room - planned[node]
