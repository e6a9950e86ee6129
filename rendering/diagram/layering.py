"""Where the nodes of a network lie: levels from left to right, few crossings, straight lines.

The layered method of Sugiyama, Tagawa and Toda (1981): circles are broken, nodes get the level
of their longest way in, a line over several levels gets a bend on each, levels are ordered by
the medians of their neighbours, and heights follow neighbours as far as there is room.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

Edge = tuple[int, int]

_SWEEPS = 12
_STRAIGHTENINGS = 8
# So many nodes and bends get all of these rounds; more of them fewer, so that a network that nobody
# can read at once is at least there at once.
_FULL_CARE = 4_000
_LEAST_ROUNDS = 2
# Room in rows from a node or bend down to the node or bend below it; a node's words hang under it.
_ROOM = {(False, False): 1.0, (False, True): 0.85, (True, False): 0.5, (True, True): 0.3}
_BEND_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and rows count from 0; a row is a node's height. `bends` are the places a line
    passes between the columns of its ends."""

    columns: tuple[int, ...]
    rows: tuple[float, ...]
    bends: dict[Edge, tuple[tuple[int, float], ...]]


def lay_out(count: int, edges: Iterable[Edge]) -> Layout:
    """Place nodes 0 to count - 1. The same network, its edges in any order, lies the same way,
    and is laid out once: the latest networks are kept by their numbers.

    Nodes without edges fill rows of their own below the others. Edges that close a circle run
    from right to left.
    """
    return _laid_out(count, tuple(sorted(set(edges))))


@lru_cache(maxsize=128)
def _laid_out(count: int, edges: tuple[Edge, ...]) -> Layout:
    forward = _without_circles(count, edges)
    linked = sorted({node for edge in forward for node in edge})
    number = {node: at for at, node in enumerate(linked)}
    graph = _Graph(len(linked), [(number[a], number[b]) for a, b in forward])
    graph.order()
    heights = graph.heights()
    columns, rows = [0] * count, [0.0] * count
    for node in linked:
        columns[node], rows[node] = graph.level[number[node]], heights[number[node]]
    alone = [node for node in range(count) if node not in number]
    _place_alone(alone, columns, rows, max(heights, default=-1.0) + 1, max(columns, default=0) + 1)
    return Layout(tuple(columns), tuple(rows), _bends(graph, linked, heights, edges))


def _bends(
    graph: _Graph, linked: Sequence[int], heights: Sequence[float], edges: Sequence[Edge]
) -> dict[Edge, tuple[tuple[int, float], ...]]:
    asked, found = set(edges), {}
    for (a, b), chain in graph.chains.items():
        places = tuple((graph.level[bend], heights[bend]) for bend in chain)
        edge = (linked[a], linked[b])
        if edge in asked:
            found[edge] = places
        if edge[::-1] in asked:
            found[edge[::-1]] = places[::-1]
    return found


def _place_alone(
    alone: Sequence[int], columns: list[int], rows: list[float], below: float, across: int
) -> None:
    across = max(across, min(len(alone), 6))
    for at, node in enumerate(alone):
        columns[node], rows[node] = at % across, below + at // across


