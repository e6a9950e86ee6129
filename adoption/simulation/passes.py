"""The two passes over a network in which a position is a row, one number a run.

Each line has its like in `scheduling.passes`, which is the one that says why; only floats'
fellow, the free float, is left out. The tests hold both equal, run by run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from adoption.scheduling.network import NEVER, Bend, Network, Rule
from adoption.scheduling.passes import FAR

Row = npt.NDArray[np.int64]
Positions = list[Row]


def forward(network: Network, order: Sequence[int], runs: int) -> Positions:
    """Earliest position of every node in every run."""
    early = _spread_out(network.floor, runs)
    rules, out, bound = network.rules, network.out, np.empty(runs, np.int64)
    for node in order:
        position = early[node]
        if node in rules:
            _push_by_rule(network.axis, rules[node], node, early)
        flat = iter(out[node])
        for after, weight in zip(flat, flat):  # noqa: B905
            np.add(position, weight, out=bound)
            np.maximum(early[after], bound, out=early[after])
    return early


def backward(network: Network, early: Positions, order: Sequence[int], finish: Row) -> Positions:
    """Latest position of every node in every run."""
    late = _latest(network, finish)
    rules, out, bound = network.rules, network.out, np.empty(len(finish), np.int64)
    for node in reversed(order):
        latest = late[node]
        flat = iter(out[node])
        for after, weight in zip(flat, flat):  # noqa: B905
            np.subtract(late[after], weight, out=bound)
            np.minimum(latest, bound, out=latest)
        if node in rules:
            _pull_by_rule(network.axis, rules[node], node, early, late)
    return late


def finish_points(network: Network, early: Positions, runs: int) -> Row:
    """Where the last activity finishes in every run."""
    finish = np.zeros(runs, np.int64)
    ends = [network.finish_of[i] for i in network.leaves]
    if ends:
        finish[:] = early[ends[0]] + network.length[ends[0]]
    for end in ends[1:]:
        np.maximum(finish, early[end] + network.length[end], out=finish)
    return finish


def _spread_out(numbers: Sequence[int], runs: int) -> Positions:
    rows = np.empty((len(numbers), runs), np.int64)
    for row, number in zip(rows, numbers, strict=True):
        row[:] = number
    return list(rows)


def _latest(network: Network, finish: Row) -> Positions:
    late = list(np.empty((len(network.length), len(finish)), np.int64))
    for row, length in zip(late, network.length, strict=True):
        np.subtract(finish, length, out=row)
    for node in range(len(network.finish_of), len(late)):
        owner = network.owner[node]
        late[owner if network.outline.is_leaf(owner) else node][:] = NEVER
    for node, limit in network.limits.items():
        np.minimum(late[node], limit, out=late[node])
    return late


def _push_by_rule(axis: Any, rule: Rule, node: int, early: Positions) -> None:
    _place(rule, early[node], early)
    if rule.own is not None and rule.fixed is None:
        early[node][:] = rule.snapped(axis, early[node])  # type: ignore[arg-type]
    for bend in rule.bends:
        np.maximum(early[bend.after], bend.push(axis, early[node]), out=early[bend.after])  # type: ignore[arg-type]
    for after, weight in rule.loose:
        np.maximum(early[after], early[node] + weight, out=early[after])


def _place(rule: Rule, position: Row, early: Positions) -> None:
    if rule.members is not None:
        position[:] = _first_of(rule, early, position)
    elif rule.fixed is not None:
        position[:] = rule.fixed
    elif rule.cap is not None:
        np.maximum(rule.floor, np.minimum(position, rule.cap), out=position)


def _first_of(rule: Rule, early: Positions, like: Row) -> Row:
    first = np.full_like(like, NEVER if rule.cap is None else rule.cap)
    for member in rule.members or ():
        np.minimum(first, early[member], out=first)
    return first


def _pull_by_rule(axis: Any, rule: Rule, node: int, early: Positions, late: Positions) -> None:
    latest = late[node]
    for bend in rule.bends:
        if not bend.loose:
            np.minimum(latest, _pulled(axis, bend, late[bend.after]), out=latest)
    if rule.fixed_late is not None:
        latest[:] = rule.fixed_late
    if rule.members is not None and not rule.is_relay:
        _hand_to_first(rule, latest, early, late)


def _pulled(axis: Any, bend: Bend, after: Row) -> Row:
    """How late a bend lets its node be; where nothing follows, any time."""
    far = after > FAR
    if far.all():
        return after
    near: Any = np.where(far, after.min(), after)
    return np.where(far, NEVER, bend.pull(axis, near))


def _hand_to_first(rule: Rule, latest: Row, early: Positions, late: Positions) -> None:
    first = _first_of(rule, early, latest)
    is_led = True if rule.cap is None else first < rule.cap
    for member in rule.members or ():
        leads = (early[member] == first) & is_led
        np.minimum(late[member], np.where(leads, latest, NEVER), out=late[member])
