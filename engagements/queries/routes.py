"""Reads of the routes by which requests are made."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from engagements.models import RouteVolume, WorkRoute
from engagements.periods import Period


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route with everything that was counted on it, the oldest period first.

    `overdue`: it was to be shut off by now and is open.
    """

    id: UUID
    name: str
    kind: str
    kind_label: str
    is_new: bool
    shut_off_date: date | None
    shut_date: date | None
    overdue: bool
    owner: str
    note: str
    volumes: tuple[tuple[date, int], ...]

    @property
    def last(self) -> tuple[date, int] | None:
        return self.volumes[-1] if self.volumes else None


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """What was counted in the period that ends on a day, by route; None where nobody counted."""

    day: date
    amounts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class RouteRegister:
    """The routes of an engagement: the new software first, then in the order they came."""

    period: Period | None
    rows: tuple[RouteRow, ...]

    @property
    def overdue(self) -> tuple[RouteRow, ...]:
        return tuple(row for row in self.rows if row.overdue)

    @property
    def unplanned(self) -> int:
        """Competing routes that are open and have no day on which they are shut off."""
        return sum(
            not (row.is_new or row.shut_off_date or row.shut_date is not None) for row in self.rows
        )

    @property
    def has_new(self) -> bool:
        return any(row.is_new for row in self.rows)

    @property
    def periods(self) -> tuple[CountedPeriod, ...]:
        """Every period in which something was counted, the newest first."""
        by_route = [dict(row.volumes) for row in self.rows]
        days = sorted({day for amounts in by_route for day in amounts}, reverse=True)
        return tuple(
            CountedPeriod(day, tuple(amounts.get(day) for amounts in by_route)) for day in days
        )


def get_routes(*, engagement_id: UUID | None = None) -> QuerySet[WorkRoute]:
    """Routes with their owners, of one engagement or of all; deleted ones are left out."""
    rows = WorkRoute.objects.filter(deleted_at=None).select_related(
        "owner", "owner_at_customer", "engagement__customer"
    )
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_volumes() -> QuerySet[RouteVolume]:
    """Volumes of routes that are not deleted, with their route."""
    return RouteVolume.objects.filter(route__deleted_at=None).select_related(
        "route__engagement__customer", "recorded_by"
    )


def get_route_period(*, engagement_id: UUID) -> Period | None:
    """By what the routes of an engagement are counted; None while nothing is."""
    rows = RouteVolume.objects.filter(route__engagement_id=engagement_id, route__deleted_at=None)
    found = rows.order_by().values_list("period", flat=True).first()
    return None if found is None else Period(found)


def get_route_register(*, engagement_id: UUID, today: date) -> RouteRegister:
    volumes: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    period = None
    rows = RouteVolume.objects.filter(route__engagement_id=engagement_id, route__deleted_at=None)
    for route_id, day, amount, found in rows.order_by("day").values_list(
        "route_id", "day", "amount", "period"
    ):
        volumes[route_id].append((day, amount))
        period = Period(found)
    routes = sorted(get_routes(engagement_id=engagement_id), key=lambda route: not route.is_new)
    return RouteRegister(period, tuple(_row(one, tuple(volumes[one.pk]), today) for one in routes))


def _row(route: WorkRoute, volumes: tuple[tuple[date, int], ...], today: date) -> RouteRow:
    planned, shut = route.shut_off_date, route.shut_date
    is_shut = shut is not None and shut <= today
    return RouteRow(
        id=route.pk,
        name=route.name,
        kind=route.kind,
        kind_label=route.get_kind_display(),
        is_new=route.is_new,
        shut_off_date=planned,
        shut_date=shut,
        overdue=planned is not None and planned < today and not is_shut,
        owner=route.owner_name,
        note=route.note,
        volumes=volumes,
    )
