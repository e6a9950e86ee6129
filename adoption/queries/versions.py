"""Reads of plans as they stood: baselines, what-ifs, and what differs between two versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from adoption.adapters.calendars import calendar_from_json
from adoption.comparison import (
    Comparison,
    Version,
    VersionLink,
    VersionRow,
    compare,
    from_contents,
    spans_of,
)
from adoption.models import Baseline, Dependency, Plan, PlanChange, WorkPackage
from adoption.scheduling import Axis

LIVE, WEEK = "live", "week"
# A copy of this age at least is meant by "last week".
_WEEK_BACK = timedelta(days=5)
_COLUMNS = (
    "uid",
    "parent_id",
    "outline",
    "name",
    "is_summary",
    "duration",
    "elapsed",
    "effort",
    "budget",
    "start",
    "finish",
    "critical",
    "done_percent",
    "actual_start",
    "actual_finish",
    "constraint",
    "constraint_at",
)


@dataclass(frozen=True, slots=True)
class BaselineView:
    """A baseline. `later_days`: working days by which the live plan now ends later than it."""

    id: UUID
    name: str
    kind: str
    kind_words: str
    day: date
    taken_at: datetime
    taken_by: str
    chosen: bool
    start: datetime
    finish: datetime
    packages: int
    later_days: float


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """A copy to try things on. `later_days`: working days by which it ends later than the live
    plan; `changes` its own, `live_changes` those of the live plan since it was copied."""

    id: UUID
    name: str
    copied_at: datetime
    copied_by: str
    finish: datetime
    later_days: float
    changes: int
    live_changes: int


@dataclass(frozen=True, slots=True)
class VersionsView:
    """All versions of a plan; the weekly copies are not listed, `weeks` counts them."""

    plan_id: UUID
    name: str
    finish: datetime
    baselines: tuple[BaselineView, ...]
    what_ifs: tuple[WhatIfView, ...]
    weeks: int


@dataclass(frozen=True, slots=True)
class VersionNames:
    """What there is to compare: ids and names of baselines (with their days) and what-ifs."""

    baselines: tuple[tuple[UUID, str, date], ...]
    what_ifs: tuple[tuple[UUID, str], ...]
    chosen: UUID | None


@dataclass(frozen=True, slots=True)
class NamedVersion:
    """One side of a comparison: `key` is `live`, `week` or an id; `day` when it stood so."""

    key: str
    kind: str
    name: str
    day: date | None
    version: Version


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two versions of an engagement's plan, compared on the live plan's calendar."""

    plan_id: UUID
    before: NamedVersion
    after: NamedVersion
    found: Comparison


@dataclass(frozen=True, slots=True)
class StripView:
    """What changed since the day given; `found` compares that day with now."""

    since: date
    found: Comparison


def get_version(*, plan: Plan) -> Version:
    """A stored plan as it stands, in two statements."""
    return get_versions_of(plans=[plan])[plan.pk]


def get_versions_of(*, plans: Sequence[Plan]) -> dict[UUID, Version]:
    """Many stored plans as they stand, in two statements."""
    ids = [plan.pk for plan in plans]
    rows = WorkPackage.objects.filter(plan__in=ids).order_by("plan", "position")
    links = Dependency.objects.filter(plan__in=ids)
    return _versions(
        ids,
        rows.values_list("plan_id", "pk", *_COLUMNS),
        links.values_list("plan_id", "before_id", "after_id", "type", "lag", "elapsed"),
    )


def _versions(
    ids: Iterable[UUID], rows: Iterable[Any], links: Iterable[Any]
) -> dict[UUID, Version]:
    packages: dict[UUID, list[Any]] = defaultdict(list)
    waits: dict[UUID, list[Any]] = defaultdict(list)
    uids: dict[UUID | None, str | None] = {None: None}
    for plan_id, pk, *values in rows:
        packages[plan_id].append(values)
        uids[pk] = values[0]
    for plan_id, before, after, *rest in links:
        waits[plan_id].append(VersionLink(str(uids[before]), str(uids[after]), *rest))
    return {
        plan_id: Version(
            tuple(_row(values, uids) for values in packages[plan_id]), tuple(waits[plan_id])
        )
        for plan_id in ids
    }


def _row(values: Sequence[Any], uids: Mapping[UUID | None, str | None]) -> VersionRow:
    row = VersionRow(*values)
    budget = None if row.budget is None else str(row.budget)
    parent: Any = row.parent
    return row._replace(parent=uids[parent], budget=budget)


