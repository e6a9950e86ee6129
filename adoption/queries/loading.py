"""Reads of what a plan asks of its resources, and of what levelling would do about it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F

from adoption.loading import Booked, Demand, Levelled, Loads, Need, Overload, level
from adoption.models import Assignment, Plan, Resource
from adoption.queries.resources import ResourceRow, get_resources
from adoption.queries.stored import StoredRow, StoredSchedule, get_schedule
from adoption.scheduling import Axis, Schedule

# So many bars fit beside a name; a longer plan is shown by the week.
MOST_DAYS, MOST_WEEKS = 70, 130
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class PackageName:
    id: UUID
    outline: str
    name: str


@dataclass(frozen=True, slots=True)
class OverloadRow:
    """Somebody who is asked for more than there is: when, how much, and by which packages.

    `elsewhere` names customers whose plans ask for the same resource at that time.
    """

    resource_id: UUID
    resource: str
    start: datetime
    finish: datetime
    days: float
    peak: float
    capacity: float
    packages: tuple[PackageName, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A resource with the most that is asked of it in each part of the time shown, in units."""

    resource: ResourceRow
    packages: int
    days: float
    peaks: tuple[float, ...]
    overloads: int

    @property
    def busiest(self) -> float:
        return max(self.peaks, default=0.0)


@dataclass(frozen=True, slots=True)
class LoadingView:
    """What the open work of a plan asks of its resources. `parts` are the first days of the
    days or weeks shown."""

    rows: tuple[LoadRow, ...]
    overloads: tuple[OverloadRow, ...]
    parts: tuple[date, ...]
    by_week: bool
    has_plan: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A package that levelling would put elsewhere; `waits` itself, or follows one that does."""

    package: PackageName
    uid: str
    start: datetime
    to: datetime
    days: float
    waits: bool
    float_days: float
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevellingView:
    """What levelling would do; nothing of it is done. `not_before` is by uid.

    `unseen` packages need something that the asker may not see; that is not reckoned with.
    """

    version: int
    moved: tuple[MovedRow, ...]
    not_before: Mapping[str, datetime]
    solved: int
    remaining: tuple[OverloadRow, ...]
    finish: datetime
    finish_after: datetime
    finish_days: float
    as_of: date
    unseen: int = 0

    @property
    def fingerprint(self) -> str:
        """Of the dates it would set: whoever takes it over says which ones they saw."""
        text = " ".join(f"{uid} {moment}" for uid, moment in sorted(self.not_before.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A plan with its schedule, its resources and what it asks of them."""

    stored: StoredSchedule
    resources: Mapping[str, ResourceRow]
    demand: Demand
    since: int
    names: Mapping[str, StoredRow]

    @property
    def day(self) -> int:
        return self.stored.schedule.plan.calendar.day_minutes

    @property
    def schedule(self) -> Schedule:
        return self.stored.schedule


def get_loading(
    *, engagement_id: UUID, today: date, rows: Sequence[ResourceRow] | None = None
) -> LoadingView:
    """Every resource of the engagement, or the given ones, with what is asked of it from today."""
    resources = get_resources(engagement_id=engagement_id) if rows is None else rows
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        empty = tuple(LoadRow(row, 0, 0.0, (), 0) for row in resources)
        return LoadingView(empty, (), (), False, False, today)
    asked = _asked(plan, resources, today)
    loads = asked.demand.loads(asked.schedule)
    overloads = loads.overloads(since=asked.since)
    parts, by_week = _parts(asked.schedule, today)
    return LoadingView(
        rows=_load_rows(asked, loads, overloads, parts, resources),
        overloads=tuple(_overload_row(asked, one) for one in overloads),
        parts=parts[:-1],
        by_week=by_week,
        has_plan=True,
        as_of=today,
    )


def get_levelling(*, plan: Plan, today: date) -> LevellingView:
    """What would have to wait so that nobody is asked for more than there is."""
    asked = _asked(plan, get_resources(engagement_id=plan.engagement_id), today)
    found = level(asked.schedule, asked.demand, since=asked.since)
    rows = asked.names
    return LevellingView(
        version=plan.version,
        moved=_moved_rows(asked, found, rows),
        not_before={rows[key].uid: moment for key, moment in found.not_before.items()},
        solved=found.solved,
        remaining=tuple(_overload_row(asked, one) for one in found.remaining),
        finish=found.before.finish,
        finish_after=found.after.finish,
        finish_days=found.finish_minutes / asked.day,
        as_of=today,
        unseen=_unseen(asked.stored.rows),
    )


def _unseen(rows: Iterable[StoredRow]) -> int:
    """Open packages that need something which is not told to whoever asks."""
    told = Resource.objects.values("pk")
    open_ones = Assignment.objects.filter(
        package__in=[row.pk for row in rows if row.done_percent < 100]
    )
    return open_ones.exclude(resource_id__in=told).values("package").distinct().count()


