"""Planned against done over time, and when the plan is likely to be finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from adoption.models import Plan, PlanProgress
from adoption.progress import (
    PlanOutlook,
    Point,
    done_course,
    look_ahead,
    percent_at,
    planned_course,
)
from adoption.queries.stored import StoredSchedule, get_schedule
from adoption.scheduling import Axis
from adoption.scheduling.axis import OutOfReach, moment_of

RECENT_DAYS = 28
FEWEST_DAYS = 4
# Apart by more than this, what was planned on a day and what is planned for it now are two plans.
CHANGED_BY = 1.0
_MOST_POINTS = 140
_FARTHEST = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Percent of all work at the end of a day; `recorded` where it was noted on that day."""

    day: date
    percent: float
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class AheadPoint:
    """A day of the forecast: the line and the range that holds eight times out of ten."""

    day: date
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CurveView:
    """What the page, its chart and its CSV share. Percents are 0 to 100 of all work.

    `planned` follows the plan as it is written, without progress. `behind_days` is the time by
    which done lags planned, in working days, negative when ahead; `recent` and `cautious` are the
    days the recent slope and earned schedule reach 100; `changed` is the last day on which
    another plan was in force.
    """

    as_of: date
    planned: tuple[CurvePoint, ...]
    done: tuple[CurvePoint, ...]
    ahead: tuple[AheadPoint, ...]
    planned_now: float
    done_now: float
    behind_days: float | None
    index: float | None
    recent: date | None
    cautious: date | None
    planned_finish: date
    scheduled_finish: date
    trend_from: date | None
    changed: date | None
    recorded_from: date | None
    scheduled_at: datetime

    @property
    def finishes(self) -> tuple[date, date] | None:
        """The earlier and the later of both forecasts; None without any."""
        found = [day for day in (self.recent, self.cautious) if day is not None]
        return (min(found), max(found)) if found else None

    @property
    def ahead_days(self) -> float | None:
        return None if self.behind_days is None else -self.behind_days

    @property
    def is_done(self) -> bool:
        return self.done_now >= 100


def get_curve(*, engagement_id: UUID, now: datetime) -> CurveView | None:
    """The curve of an engagement's plan at a local moment; None without a plan or any work in it."""
    plan = Plan.objects.filter(engagement_id=engagement_id).first()
    if plan is None:
        return None
    return curve_until(get_schedule(plan=plan), now=now)


def curve_until(stored: StoredSchedule, *, now: datetime) -> CurveView | None:
    """The same of a schedule that was read already."""
    if not len(stored.schedule):
        return None
    kept = PlanProgress.objects.filter(plan=stored.plan, day__lt=now.date()).order_by("day")
    return curve_of(stored, list(kept), now=now)


def curve_of(stored: StoredSchedule, kept: Sequence[PlanProgress], *, now: datetime) -> CurveView:
    """The curve of a schedule with what was kept of each day before `now`, in order."""
    schedule, axis = stored.schedule, stored.schedule.axis
    planned = planned_course(schedule.plan)
    at = axis.point(now)
    reckoned = done_course(schedule, at=at)
    done = _done(axis, reckoned, kept, start=schedule.start.date(), now=now)
    changed = _changed(axis, planned, kept)
    trend_from = _trend_from(done, changed)
    points = [(_ends(axis, point.day), point.percent) for point in done[:-1]]
    points.append((float(at), done[-1].percent))
    since = _ends(axis, trend_from) if trend_from else float("-inf")
    found = look_ahead(planned, points, since=since)
    day = schedule.plan.calendar.day_minutes
    return CurveView(
        as_of=now.date(),
        planned=_sampled(axis, planned),
        done=tuple(done),
        ahead=_ahead(axis, found),
        planned_now=percent_at(planned, at),
        done_now=done[-1].percent,
        behind_days=None if found is None or found.behind is None else found.behind / day,
        index=None if found is None or found.earned is None else found.earned.index,
        recent=_day(axis, found.recent, now) if found else None,
        cautious=_day(axis, found.cautious, now) if found else None,
        planned_finish=moment_of(axis.end_instant(round(planned[-1][0]))).date(),
        scheduled_finish=stored.plan.finish.date(),
        trend_from=trend_from if found is not None and found.trend is not None else None,
        changed=changed,
        recorded_from=kept[0].day if kept else None,
        scheduled_at=stored.plan.scheduled_at,
    )


def _ends(axis: Axis, day: date) -> float:
    """The point at the end of a day."""
    return float(axis.point(datetime.combine(day + timedelta(days=1), time())))


def _done(
    axis: Axis,
    reckoned: Sequence[Point],
    kept: Iterable[PlanProgress],
    *,
    start: date,
    now: datetime,
) -> list[CurvePoint]:
    """A point a day: as it was kept on that day, else reckoned from actual starts and finishes."""
    noted = {row.day: row.done_percent for row in kept}
    first, today = min(start, *noted, now.date()), now.date()
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    found = [
        CurvePoint(day, noted[day], recorded=True)
        if day in noted
        else CurvePoint(day, percent_at(reckoned, _ends(axis, day)))
        for day in days
    ]
    return [*found, CurvePoint(today, reckoned[-1][1] if reckoned else 0.0)]


def _changed(axis: Axis, planned: Sequence[Point], kept: Iterable[PlanProgress]) -> date | None:
    """The last day that was kept under another plan than the one in force."""
    other = [
        row.day
        for row in kept
        if abs(row.planned_percent - percent_at(planned, _ends(axis, row.day))) > CHANGED_BY
    ]
    return other[-1] if other else None


def _trend_from(done: Sequence[CurvePoint], changed: date | None) -> date | None:
    """Four weeks or four days back, whichever is longer, but not before the plan was changed."""
    recent = min(
        done[-1].day - timedelta(days=RECENT_DAYS), done[-min(FEWEST_DAYS, len(done)) :][0].day
    )
    if changed is not None:
        recent = max(recent, changed + timedelta(days=1))
    return max(recent, done[0].day)


def _sampled(axis: Axis, course: Sequence[Point]) -> tuple[CurvePoint, ...]:
    """A course as days: every one of a short plan, evenly spread ones of a long plan."""
    first = moment_of(axis.start_instant(round(course[0][0]))).date()
    last = moment_of(axis.end_instant(round(course[-1][0]))).date()
    step = max(1, -(-(last - first).days // _MOST_POINTS))
    days = [first + timedelta(days=n) for n in range(0, (last - first).days, step)]
    before = CurvePoint(first - timedelta(days=1), 0.0)
    return (
        before,
        *(CurvePoint(day, percent_at(course, _ends(axis, day))) for day in days),
        CurvePoint(last, 100.0),
    )


def _ahead(axis: Axis, found: PlanOutlook | None) -> tuple[AheadPoint, ...]:
    """The steps of the outlook by day; where several fall on a day, the last."""
    days: dict[date, AheadPoint] = {}
    for step in found.steps if found else ():
        try:
            day = moment_of(axis.end_instant(round(step.at))).date()
        except OutOfReach:
            break
        days[day] = AheadPoint(day, step.percent, step.low, step.high)
    return tuple(days.values())


def _day(axis: Axis, point: float | None, now: datetime) -> date | None:
    """The day of a point; None for none, and for one more than three years off."""
    if point is None:
        return None
    try:
        day = moment_of(axis.end_instant(round(point))).date()
    except OutOfReach:
        return None
    return day if day - now.date() <= _FARTHEST else None