def _without_circles(count: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges, with those turned round that lead back to a node still being walked."""
    after: dict[int, list[int]] = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    turned: set[Edge] = set()
    walked: dict[int, bool] = {}
    for root in range(count):
        if root not in walked:
            _walk(root, after, walked, turned)
    return sorted({(b, a) if (a, b) in turned else (a, b) for a, b in edges if a != b})


def _walk(
    root: int, after: dict[int, list[int]], walked: dict[int, bool], turned: set[Edge]
) -> None:
    """Depth first without recursion; `walked` is False while what follows a node is walked."""
    walk = [(root, iter(after.get(root, ())))]
    walked[root] = False
    while walk:
        node, rest = walk[-1]
        following = next(rest, None)
        if following is None:
            walked[node] = True
            walk.pop()
        elif following not in walked:
            walked[following] = False
            walk.append((following, iter(after.get(following, ()))))
        elif not walked[following]:
            turned.add((node, following))


class _Graph:
    """Nodes and bends with their levels; every edge here joins neighbouring levels."""

    def __init__(self, count: int, edges: Sequence[Edge]) -> None:
        self.count = count
        self.level = _levels(count, edges)
        self.before: list[list[int]] = [[] for _ in range(count)]
        self.after: list[list[int]] = [[] for _ in range(count)]
        self.chains: dict[Edge, tuple[int, ...]] = {}
        for edge in edges:
            self._add(edge)
        self.layers: list[list[int]] = [[] for _ in range(max(self.level, default=-1) + 1)]
        for node, level in enumerate(self.level):
            self.layers[level].append(node)

    def _add(self, edge: Edge) -> None:
        last, chain = edge[0], []
        for level in range(self.level[edge[0]] + 1, self.level[edge[1]]):
            bend = len(self.level)
            self.level.append(level)
            self.before.append([])
            self.after.append([])
            chain.append(bend)
            self._join(last, bend)
            last = bend
        self._join(last, edge[1])
        self.chains[edge] = tuple(chain)

    def _join(self, a: int, b: int) -> None:
        self.after[a].append(b)
        self.before[b].append(a)

    def order(self) -> None:
        """Sweep right and left by medians of neighbours; the order with fewest crossings stays."""
        rounds = self._rounds(_SWEEPS)
        if rounds == _LEAST_ROUNDS:
            # So few are better than none, and counting what they cross costs as much again.
            for sweep in range(rounds):
                self._sweep(rightwards=sweep % 2 == 0)
            return
        best, fewest = [list(layer) for layer in self.layers], self.crossings()
        for sweep in range(rounds):
            if not fewest:
                break
            self._sweep(rightwards=sweep % 2 == 0)
            crossings = self.crossings()
            if crossings < fewest:
                best, fewest = [list(layer) for layer in self.layers], crossings
        self.layers = best

    def _rounds(self, most: int) -> int:
        return max(_LEAST_ROUNDS, most * _FULL_CARE // max(_FULL_CARE, len(self.level)))

    def _sweep(self, *, rightwards: bool) -> None:
        near = self.before if rightwards else self.after
        layers = self.layers[1:] if rightwards else self.layers[-2::-1]
        places = self._places()
        for layer in layers:
            wanted = []
            for node in layer:
                beside, own = near[node], places[node]
                if len(beside) == 1:
                    wanted.append((places[beside[0]], own, node))
                else:
                    wanted.append((_median([places[other] for other in beside], own), own, node))
            wanted.sort()
            layer[:] = [node for _want, _own, node in wanted]
            for at, node in enumerate(layer):
                places[node] = at

    def _places(self) -> list[float]:
        """Where each node stands in its layer."""
        places = [0.0] * len(self.level)
        for layer in self.layers:
            for at, node in enumerate(layer):
                places[node] = float(at)
        return places

    def crossings(self) -> int:
        """Pairs of lines between neighbouring levels that cross."""
        places, found = self._places(), 0
        for layer in self.layers[:-1]:
            seen: list[float] = []
            for node in layer:
                # In rising order the lines of one node never count as crossing each other.
                for end in sorted([places[after] for after in self.after[node]]):
                    at = bisect_right(seen, end)
                    found += len(seen) - at
                    seen.insert(at, end)
        return found

    def heights(self) -> list[float]:
        """Rows of nodes and bends: near their neighbours' middle, in order, with room between."""
        rows = [0.0] * len(self.level)
        rooms = [self._rooms(layer) for layer in self.layers]
        for layer, room in zip(self.layers, rooms, strict=True):
            middle = room[-1] / 2
            for node, above in zip(layer, room, strict=True):
                rows[node] = above - middle
        stacks = list(zip(self.layers, rooms, strict=True))
        for turn in range(self._rounds(_STRAIGHTENINGS)):
            for layer, room in stacks if turn % 2 == 0 else reversed(stacks):
                for node, at in zip(layer, self._stacked(layer, room, rows), strict=True):
                    rows[node] = at
        top = min(rows, default=0.0)
        return [row - top for row in rows]

    def _rooms(self, layer: Sequence[int]) -> list[float]:
        """How far below the first of a layer each of it lies at the least."""
        room = [0.0]
        for one, other in pairwise(layer):
            room.append(room[-1] + _ROOM[one >= self.count, other >= self.count])
        return room

    def _wanted(self, node: int, rows: Sequence[float]) -> float:
        before, after = self.before[node], self.after[node]
        if len(before) == len(after) == 1:
            return (rows[before[0]] + rows[after[0]]) / 2
        near = [rows[other] for other in (*before, *after)]
        return sum(near) / len(near) if near else rows[node]

    def _stacked(
        self, layer: Sequence[int], room: Sequence[float], rows: Sequence[float]
    ) -> list[float]:
        """The heights nearest to those wanted (least squares) that keep order and room: pooling
        adjacent violators on what is wanted less the room above."""
        pools: list[tuple[float, float, int]] = []
        for node, above in zip(layer, room, strict=True):
            mean, size = self._wanted(node, rows) - above, 1
            weight = _BEND_WEIGHT if node >= self.count else 1.0
            while pools and pools[-1][0] > mean:
                other_mean, other_weight, other_size = pools.pop()
                both = weight + other_weight
                mean = (mean * weight + other_mean * other_weight) / both
                weight, size = both, size + other_size
            pools.append((mean, weight, size))
        level = [mean for mean, _weight, size in pools for _ in range(size)]
        return [mean + above for mean, above in zip(level, room, strict=True)]


def _levels(count: int, edges: Sequence[Edge]) -> list[int]:
    """Longest way in; a node nothing leads to moves right up to what follows it."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        before[b].append(a)
        after[a].append(b)
    waiting = [len(found) for found in before]
    order = [node for node in range(count) if not waiting[node]]
    level = [0] * count
    for node in order:
        for following in after[node]:
            level[following] = max(level[following], level[node] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                order.append(following)
    for node in range(count):
        if not before[node] and after[node]:
            level[node] = min(level[following] for following in after[node]) - 1
    return level


def _median(places: list[float], own: float) -> float:
    """The middle place; the mean of the two middle ones where their number is even."""
    if not places:
        return own
    places.sort()
    half = len(places) // 2
    return places[half] if len(places) % 2 else (places[half - 1] + places[half]) / 2
