"""A share that can name everybody it counted, and bands without holes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Below this many people one of them moves a share by more than a fifth: pages then say counts
# alone, and nothing raises an alarm.
FEWEST_USERS = 5


@dataclass(frozen=True, slots=True)
class Share:
    """Numerator and denominator as the very users they hold, both ascending."""

    users: tuple[int, ...]
    among: tuple[int, ...]

    @classmethod
    def of(cls, counted: Iterable[int], among: Iterable[int]) -> Share:
        """Whoever of `counted` belongs to `among`: the share never passes 1."""
        those = set(among)
        return cls(tuple(sorted(those.intersection(counted))), tuple(sorted(those)))

    @property
    def count(self) -> int:
        return len(self.users)

    @property
    def size(self) -> int:
        return len(self.among)

    @property
    def value(self) -> float | None:
        """0 to 1; None where there is nobody to count."""
        return self.count / self.size if self.among else None

    @property
    def others(self) -> tuple[int, ...]:
        """Who could have been counted and was not."""
        return tuple(sorted(set(self.among).difference(self.users)))

    @property
    def is_small(self) -> bool:
        return self.size < FEWEST_USERS


def band(value: float, edges: Sequence[float]) -> int:
    """In which band a value lies, from 0. Edges ascend, and each belongs to the band above it."""
    return bisect_right(edges, value)
