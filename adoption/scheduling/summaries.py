"""Ends of summaries as nodes: a link to a summary means links to what is in it.

A summary starts with its first child and finishes with its last. A link into its start holds
every child's start, a link into its finish every child's finish.
"""

from __future__ import annotations

from adoption.scheduling.network import NEVER, Bend, Network


class Summaries:
    """Makes each end of each summary once, when a link or constraint first asks for it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._nodes: dict[tuple[int, str], int] = {}

    def last(self, summary: int) -> int:
        """The node at the latest finish of a summary's leaves."""
        return self._nodes.get((summary, "last")) or self._make_last(summary)

    def first(self, summary: int) -> int:
        """The node at the earliest start of a summary's leaves."""
        return self._nodes.get((summary, "first")) or self._make_first(summary)

    def gate(self, summary: int, into_finish: bool = False) -> int:
        """The node that every unfinished leaf's start (or finish) waits for."""
        end = "finish gate" if into_finish else "start gate"
        return self._nodes.get((summary, end)) or self._make_gate(summary, end)

    def _make_last(self, summary: int) -> int:
        network, leaves = self.network, self.network.outline.leaves_below(summary)
        ended = [network.ended[i] for i in leaves if i in network.ended]
        node = self._nodes[summary, "last"] = self._relay(summary, max(ended, default=-NEVER))
        for leaf in leaves:
            if leaf not in network.ended:
                finish = network.finish_of[leaf]
                network.join(finish, node, network.length[finish])
        return node

    def _make_first(self, summary: int) -> int:
        """Waits for all children without being pushed by them; its rule takes the earliest."""
        network, leaves = self.network, self.network.outline.leaves_below(summary)
        node = self._nodes[summary, "first"] = network.add_node(summary)
        rule = network.rule(node)
        rule.members = [leaf for leaf in leaves if leaf not in network.began]
        rule.cap = min((network.began[i] for i in leaves if i in network.began), default=NEVER)
        for leaf in rule.members:
            network.join(leaf, node, -NEVER)
        return node

    def _make_gate(self, summary: int, end: str) -> int:
        network = self.network
        node = self._nodes[summary, end] = self._relay(summary)
        for leaf in network.outline.leaves_below(summary):
            if leaf in network.ended:
                continue
            if end == "start gate":
                network.join(node, leaf, 0)
            elif network.finish_of[leaf] == leaf:
                network.join(node, leaf, -network.length[leaf])
            else:
                clock, own = network.time_of(leaf, into_finish=True)
                network.bend(node, Bend(leaf, 0, from_finish=True, clock=clock, own=own))
        return node

    def _relay(self, summary: int, floor: int = -NEVER) -> int:
        node = self.network.add_node(summary, floor)
        self.network.rule(node).is_relay = True
        return node
