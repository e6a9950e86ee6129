"""Three-point durations, and the durations a simulation draws from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

# A duration is drawn from this many slices of equal probability, each stood for by its middle.
SLICES = 2048
_GRID = 257


class InvalidSpread(ValueError):
    """Three durations out of order; the message says whose."""


class Shape(StrEnum):
    """How probability lies between the three points."""

    PERT = "pert"
    TRIANGULAR = "triangular"


@dataclass(frozen=True, slots=True)
class Spread:
    """A duration in minutes as three points: if all goes well, most likely, if much goes wrong.

    Raises InvalidSpread unless 0 <= optimistic <= likely <= pessimistic.
    """

    optimistic: int
    likely: int
    pessimistic: int

    def __post_init__(self) -> None:
        if not 0 <= self.optimistic <= self.likely <= self.pessimistic:
            raise InvalidSpread(
                "The optimistic duration must not be longer than the likely one,"
                " nor the likely one than the pessimistic one."
            )

    @property
    def width(self) -> int:
        return self.pessimistic - self.optimistic


def draw(spreads: Mapping[str, Spread], *, runs: int, seed: int, shape: Shape) -> dict[str, Rows]:
    """One duration a run for every key. A key draws from a stream of its own, so neither the
    order of the keys nor what else is in the plan changes what it draws."""
    keys = sorted(spreads)
    tables = _tables([spreads[key] for key in keys], shape)
    return {
        key: table[_stream(key, seed).integers(0, SLICES, runs, np.uint16)]
        for key, table in zip(keys, tables, strict=True)
    }


def _stream(key: str, seed: int) -> np.random.Generator:
    own = int.from_bytes(blake2b(key.encode(), digest_size=8).digest())
    return np.random.Generator(np.random.SFC64([seed, own]))


def _tables(spreads: Sequence[Spread], shape: Shape) -> Rows:
    """A row a spread: the duration of each slice, in whole minutes."""
    low = np.array([spread.optimistic for spread in spreads], np.float64)[:, None]
    width = np.array([spread.width for spread in spreads], np.float64)[:, None]
    likely = np.array([spread.likely for spread in spreads], np.float64)[:, None]
    modes = (likely - low) / np.maximum(width, 1)
    quantiles = _pert if shape is Shape.PERT else _triangular
    shares = quantiles(modes, (np.arange(SLICES) + 0.5) / SLICES)
    return np.rint(low + shares * width).astype(np.int64)


def _pert(modes: Shares, at: Shares) -> Shares:
    """Quantiles of beta distributions on 0 to 1 with alpha = 1 + 4m and beta = 5 - 4m
    (Malcolm, Roseboom, Clark and Fazar 1959), from their densities by the trapezoid rule."""
    grid = np.linspace(0, 1, _GRID)
    density = grid ** (4 * modes) * (1 - grid) ** (4 - 4 * modes)
    below = np.zeros_like(density)
    np.cumsum(density[:, 1:] + density[:, :-1], axis=1, out=below[:, 1:])
    found = [np.interp(at, row / row[-1], grid) for row in below]
    return np.array(found).reshape(len(found), len(at))


def _triangular(modes: Shares, at: Shares) -> Shares:
    """Quantiles of triangular distributions on 0 to 1, inverted in closed form."""
    rising, falling = np.sqrt(at * modes), 1 - np.sqrt((1 - at) * (1 - modes))
    return np.asarray(np.where(at < modes, rising, falling))