def get_versions(*, engagement_id: UUID) -> VersionsView | None:
    """The baselines and what-ifs of an engagement's plan, newest first; None without a plan."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    calendar = calendar_from_json(plan.calendar)
    axis, day = Axis(calendar, plan.start), calendar.day_minutes
    ends = axis.point(plan.finish)
    kept = Baseline.objects.filter(plan=plan, dropped_at=None).defer("contents")
    listed = kept.exclude(kind=Baseline.Kind.WEEK).select_related("taken_by")
    return VersionsView(
        plan_id=plan.pk,
        name=plan.name,
        finish=plan.finish,
        baselines=tuple(_baseline(row, (ends - axis.point(row.finish)) / day) for row in listed),
        what_ifs=_what_ifs(plan, axis),
        weeks=kept.filter(kind=Baseline.Kind.WEEK).count(),
    )


def _baseline(row: Baseline, later_days: float) -> BaselineView:
    return BaselineView(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        day=row.day,
        taken_at=row.taken_at,
        taken_by=str(row.taken_by or ""),
        chosen=row.chosen,
        start=row.start,
        finish=row.finish,
        packages=row.packages,
        later_days=later_days,
    )


def _what_ifs(plan: Plan, axis: Axis) -> tuple[WhatIfView, ...]:
    rows = list(
        Plan.every.filter(what_if_of=plan, dropped_at=None)
        .select_related("copied_by")
        .order_by("-copied_at", "pk")
    )
    counts = PlanChange.objects.filter(plan__in=[row.pk for row in rows]).order_by()
    changes = dict(counts.values_list("plan").annotate(Count("pk"))) if rows else {}
    day, ends = axis.calendar.day_minutes, axis.point(plan.finish)
    return tuple(
        WhatIfView(
            id=row.pk,
            name=row.name,
            copied_at=row.copied_at or row.imported_at,
            copied_by=str(row.copied_by or ""),
            finish=row.finish,
            later_days=(axis.point(row.finish) - ends) / day,
            changes=changes.get(row.pk, 0),
            live_changes=plan.version - (row.copied_version or plan.version),
        )
        for row in rows
    )


def get_version_names(*, engagement_id: UUID) -> VersionNames | None:
    """The versions of an engagement's plan by name, newest first; None without a plan."""
    plan = Plan.objects.only("pk").filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    kept = Baseline.objects.filter(plan=plan, dropped_at=None).exclude(kind=Baseline.Kind.WEEK)
    rows = list(kept.values_list("pk", "name", "day", "chosen"))
    copies = Plan.every.filter(what_if_of=plan, dropped_at=None).order_by("-copied_at", "pk")
    return VersionNames(
        baselines=tuple((pk, name, day) for pk, name, day, _chosen in rows),
        what_ifs=tuple(copies.values_list("pk", "name")),
        chosen=next((pk for pk, _name, _day, chosen in rows if chosen), None),
    )


def get_comparison(
    *, engagement_id: UUID, before: str, after: str, today: date, what_ifs: bool = True
) -> ComparisonView | None:
    """Two versions of a plan compared; None without a plan, or where a version is not known.

    A version is `live`, `week` (as the plan stood a week ago) or the id of a baseline or, where
    `what_ifs` may be seen, of a what-if.
    """
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    found = _Found(plan, today, (before, after), what_ifs=what_ifs)
    one, other = found.named(before), found.named(after)
    if one is None or other is None:
        return None
    return ComparisonView(
        plan_id=plan.pk,
        before=one,
        after=other,
        found=compare(one.version, other.version, calendar=calendar_from_json(plan.calendar)),
    )


class _Found:
    """The versions that some keys name, read together."""

    def __init__(self, plan: Plan, today: date, keys: Sequence[str], *, what_ifs: bool) -> None:
        self.plan, self.today = plan, today
        ids = {row_id for key in keys if (row_id := _id(key)) is not None}
        copies = Plan.every.filter(what_if_of=plan, dropped_at=None, pk__in=ids)
        self.copies = {str(row.pk): row for row in copies} if what_ifs and ids else {}
        kept = Baseline.objects.filter(plan=plan, dropped_at=None, pk__in=ids)
        others = len(ids) > len(self.copies)
        self.baselines = {str(row.pk): row for row in kept} if others else {}
        plans = [plan, *self.copies.values()] if LIVE in keys else [*self.copies.values()]
        self.versions = get_versions_of(plans=plans) if plans else {}

    def named(self, key: str) -> NamedVersion | None:
        key = str(_id(key) or key)
        if key == LIVE:
            return NamedVersion(LIVE, LIVE, "", self.today, self.versions[self.plan.pk])
        if key == WEEK:
            week = _last_week(self.plan.pk, self.today)
            return _named_baseline(week, WEEK) if week else None
        if key in self.copies:
            copy = self.copies[key]
            return NamedVersion(key, "what_if", copy.name, None, self.versions[copy.pk])
        row = self.baselines.get(key)
        return _named_baseline(row, key) if row else None


def _id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _named_baseline(row: Baseline, key: str) -> NamedVersion:
    return NamedVersion(key, row.kind, row.name, row.day, from_contents(row.contents))


def last_week_of(today: date) -> date:
    """The end of the last week that is some days past: the Sunday at least five days before."""
    day = today - _WEEK_BACK
    return day - timedelta(days=day.isoweekday() % 7)


def _last_week(plan_id: UUID, today: date) -> Baseline | None:
    """A week in which nothing changed keeps no copy: the one before still stands for it."""
    weeks = Baseline.objects.filter(plan=plan_id, kind=Baseline.Kind.WEEK)
    return weeks.filter(day__lte=last_week_of(today)).order_by("-day").first()


def get_strip(*, plan_id: UUID, today: date) -> StripView | None:
    """What changed in a live plan since last week; None where it was not known then."""
    week = _last_week(plan_id, today)
    if week is None:
        return None
    plan = Plan.objects.get(pk=plan_id)
    then, now = from_contents(week.contents), get_version(plan=plan)
    found = compare(then, now, calendar=calendar_from_json(plan.calendar))
    return StripView(since=last_week_of(today), found=found)


def get_ghosts(*, plan_id: UUID) -> dict[str, tuple[datetime, datetime]]:
    """Where the chosen baseline has each row, start and finish by uid; empty without one."""
    row = Baseline.objects.filter(plan=plan_id, chosen=True).only("contents").first()
    if row is None:
        return {}
    return spans_of(row.contents)
