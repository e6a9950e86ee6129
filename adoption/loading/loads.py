"""What a plan asks of its resources against what there is of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adoption.loading.profile import Profile
from adoption.scheduling import Schedule

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """That a package needs a resource as long as it is worked on, in hundredths of a unit."""

    package: str
    resource: str
    units: int


@dataclass(frozen=True, slots=True)
class Booked:
    """What is asked of a resource elsewhere, between two points of the plan's axis."""

    resource: str
    start: int
    finish: int
    units: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Overload:
    """A stretch in which more is asked of a resource than there is.

    Points of the plan's working axis, hundredths of a unit; `packages` are the plan's own in it,
    by key, `elsewhere` the labels of what other plans ask.
    """

    resource: str
    start: int
    finish: int
    peak: int
    capacity: int
    packages: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    start: int
    finish: int
    units: int
    package: str = ""
    label: str = ""


class Loads:
    """What is asked of each resource along the axis, by open packages and from elsewhere.

    A resource is held for a package from the start of its work to its finish, also while another
    resource of the package is away. Work that is finished asks for nothing any more. `spans` says
    where open packages lie on the axis.
    """

    def __init__(
        self,
        spans: Mapping[str, Span],
        needs: Iterable[Need],
        capacities: Mapping[str, int],
        booked: Iterable[Booked] = (),
    ) -> None:
        self.capacities = capacities
        self._uses = _uses(spans, needs, booked)
        self.profiles = {key: _profile(uses) for key, uses in self._uses.items()}

    def overloads(self, *, since: int | None = None) -> tuple[Overload, ...]:
        """Where more is asked than there is, by resource and time; over before `since` is past."""
        found = [
            overload
            for key in sorted(self.profiles)
            if key in self.capacities
            for overload in self._overloads_of(key)
            if since is None or overload.finish > since
        ]
        return tuple(sorted(found, key=lambda one: (one.start, one.resource)))

    def peaks(self, resource: str, edges: Sequence[int]) -> list[int]:
        """The most that is asked of a resource between each edge and the next."""
        profile = self.profiles.get(resource) or Profile()
        return [profile.peak(start, finish) for start, finish in pairwise(edges)]

    def minutes(self, resource: str, *, since: int = 0) -> int:
        """Minutes of work that the plan asks of a resource from a point on, by whole units."""
        uses = [use for use in self._uses.get(resource, ()) if use.package]
        return sum(max(0, use.finish - max(use.start, since)) * use.units for use in uses) // 100

    def _overloads_of(self, key: str) -> Iterator[Overload]:
        for start, finish, peak in _above(self.profiles[key], self.capacities[key]):
            inside = [use for use in self._uses[key] if use.start < finish and use.finish > start]
            yield Overload(
                key,
                start,
                finish,
                peak,
                self.capacities[key],
                tuple(sorted(use.package for use in inside if use.package)),
                tuple(sorted({use.label for use in inside if not use.package})),
            )


def open_spans(schedule: Schedule) -> dict[str, Span]:
    """Where the open leaves of a plan are worked on, by key: points of its axis."""
    network, columns, activities = schedule.network, schedule.columns, schedule.plan.activities
    spans = {}
    for i in network.leaves:
        if i in network.ended:
            continue
        start, early = schedule.planned_point(i), columns.early_start[i]
        finish = columns.early_finish[i] + (start - early)
        if finish > start:
            spans[activities[i].key] = (start, finish)
    return spans


def _uses(
    spans: Mapping[str, Span], needs: Iterable[Need], booked: Iterable[Booked]
) -> dict[str, list[_Use]]:
    uses: dict[str, list[_Use]] = defaultdict(list)
    for need in needs:
        if need.package in spans:
            uses[need.resource].append(_Use(*spans[need.package], need.units, need.package))
    for one in booked:
        if one.finish > one.start:
            uses[one.resource].append(_Use(one.start, one.finish, one.units, label=one.label))
    return uses


def _profile(uses: Iterable[_Use]) -> Profile:
    profile = Profile()
    for use in uses:
        profile.add(use.start, use.finish, use.units)
    return profile


def _above(profile: Profile, capacity: int) -> Iterator[tuple[int, int, int]]:
    """Stretches above a capacity, each with its highest level; those that touch are one."""
    held: tuple[int, int, int] | None = None
    for start, finish, level in profile.steps():
        if level <= capacity:
            continue
        if held is not None and held[1] == start:
            held = (held[0], finish, max(held[2], level))
            continue
        if held is not None:
            yield held
        held = (start, finish, level)
    if held is not None:
        yield held
