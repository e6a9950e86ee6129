"""The tree behind a flat list of rows."""

from __future__ import annotations

from collections.abc import Sequence


def parents_by_level(levels: Sequence[int]) -> list[int]:
    """For each row the nearest row above it at a lower level, -1 at the top."""
    parents, above = [], list[int]()
    for row, level in enumerate(levels):
        while above and levels[above[-1]] >= level:
            above.pop()
        parents.append(above[-1] if above else -1)
        above.append(row)
    return parents


def numbers_of(parents: Sequence[int]) -> list[str]:
    """Outline numbers, `1.2.1`, counted within each parent."""
    counted: dict[int, int] = {}
    numbers: list[str] = []
    for parent in parents:
        counted[parent] = counted.get(parent, 0) + 1
        prefix = f"{numbers[parent]}." if parent >= 0 else ""
        numbers.append(f"{prefix}{counted[parent]}")
    return numbers