def _asked(plan: Plan, resources: Iterable[ResourceRow], today: date) -> _Asked:
    stored = get_schedule(plan=plan)
    known = {str(row.id): row for row in resources}
    packages = [row.pk for row in stored.rows]
    needs = Assignment.objects.filter(package__in=packages, resource_id__in=[*known])
    demand = Demand(
        needs=tuple(
            Need(str(package), str(resource), round(units * _HUNDREDTHS))
            for package, resource, units in needs.values_list("package_id", "resource_id", "units")
        ),
        capacities={key: round(row.capacity * _HUNDREDTHS) for key, row in known.items()},
        booked=booked_elsewhere(
            plan.engagement_id,
            stored.schedule.axis,
            [row.id for row in known.values() if row.is_shared],
        ),
        priorities={str(row.pk): row.priority for row in stored.rows},
    )
    midnight = datetime.combine(today, time())
    since = max(0, stored.schedule.axis.point(midnight))
    return _Asked(stored, known, demand, since, {str(row.pk): row for row in stored.rows})


def booked_elsewhere(engagement_id: UUID, axis: Axis, shared: Sequence[UUID]) -> tuple[Booked, ...]:
    """What plans of other engagements than this ask of resources that are shared."""
    if not shared:
        return ()
    rows = (
        Assignment.objects.filter(
            resource_id__in=shared,
            package__plan__what_if_of=None,
            package__plan__engagement__archived_at=None,
            package__done_percent__lt=100,
        )
        .exclude(package__plan__engagement_id=engagement_id)
        .values_list(
            "resource_id",
            "package__start",
            "package__finish",
            "units",
            F("package__plan__engagement__customer__name"),
        )
    )
    point = axis.point
    return tuple(
        Booked(str(who), point(start), point(finish), round(units * _HUNDREDTHS), name)
        for who, start, finish, units, name in rows
    )


def _parts(schedule: Schedule, today: date) -> tuple[tuple[date, ...], bool]:
    """First days of the working days or weeks from today to the finish, and the day after."""
    calendar, last = schedule.plan.calendar, schedule.finish.date()
    first = max(today, schedule.start.date())
    length = (last - first).days + 1
    days = [first + timedelta(days=n) for n in range(min(max(length, 1), 7 * MOST_WEEKS))]
    worked = [day for day in days if calendar.on(day)]
    if len(worked) <= MOST_DAYS:
        return (*worked, days[-1] + timedelta(days=1)), False
    mondays = [day for day in days if day.weekday() == 0 or day == first]
    return (*mondays, days[-1] + timedelta(days=1)), True


def _load_rows(
    asked: _Asked,
    loads: Loads,
    overloads: Sequence[Overload],
    parts: Sequence[date],
    resources: Iterable[ResourceRow],
) -> tuple[LoadRow, ...]:
    point = asked.schedule.axis.point
    edges = [point(datetime.combine(day, time())) for day in parts]
    packages = Counter(need.resource for need in asked.demand.needs)
    too_much = Counter(one.resource for one in overloads)
    return tuple(
        LoadRow(
            resource=row,
            packages=packages[str(row.id)],
            days=loads.minutes(str(row.id), since=asked.since) / asked.day,
            peaks=tuple(peak / _HUNDREDTHS for peak in loads.peaks(str(row.id), edges)),
            overloads=too_much[str(row.id)],
        )
        for row in resources
    )


def _overload_row(asked: _Asked, one: Overload) -> OverloadRow:
    axis, names = asked.schedule.axis, asked.names
    resource = asked.resources[one.resource]
    return OverloadRow(
        resource_id=resource.id,
        resource=resource.name,
        start=axis.begins(one.start),
        finish=axis.ends(one.finish),
        days=(one.finish - one.start) / asked.day,
        peak=one.peak / _HUNDREDTHS,
        capacity=one.capacity / _HUNDREDTHS,
        packages=tuple(_named(row) for key in one.packages if (row := names.get(key)) is not None),
        elsewhere=one.elsewhere,
    )


def _named(row: StoredRow) -> PackageName:
    return PackageName(row.pk, row.outline, row.name)


def _moved_rows(
    asked: _Asked, found: Levelled, rows: Mapping[str, StoredRow]
) -> tuple[MovedRow, ...]:
    needed: dict[str, list[str]] = {}
    for need in asked.demand.needs:
        needed.setdefault(need.package, []).append(asked.resources[need.resource].name)
    return tuple(
        MovedRow(
            package=_named(rows[one.key]),
            uid=rows[one.key].uid,
            start=one.start,
            to=one.to,
            days=one.minutes / asked.day,
            waits=one.waits,
            float_days=one.float_left / asked.day,
            resources=tuple(sorted(needed.get(one.key, ()))),
        )
        for one in found.moved
    )
