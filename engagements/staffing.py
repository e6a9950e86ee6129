"""PURE who a programme needs, and where the real team departs from it.

The roles and counts are those of the implementation practice the product follows: a team to design,
build and roll out, and a smaller one that stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Profile(StrEnum):
    """Which of the teams of an engagement."""

    INITIAL = "initial"
    HYPERCARE = "hypercare"
    ONGOING = "ongoing"


class Time(StrEnum):
    """How much of somebody's time: all of it, or a part."""

    FULL = "full"
    PART = "part"


class Role(StrEnum):
    PROGRAMME_MANAGER = "programme_manager"
    PROJECT_MANAGER = "project_manager"
    SERVICE_DESIGNER = "service_designer"
    TECHNICAL_SUPPORT = "technical_support"
    EXECUTIVE_SPONSOR = "executive_sponsor"
    TRAINER = "trainer"
    SUPPORT_AGENT = "support_agent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A role in a template: how many people, and how much of their time at least."""

    role: Role
    fewest: int
    most: int
    time: Time


TEMPLATES: dict[Profile, tuple[Place, ...]] = {
    Profile.INITIAL: (
        Place(Role.PROGRAMME_MANAGER, 1, 1, Time.PART),
        Place(Role.PROJECT_MANAGER, 1, 1, Time.FULL),
        Place(Role.SERVICE_DESIGNER, 1, 3, Time.FULL),
        Place(Role.TECHNICAL_SUPPORT, 1, 3, Time.PART),
        Place(Role.EXECUTIVE_SPONSOR, 1, 1, Time.PART),
    ),
    Profile.HYPERCARE: (
        Place(Role.PROJECT_MANAGER, 1, 1, Time.PART),
        Place(Role.SUPPORT_AGENT, 1, 3, Time.FULL),
        Place(Role.TECHNICAL_SUPPORT, 1, 3, Time.PART),
    ),
    Profile.ONGOING: (
        Place(Role.PROGRAMME_MANAGER, 1, 1, Time.PART),
        Place(Role.SERVICE_DESIGNER, 0, 1, Time.PART),
        Place(Role.TECHNICAL_SUPPORT, 1, 1, Time.PART),
        Place(Role.EXECUTIVE_SPONSOR, 1, 1, Time.PART),
    ),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a team, from a day and until one (both included, either may be open)."""

    name: str
    role: Role
    time: Time
    starts: date | None = None
    ends: date | None = None

    def is_there(self, day: date) -> bool:
        begun = self.starts is None or self.starts <= day
        return begun and (self.ends is None or day <= self.ends)


class Fault(StrEnum):
    MISSING = "missing"
    TOO_MANY = "too_many"
    TOO_LITTLE_TIME = "too_little_time"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a team is not what its template asks for."""

    role: Role
    fault: Fault
    wanted: int
    found: int
    names: tuple[str, ...] = ()


def departures(profile: Profile, members: Iterable[Member], *, on: date) -> list[Departure]:
    """Where the team of a profile departs from its template on a day, in the template's order.

    Roles the template does not know are an addition, not a departure. Nobody is wanted part-time
    only: somebody full-time always fills the place.
    """
    present = [member for member in members if member.is_there(on)]
    found: list[Departure] = []
    for place in TEMPLATES[profile]:
        found += _of_place(place, [member for member in present if member.role is place.role])
    return found


def _of_place(place: Place, there: Sequence[Member]) -> list[Departure]:
    names = tuple(member.name for member in there)
    if len(there) < place.fewest:
        return [Departure(place.role, Fault.MISSING, place.fewest, len(there), names)]
    if len(there) > place.most:
        return [Departure(place.role, Fault.TOO_MANY, place.most, len(there), names)]
    part = tuple(member.name for member in there if member.time is Time.PART)
    if place.time is Time.FULL and len(part) > len(there) - place.fewest:
        return [Departure(place.role, Fault.TOO_LITTLE_TIME, place.fewest, len(there), part)]
    return []
