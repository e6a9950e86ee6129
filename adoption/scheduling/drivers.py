"""Why a step is where it is: the predecessors whose links are tight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adoption.scheduling.network import NEVER, Network


class Drivers:
    """Answers which activities hold another in place. Built once, asked by activity number."""

    def __init__(self, network: Network, positions: Sequence[int]) -> None:
        self.network = network
        self.positions = positions
        self._before: dict[int, list[tuple[int, int]]] = {}
        for node in range(len(network.out)):
            for after, bound in self._bounds(node):
                self._before.setdefault(after, []).append((node, bound))
        self._settled: dict[int, list[tuple[int, int]]] = {}
        for activity, after, bound in network.settled:
            self._settled.setdefault(after, []).append((activity, bound))

    def of(self, node: int) -> set[int]:
        """Activity numbers; through a summary they are the leaves that decide its start or end."""
        rule = self.network.rules.get(node)
        if rule is not None and rule.fixed is not None:
            return set()
        found = {i for i, bound in self._settled.get(node, ()) if self._is_tight(node, bound)}
        for before, bound in self._before.get(node, ()):
            if self._is_tight(node, bound):
                found |= self._activities(before)
        return found

    def _bounds(self, node: int) -> Iterator[tuple[int, int]]:
        """What a node demands of each node after it."""
        position = self.positions[node]
        if position >= NEVER:
            return
        for after, weight in self.network.links_of(node):
            yield after, position + weight
        rule = self.network.rules.get(node)
        if rule is not None:
            yield from ((after, position + weight) for after, weight in rule.loose)
            yield from ((bend.after, bend.push(self.network.axis, position)) for bend in rule.bends)

    def _is_tight(self, node: int, bound: int) -> bool:
        position = self.positions[node]
        rule = self.network.rules.get(node)
        if rule is not None and rule.own is not None:
            bound = rule.snapped(self.network.axis, bound)
        return bound >= position if rule is not None and rule.is_relay else bound == position

    def _activities(self, node: int) -> set[int]:
        """The activities behind a node: itself, the owner of a finish, or a summary's drivers."""
        owner = self.network.owner[node]
        if self.network.outline.is_leaf(owner):
            return {owner}
        rule = self.network.rules[node]
        if rule.members is not None:
            return set(rule.first_of(self.positions))
        return self.of(node)
