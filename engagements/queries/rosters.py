"""Reads of the people of an engagement: groups, roster, stakeholders, team, offerings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from engagements.models import (
    Engagement,
    ImpactGroup,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.models.people import PROFILES, ROLES
from engagements.queries.customers import get_stakeholders
from engagements.staffing import Departure, Profile, departures

NAMED_AT_MOST = 3
# What a place on a roster is in a spreadsheet, going out and coming in.
ROSTER_COLUMNS = (
    "external_id",
    "name",
    "email",
    "impact_group",
    "access_since",
    "proficient_since",
    "proficient_by",
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Two facts about people, counted: who has access, who is proficient."""

    people: int
    with_access: int
    proficient: int

    @property
    def without_access(self) -> int:
        return self.people - self.with_access

    @property
    def not_proficient(self) -> int:
        return self.people - self.proficient

    @property
    def ready(self) -> bool:
        """Everybody has access and is proficient; an empty roster is not ready."""
        return 0 < self.people == self.with_access == self.proficient


@dataclass(frozen=True, slots=True)
class GroupRow:
    """An impact group with how its people stand."""

    id: UUID
    name: str
    size: int
    features: tuple[str, ...]
    working_pattern: str
    what_changes: str
    readiness: Readiness

    @property
    def off_roster(self) -> int:
        """How many of the group are not on the roster yet."""
        return max(0, self.size - self.readiness.people)


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One place of a template that the real team does not fill as it asks."""

    role_label: str
    fault: str
    wanted: int
    found: int
    who: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """One of the teams, and where it departs from its template."""

    profile: str
    label: str
    members: tuple[TeamMember, ...]
    departures: tuple[DepartureRow, ...]


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody an engagement is about, and everybody who works on it."""

    groups: tuple[GroupRow, ...]
    readiness: Readiness
    # Those on the roster who lack access or proficiency, the first of them by name.
    without_access: tuple[str, ...]
    not_proficient: tuple[str, ...]
    stakeholders: tuple[Stakeholder, ...]
    teams: tuple[TeamView, ...]
    offerings: tuple[Offering, ...]

    @property
    def has_team(self) -> bool:
        return any(team.members for team in self.teams)


def get_people(*, engagement: Engagement, today: date) -> PeopleView:
    roster = RosterEntry.objects.filter(engagement=engagement)
    return PeopleView(
        groups=get_groups(engagement_id=engagement.pk),
        readiness=_readiness(roster),
        without_access=_names(roster.filter(access_since=None)),
        not_proficient=_names(roster.filter(proficient_since=None)),
        stakeholders=tuple(get_stakeholders(customer_id=engagement.customer_id)),
        teams=_teams(TeamMember.objects.filter(engagement=engagement), today),
        offerings=tuple(
            Offering.objects.filter(engagement=engagement).select_related("impact_group")
        ),
    )


def get_roster_entries() -> QuerySet[RosterEntry]:
    """Places on rosters, with who has them and in which group."""
    return RosterEntry.objects.select_related("end_user", "impact_group")


def get_roster(*, engagement_id: UUID) -> QuerySet[RosterEntry]:
    """The roster of an engagement by the people's external ids."""
    return get_roster_entries().filter(engagement_id=engagement_id)


def get_readiness(*, engagement_id: UUID) -> Readiness:
    """How many are on the roster of an engagement, have access and are proficient."""
    return _readiness(RosterEntry.objects.filter(engagement_id=engagement_id))


def get_groups(*, engagement_id: UUID) -> tuple[GroupRow, ...]:
    """Impact groups by name, each with how many of its people have access and are proficient."""
    counts = _counts_by_group(engagement_id)
    nobody = Readiness(0, 0, 0)
    return tuple(
        GroupRow(
            id=group.pk,
            name=group.name,
            size=group.size,
            features=tuple(group.features),
            working_pattern=group.working_pattern,
            what_changes=group.what_changes,
            readiness=counts.get(group.pk, nobody),
        )
        for group in ImpactGroup.objects.filter(engagement_id=engagement_id)
    )


COUNTS = {
    "people": Count("pk"),
    "with_access": Count("pk", filter=Q(access_since__isnull=False)),
    "proficient": Count("pk", filter=Q(proficient_since__isnull=False)),
}


def _counts_by_group(engagement_id: UUID) -> dict[UUID | None, Readiness]:
    roster = RosterEntry.objects.filter(engagement_id=engagement_id).order_by()
    rows: Any = roster.values("impact_group_id").annotate(**COUNTS)
    return {row.pop("impact_group_id"): Readiness(**row) for row in rows}


def _readiness(roster: QuerySet[RosterEntry]) -> Readiness:
    return Readiness(**roster.order_by().aggregate(**COUNTS))


def _names(roster: QuerySet[RosterEntry]) -> tuple[str, ...]:
    return tuple(str(entry.end_user) for entry in roster.select_related("end_user")[:NAMED_AT_MOST])


def get_team(*, engagement_id: UUID, profile: Profile, today: date) -> TeamView:
    """One of an engagement's teams, and where it departs from its template on a day."""
    members = TeamMember.objects.filter(engagement_id=engagement_id, profile=profile.value)
    return _team(profile.value, str(dict(PROFILES)[profile.value]), list(members), today)


def _teams(rows: Iterable[TeamMember], today: date) -> tuple[TeamView, ...]:
    members = list(rows)
    return tuple(_team(profile, str(label), members, today) for profile, label in PROFILES)


def _team(profile: str, label: str, members: list[TeamMember], today: date) -> TeamView:
    there = tuple(member for member in members if member.profile == profile)
    # A team that nobody began to name is not a departure yet.
    places = [member.place for member in there]
    found = departures(Profile(profile), places, on=today) if there else []
    return TeamView(profile, label, there, tuple(map(_row, found)))


def _row(found: Departure) -> DepartureRow:
    return DepartureRow(
        role_label=str(dict(ROLES)[found.role.value]),
        fault=found.fault.value,
        wanted=found.wanted,
        found=found.found,
        who=", ".join(found.names),
    )
