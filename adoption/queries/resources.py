"""Reads of resources: who and what there is, when they are there, and what needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from adoption.models import Assignment, Resource
from adoption.queries.own_time import terms_of_resource
from adoption.scheduling.terms import DayRule, Terms
from people.models import User


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource as lists show it. `terms` is None where it is there whenever the plan works."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    person: str
    capacity: float
    is_shared: bool
    archived: bool
    terms: Terms | None

    def next_away(self, today: date) -> DayRule | None:
        """The days off it is on now, or has next."""
        if self.terms is None:
            return None
        coming = [rule for rule in self.terms.rules if rule.is_off and rule.last >= today]
        return min(coming, default=None)

    @property
    def rules(self) -> tuple[DayRule, ...]:
        return tuple(sorted(self.terms.rules)) if self.terms else ()


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A work package that needs a resource."""

    id: UUID
    package_id: UUID
    outline: str
    name: str
    start: datetime
    finish: datetime
    units: Decimal
    done: bool
    critical: bool


def get_resources(
    *,
    engagement_id: UUID,
    kind: str = "",
    text: str = "",
    archived: bool = False,
    person: User | None = None,
) -> tuple[ResourceRow, ...]:
    """Those of an engagement and of the workspace, by name; with `person` only those who are
    this person."""
    rows = resources_of(engagement_id).filter(archived_at__isnull=not archived)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(name__icontains=text)
    if person is not None:
        rows = rows.filter(is_person(person))
    return tuple(map(resource_row, rows.select_related("team_member", "stakeholder")))


def resources_of(engagement_id: UUID) -> QuerySet[Resource]:
    return Resource.objects.filter(Q(engagement_id=engagement_id) | Q(engagement__isnull=True))


def is_person(person: User) -> Q:
    """Resources who are somebody that signs in: as one of the team, or by a stakeholder's mail."""
    return Q(team_member__user=person) | Q(stakeholder__email__iexact=person.email)


def resource_row(row: Resource) -> ResourceRow:
    return ResourceRow(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        person=str(row.team_member or row.stakeholder or ""),
        capacity=float(row.capacity),
        is_shared=row.is_shared,
        archived=row.archived_at is not None,
        terms=terms_of_resource(row),
    )


def get_needs(*, resource_id: UUID, engagement_id: UUID) -> tuple[NeedRow, ...]:
    """Work packages of an engagement's plan that need a resource, in the order of their start."""
    rows = (
        Assignment.objects.filter(
            resource_id=resource_id,
            package__plan__engagement_id=engagement_id,
            package__plan__what_if_of=None,
        )
        .select_related("package")
        .order_by("package__start", "package__position")
    )
    return tuple(
        NeedRow(
            id=row.pk,
            package_id=row.package_id,
            outline=row.package.outline,
            name=row.package.name,
            start=row.package.start,
            finish=row.package.finish,
            units=row.units,
            done=row.package.done_percent >= 100,
            critical=row.package.critical,
        )
        for row in rows
    )
