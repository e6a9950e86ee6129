"""Rows of a benchmark and the table they print: a measured ratio beside the bars it must keep."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` must stay at or under `must` (or at or over, with `at_least`); `note` gives context."""

    name: str
    ratio: float
    must: float
    stretch: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def kept(self) -> bool:
        return self._reaches(self.must)

    @property
    def verdict(self) -> str:
        if not self.kept:
            return "MISSED"
        return "stretch" if self.stretch is not None and self._reaches(self.stretch) else "kept"

    def _reaches(self, bar: float) -> bool:
        return self.ratio >= bar if self.at_least else self.ratio <= bar


def seconds(
    measured: Mapping[str, Callable[[], object]],
    rounds: int = 5,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, list[float]]:
    """Time each callable once a round, in turn, so that a busy moment hits all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, call in measured.items():
            gc.collect()
            began = clock()
            call()
            times[name].append(clock() - began)
    return times


def server_seconds() -> float:
    """CPU seconds of this process and of the database's process that answers it: what a request
    costs, whoever else is at work on the machine. Where the system does not tell, time as such."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    try:
        return process_time() + int(told.read_text().split()[0]) / 1e9
    except OSError:
        return perf_counter()


def ratio(times: Mapping[str, list[float]], name: str, base: str) -> float:
    """The median over rounds of one time divided by another of the same round."""
    return median(a / b for a, b in zip(times[name], times[base], strict=True))


def print_table(rows: Iterable[Row]) -> bool:
    """Print the rows as a table; True when every bar is kept."""
    rows = list(rows)
    width = max((len(row.name) for row in rows), default=0)
    print(f"{'bar':<{width}}  {'measured':>9}  {'must':>7}  {'stretch':>7}  verdict")
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        stretch = "" if row.stretch is None else f"{sign} {row.stretch:g}"
        print(
            f"{row.name:<{width}}  {row.ratio:>9.3f}  {f'{sign} {row.must:g}':>7}  {stretch:>7}"
            f"  {row.verdict}{'  ' if row.note else ''}{row.note}"
        )
    return all(row.kept for row in rows)
