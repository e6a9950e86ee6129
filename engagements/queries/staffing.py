"""Where the teams of an engagement depart from their templates, as codes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engagements.models import TeamMember
from engagements.staffing import Profile, departures


@dataclass(frozen=True, slots=True)
class TeamDeparture:
    """A place of a template that the real team does not fill as it asks."""

    profile: str
    role: str
    fault: str
    wanted: int
    found: int
    names: tuple[str, ...]


def get_departures(*, engagement_id: UUID, today: date) -> tuple[TeamDeparture, ...]:
    """Team by team; a team that nobody began to name is not a departure yet."""
    members = list(TeamMember.objects.filter(engagement_id=engagement_id))
    return tuple(
        TeamDeparture(
            profile=profile.value,
            role=found.role.value,
            fault=found.fault.value,
            wanted=found.wanted,
            found=found.found,
            names=found.names,
        )
        for profile in Profile
        if (places := [row.place for row in members if row.profile == profile.value])
        for found in departures(profile, places, on=today)
    )
