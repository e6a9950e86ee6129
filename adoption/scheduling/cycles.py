"""Circles of links: found, made as short as possible and spelled out by name."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Mapping, Sequence

Edges = Mapping[int, Sequence[int]]

_SPELLED_OUT = 40


class CircularPlan(ValueError):
    """The links run in a circle, so nothing in it can start.

    `steps` are the names round the loop, the first repeated at the end. The first line of the
    message holds the whole loop; the lines after it take one link each.
    """

    def __init__(self, loop: Sequence[str]) -> None:
        """`loop` names each step once, in the order of the links."""
        self.steps = (*loop, *loop[:1])
        shown = _shorten(self.steps)
        lines = [f"These steps wait for each other in a circle: {' → '.join(shown)}"]
        lines += [f"{before} → {after}" for before, after in itertools.pairwise(shown)]
        super().__init__("\n".join(lines))

    @property
    def headline(self) -> str:
        return str(self).partition("\n")[0]


def _shorten(steps: Sequence[str]) -> list[str]:
    if len(steps) <= _SPELLED_OUT:
        return list(steps)
    hidden = len(steps) - _SPELLED_OUT
    return [*steps[: _SPELLED_OUT - 1], f"({hidden} more)", *steps[-1:]]


def find_loop(stuck: Sequence[int], edges: Edges) -> list[int]:
    """A short circle among nodes that all wait for another, without the repeated end.

    `stuck` are the nodes a topological sort could not place; some node of a circle is among
    them. The circle starts at its lowest node.
    """
    inside = set(stuck)
    loop = _shortest_back_to(_on_a_circle(inside, edges), inside, edges)
    lowest = loop.index(min(loop))
    return loop[lowest:] + loop[:lowest]


def _on_a_circle(inside: set[int], edges: Edges) -> int:
    """Every stuck node waits for a stuck node: walking against the links must repeat one."""
    before = {after: node for node in sorted(inside) for after in edges[node] if after in inside}
    seen: set[int] = set()
    node = min(inside)
    while node not in seen:
        seen.add(node)
        node = before[node]
    return node


def _shortest_back_to(start: int, inside: set[int], edges: Edges) -> list[int]:
    came_from: dict[int, int] = {}
    waiting = deque([start])
    while start not in came_from:
        node = waiting.popleft()
        for after in sorted(edges[node]):
            if after in inside and after not in came_from:
                came_from[after] = node
                waiting.append(after)
    loop = [came_from[start]]
    while loop[-1] != start:
        loop.append(came_from[loop[-1]])
    return loop[::-1]
