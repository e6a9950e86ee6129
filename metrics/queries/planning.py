"""When each measure of an engagement is read, what that costs, and what is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from adoption.models import WorkPackage
from metrics.cadence import (
    NEAR_FLOAT,
    Cadence,
    Due,
    ItemLoad,
    Load,
    Planned,
    default_cadence,
    due,
    load_of,
    with_cadences,
)
from metrics.definitions import Source
from metrics.models import Agreement, Measure, Milestone, Reading
from metrics.queries.details import get_measures
from metrics.queries.places import Place, get_places_of

MINUTES_A_DAY = 480
AHEAD = timedelta(days=90)
LONGEST = timedelta(days=365)
NEVER_LATE = Due(None, None)


@dataclass(frozen=True, slots=True)
class Work:
    """What the schedule says of the work a measure is about; float in working days."""

    start: date
    finish: date
    total_float: float
    critical: bool
    uncertainty: float


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One measure in the plan of measurement.

    `usual` is how often the plan suggests, `cadence` what holds; `wished` is the what-if's.
    """

    id: UUID
    name: str
    place: Place
    planned: Planned
    usual: Cadence
    chosen: bool
    automatic: bool
    reader: str
    reader_id: UUID | None
    reported_in: str
    last_read: date | None
    due: Due
    critical: bool
    near: bool
    days_missing: int
    readings: int
    wished: Cadence
    wished_readings: int

    @property
    def cadence(self) -> Cadence:
        return self.planned.cadence


@dataclass(frozen=True, slots=True)
class MeasurementPlan:
    """The plan of measurement of an engagement for the next 90 days, as it is and as wished."""

    lines: tuple[PlanLine, ...]
    load: Load
    wished: Load
    today: date

    @property
    def is_what_if(self) -> bool:
        return any(line.wished is not line.cadence for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.due.missing_since is not None for line in self.lines)

    @property
    def unreported(self) -> int:
        return sum(not line.reported_in for line in self.lines)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of measures beside their rows, by their ids."""

    places: Mapping[UUID, Place]
    work: Mapping[tuple[UUID, str], Work]
    agreements: Mapping[UUID, Agreement]
    goals: Mapping[UUID, tuple[date, ...]]
    last_read: Mapping[UUID, date]


def get_measurement_plan(
    *, engagement_id: UUID, today: date, wished: Mapping[str, Cadence] | None = None
) -> MeasurementPlan:
    """`wished` are cadences to try on, by the measure's id. Costs the same for one and for many."""
    rows = list(get_measures(engagement_id=engagement_id))
    lines = plan_lines(rows, today)
    plan = [line.planned for line in lines]
    end = today + AHEAD
    now = load_of(plan, start=today, end=end)
    tried = with_cadences(plan, wished or {})
    then = load_of(tried, start=today, end=end)
    counts = {item.key: item.readings for item in now.items}
    wishes = {item.key: item for item in then.items}
    return MeasurementPlan(
        lines=tuple(_with_load(line, counts, wishes) for line in lines),
        load=now,
        wished=then,
        today=today,
    )


def _with_load(
    line: PlanLine, counts: Mapping[str, int], wishes: Mapping[str, ItemLoad]
) -> PlanLine:
    key = line.planned.key
    wish = wishes[key]
    return replace(line, readings=counts[key], wished=wish.cadence, wished_readings=wish.readings)


def plan_lines(rows: Sequence[Measure], today: date) -> list[PlanLine]:
    """A line for each of the measures, in their order; of measures of any engagements."""
    facts = _facts(rows)
    return [_line(row, facts, today) for row in rows]


def _facts(rows: Sequence[Measure]) -> Facts:
    agreed = Agreement.objects.filter(measure__in=rows).order_by("agreed_date", "id")
    agreements = {row.measure_id: row for row in agreed}
    goals: dict[UUID, tuple[date, ...]] = {}
    of_agreement = {row.pk: key for key, row in agreements.items()}
    found = Milestone.objects.filter(agreement__in=of_agreement)
    for agreement_id, day in found.values_list("agreement_id", "due_date"):
        key = of_agreement[agreement_id]
        goals[key] = (*goals.get(key, ()), day)
    newest = Reading.objects.filter(measure__in=rows).order_by()
    return Facts(
        places=get_places_of(rows=rows),
        work=_work(rows),
        agreements=agreements,
        goals=goals,
        last_read=dict(newest.values_list("measure_id").annotate(Max("day"))),
    )


