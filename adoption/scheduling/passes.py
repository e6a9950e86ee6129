"""The two passes over a network, in plain integers.

One list of links serves both: forwards each node pushes those after it, backwards it asks them
how late it may be and how much room they leave. Both passes visit every link once.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

from adoption.scheduling.axis import Axis
from adoption.scheduling.cycles import CircularPlan, find_loop
from adoption.scheduling.network import NEVER, Bend, Network, Rule

# Positions stay far below this, so a gap beyond it means that nothing follows.
FAR = NEVER >> 1


def forward(network: Network) -> tuple[list[int], list[int]]:
    """Earliest position of every node, and an order in which none precedes what it waits for.

    Raises CircularPlan when no such order exists.
    """
    early, waiting = list(network.floor), list(network.waiting)
    rules, out = network.rules, network.out
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:
        if node in rules:
            order += push_by_rule(network.axis, rules[node], node, early, waiting)
        position = early[node]
        flat = iter(out[node])
        for after, weight in zip(flat, flat):  # noqa: B905
            bound = position + weight
            if bound > early[after]:
                early[after] = bound
            left = waiting[after] - 1
            waiting[after] = left
            if not left:
                order.append(after)
    if len(order) < len(early):
        raise CircularPlan(_name_loop(network, waiting))
    return early, order


def backward(
    network: Network, early: list[int], order: Sequence[int], finish: int
) -> tuple[list[int], list[int]]:
    """Latest position of every node and its free float; NEVER where nothing unfinished follows.

    Moves nodes without an activity of their own to where their followers leave room.
    """
    return pull(network, early, order, _latest(network, finish))


def pull(
    network: Network, early: list[int], order: Sequence[int], late: list[int]
) -> tuple[list[int], list[int]]:
    """The backward pass from latest positions somebody else has set: `backward` says what of."""
    free = [NEVER] * len(early)
    rules, out = network.rules, network.out
    for node in reversed(order):
        latest, room, position = late[node], free[node], early[node]
        flat = iter(out[node])
        for after, weight in zip(flat, flat):  # noqa: B905
            bound = late[after] - weight
            if bound < latest:
                latest = bound
            gap = early[after] - weight - position
            if gap < room:
                room = gap
        late[node], free[node] = latest, room
        if node in rules:
            _pull_by_rule(network.axis, rules[node], node, early, late, free)
    return late, free


def finish_point(network: Network, early: Sequence[int]) -> int:
    """Where the last activity finishes; 0 for a plan without activities."""
    length = network.length
    if len(network.leaves) == len(length):
        return max(map(add, early, length), default=0)
    ends = [network.finish_of[i] for i in network.leaves]
    return max((early[end] + length[end] for end in ends), default=0)


def is_far(gap: int) -> bool:
    return gap > FAR


def _latest(network: Network, finish: int) -> list[int]:
    """Before any link: the plan's finish for activities, and what constraints and deadlines ask."""
    late = [finish - length for length in network.length]
    for node in range(len(network.finish_of), len(late)):
        if network.outline.is_leaf(network.owner[node]):
            late[network.owner[node]] = NEVER
        else:
            late[node] = NEVER
    for node, limit in network.limits.items():
        late[node] = min(late[node], limit)
    return late


def push_by_rule(
    axis: Axis, rule: Rule, node: int, early: list[int], waiting: list[int]
) -> list[int]:
    """Place a node by its rule and push along its unusual links; returns the nodes now ready."""
    _place(rule, node, early)
    if rule.own is not None and rule.fixed is None:
        early[node] = rule.snapped(axis, early[node])
    position, ready = early[node], []
    pushed = [(bend.after, bend.push(axis, position)) for bend in rule.bends]
    pushed += [(after, position + weight) for after, weight in rule.loose]
    for after, bound in pushed:
        early[after] = max(early[after], bound)
        waiting[after] -= 1
        if not waiting[after]:
            ready.append(after)
    return ready


def _place(rule: Rule, node: int, early: list[int]) -> None:
    if rule.members is not None:
        first = min((early[member] for member in rule.members), default=NEVER)
        early[node] = first if rule.cap is None else min(first, rule.cap)
    elif rule.fixed is not None:
        early[node] = rule.fixed
    elif rule.cap is not None:
        early[node] = max(rule.floor, min(early[node], rule.cap))


def _pull_by_rule(
    axis: Axis, rule: Rule, node: int, early: list[int], late: list[int], free: list[int]
) -> None:
    """The backward half of a node's rule; loose links leave room but do not limit."""
    position = early[node]
    for after, weight in rule.loose:
        free[node] = min(free[node], early[after] - weight - position)
    for bend in rule.bends:
        if not (bend.loose or is_far(late[bend.after])):
            late[node] = min(late[node], bend.pull(axis, late[bend.after]))
        free[node] = min(free[node], _room(axis, bend, early, free, position))
    if rule.fixed_late is not None:
        late[node] = rule.fixed_late
    if rule.is_relay:
        _relay(node, early, free)
    elif rule.members is not None:
        _hand_to_first(rule, node, early, late, free)


def _room(axis: Axis, bend: Bend, early: list[int], free: list[int], position: int) -> int:
    """How far a node may move before its bend pushes; a body passes on what its finish has."""
    target = early[bend.after]
    if bend.body:
        target += free[bend.after]
    return NEVER if is_far(target) else bend.pull(axis, target) - position


def _relay(node: int, early: list[int], free: list[int]) -> None:
    early[node] = NEVER if is_far(free[node]) else early[node] + free[node]


def _hand_to_first(
    rule: Rule, node: int, early: list[int], late: list[int], free: list[int]
) -> None:
    """What waits for a summary's start limits only the children that start first."""
    for member in rule.first_of(early):
        late[member] = min(late[member], late[node])
        free[member] = min(free[member], free[node])


def _name_loop(network: Network, waiting: list[int]) -> list[str]:
    stuck = [node for node, count in enumerate(waiting) if count > 0]
    edges = {node: network.after(node) for node in stuck}
    names: list[str] = []
    for node in find_loop(stuck, edges):
        name = network.outline.activities[network.owner[node]].label
        if not names or names[-1] != name:
            names.append(name)
    while len(names) > 1 and names[-1] == names[0]:
        names.pop()
    return names