def _work(rows: Iterable[Measure]) -> dict[tuple[UUID, str], Work]:
    asked = {row.engagement_id for row in rows if row.about == Measure.About.PACKAGE}
    uids = {row.about_key for row in rows if row.about == Measure.About.PACKAGE}
    if not asked:
        return {}
    packages = packages_of(asked).filter(uid__in=uids)
    return {(row.plan.engagement_id, row.uid): work_of(row) for row in packages}


def packages_of(engagement_ids: Iterable[UUID]) -> QuerySet[WorkPackage]:
    """The rows of live plans that are work of their own."""
    return WorkPackage.objects.filter(
        plan__engagement_id__in=list(engagement_ids), plan__what_if_of=None
    ).select_related("plan")


def work_of(row: WorkPackage) -> Work:
    span = 0.0
    if row.optimistic is not None and row.pessimistic is not None and row.duration:
        span = (row.pessimistic - row.optimistic) / row.duration
    return Work(
        start=_day(row.start),
        finish=_day(row.finish),
        total_float=row.total_float / MINUTES_A_DAY,
        critical=row.critical,
        uncertainty=span,
    )


def _day(moment: datetime) -> date:
    return moment.date()


def _line(row: Measure, facts: Facts, today: date) -> PlanLine:
    work = facts.work.get((row.engagement_id, row.about_key))
    automatic = row.definition.source is Source.USAGE
    planned, usual = _planned(row, facts, work, today)
    last = facts.last_read.get(row.pk)
    waits = NEVER_LATE if automatic else due(planned, last_read=last, today=today)
    return PlanLine(
        id=row.pk,
        name=row.definition.label,
        place=facts.places[row.pk],
        planned=planned,
        usual=usual,
        chosen=bool(row.cadence) and not automatic,
        automatic=automatic,
        reader=str(row.reader or ""),
        reader_id=row.reader_id,
        reported_in=row.reported_in,
        last_read=last,
        due=waits,
        critical=work is not None and work.critical,
        near=work is not None and not work.critical and work.total_float <= NEAR_FLOAT,
        days_missing=waits.days_missing(today),
        readings=0,
        wished=planned.cadence,
        wished_readings=0,
    )


def _planned(row: Measure, facts: Facts, work: Work | None, today: date) -> tuple[Planned, Cadence]:
    """The measure in the plan, and how often it would be read if nobody had decided."""
    definition = row.definition
    automatic = definition.source is Source.USAGE
    start, end = _span(row, facts.agreements.get(row.pk), work, today)
    usual = Cadence.DAILY if automatic else _usual(start, end, work)
    minutes = definition.minutes if row.minutes is None else row.minutes
    planned = Planned(
        key=str(row.pk),
        cadence=Cadence(row.cadence) if row.cadence and not automatic else usual,
        start=start,
        end=end,
        minutes=0 if automatic else minutes,
        achievements=facts.goals.get(row.pk, ()),
    )
    return planned, usual


def _usual(start: date, end: date, work: Work | None) -> Cadence:
    days = (end - start).days
    if work is None:
        return default_cadence(days=days)
    return default_cadence(
        days=(work.finish - work.start).days,
        total_float=work.total_float,
        is_critical=work.critical,
        uncertainty=work.uncertainty,
    )


def _span(
    row: Measure, agreement: Agreement | None, work: Work | None, today: date
) -> tuple[date, date]:
    """From when until when it is read: as agreed, else as the work goes, else for a year.

    Nobody could read it before it was a measure.
    """
    made = row.created_at.astimezone(row.customer.zone).date()
    start = agreement.baseline_date if agreement else (work.start if work else made)
    end = agreement.deadline if agreement else (work.finish if work else None)
    if end is None:
        end = row.engagement.sign_off_date or today + LONGEST
    start = max(start, made)
    return start, max(start, end)
