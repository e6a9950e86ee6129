"""Reads of measures, as values that page, table, chart, CSV and API share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from metrics import definitions
from metrics.definitions import Event, Source
from metrics.models import Agreement, Measure, Milestone, Reading
from metrics.narrative.story import Report, report
from usage.queries import get_day_range

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeasureDetail:
    """A measure with everything its page, chart, CSV and API show.

    changed_at is when its readings or its agreement last changed: the same moment, the same page.
    """

    id: UUID
    engagement_id: UUID
    engagement_key: str
    customer_id: UUID
    told: Report
    start_date: date | None
    changed_at: datetime

    @property
    def baseline_is_late(self) -> bool:
        """True when the baseline was taken after the engagement had begun to change something."""
        baseline = self.told.measure.baseline
        return (
            baseline is not None and self.start_date is not None and baseline.day > self.start_date
        )


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """A measure as a line of an overview."""

    id: UUID
    name: str
    unit: str
    value: float | None
    target: float | None
    deadline: date | None
    progress: float | None
    state: str
    status: str
    finding: str
    as_of: date


def get_measures(*, engagement_id: UUID | None = None) -> QuerySet[Measure]:
    """Measures with their engagement and customer, of one engagement or of all."""
    rows = Measure.objects.select_related("engagement__lead", "customer")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_measure(*, measure_id: UUID, today: date) -> MeasureDetail:
    """A measure as it stands on its last closed day. Raises Measure.DoesNotExist."""
    return get_details(rows=[get_measures().get(pk=measure_id)], today=today)[0]


def get_measure_cards(*, engagement_id: UUID, today: date) -> tuple[MeasureCard, ...]:
    """The measures of an engagement, oldest first."""
    details = get_details(rows=list(get_measures(engagement_id=engagement_id)), today=today)
    return tuple(_card(detail) for detail in details)


def _card(detail: MeasureDetail) -> MeasureCard:
    measure, story = detail.told.measure, detail.told.story
    return MeasureCard(
        id=detail.id,
        name=measure.definition.label,
        unit=measure.definition.unit,
        value=None if measure.latest is None else measure.latest.amount,
        target=None if measure.target is None else measure.target.amount,
        deadline=None if measure.target is None else measure.target.deadline,
        progress=detail.told.standing.progress,
        state=story.state.value,
        status=story.status,
        finding=story.finding,
        as_of=measure.as_of,
    )


def get_measured_engagement_ids() -> set[UUID]:
    """Engagements with a target that both sides agreed."""
    return set(Agreement.objects.values_list("measure__engagement_id", flat=True))


def get_agreements(*, measure_id: UUID) -> list[Agreement]:
    """Everything agreed about a measure, the newest first, with its milestones loaded."""
    rows = Agreement.objects.filter(measure_id=measure_id).select_related("for_vendor")
    return list(rows.prefetch_related("milestones").order_by("-agreed_date", "-id"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an agreement form starts with: what is in force, or what the engagement suggests."""

    baseline_amount: float | None
    baseline_date: date
    agreed_date: date
    for_customer: str
    baseline_note: str = ""
    quality: str = ""
    amount: float | None = None
    deadline: date | None = None
    milestones: tuple[definitions.Milestone, ...] = ()


def get_proposal(*, measure: Measure, today: date) -> Proposal:
    """The terms to start from when baseline and target of a measure are agreed, or agreed anew.

    Without an agreement the baseline is the last reading before the engagement began.
    """
    told = get_details(rows=[measure], today=today)[0].told.measure
    engagement = measure.engagement
    begun = engagement.start_date or engagement.go_live_date or today
    before = [reading for reading in told.readings if reading.day < begun]
    first = Proposal(
        baseline_amount=before[-1].amount if before else None,
        baseline_date=before[-1].day if before else min(begun, today) - ONE_DAY,
        agreed_date=today,
        for_customer=str(engagement.lead or ""),
        deadline=engagement.sign_off_date,
    )
    if told.baseline is None or told.target is None:
        return first
    return replace(
        first,
        baseline_amount=told.baseline.amount,
        baseline_date=told.baseline.day,
        baseline_note=told.baseline.note,
        quality=told.target.quality,
        amount=told.target.amount,
        deadline=told.target.deadline,
        milestones=told.milestones,
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What belongs to some measures: by measure, milestones by agreement, spans by customer."""

    agreements: dict[UUID, list[Agreement]]
    milestones: dict[UUID, list[definitions.Milestone]]
    readings: dict[UUID, tuple[definitions.Reading, ...]]
    spans: dict[UUID, tuple[date, date] | None]
    read_at: dict[UUID, datetime]


def get_details(*, rows: Sequence[Measure], today: date) -> list[MeasureDetail]:
    """The details of measures that have engagement and customer loaded, in their order.

    Costs the same number of queries for one measure and for many of the same customers.
    """
    agreements = _agreements(rows)
    in_force = {key: found[-1] for key, found in agreements.items()}
    loaded = Loaded(
        agreements=agreements,
        milestones=_milestones(in_force.values()),
        readings=_readings(rows, in_force),
        spans={key: get_day_range(customer_id=key) for key in {row.customer_id for row in rows}},
        read_at=_read_at(rows),
    )
    return [_detail(row, loaded, today) for row in rows]


def _agreements(rows: Sequence[Measure]) -> dict[UUID, list[Agreement]]:
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    for agreement in Agreement.objects.filter(measure__in=rows).select_related("for_vendor"):
        found[agreement.measure_id].append(agreement)
    return dict(found)


def _milestones(agreements: Iterable[Agreement]) -> dict[UUID, list[definitions.Milestone]]:
    found: dict[UUID, list[definitions.Milestone]] = defaultdict(list)
    for row in Milestone.objects.filter(agreement__in=list(agreements)):
        milestone = definitions.Milestone(row.name, row.amount, row.due_date)
        found[row.agreement_id].append(milestone)
    return found


def _read_at(rows: Sequence[Measure]) -> dict[UUID, datetime]:
    """When the newest or last corrected reading of each measure was recorded."""
    readings = Reading.objects.filter(measure__in=rows).order_by()
    return dict(readings.values_list("measure_id").annotate(Max("recorded_at")))


def _readings(
    rows: Sequence[Measure], in_force: dict[UUID, Agreement]
) -> dict[UUID, tuple[definitions.Reading, ...]]:
    """Readings from one window before the baseline on: what came before that is history."""
    first = {row.pk: _first_day(row, in_force.get(row.pk)) for row in rows}
    found: dict[UUID, list[definitions.Reading]] = {key: [] for key in first}
    values = Reading.objects.filter(
        measure_id__in=first, day__gte=min(first.values(), default=date.min)
    ).values_list("measure_id", "day", "amount", "definition_version")
    for key, day, amount, version in values:
        if day >= first[key]:
            found[key].append(definitions.Reading(day, amount, version))
    return {key: tuple(readings) for key, readings in found.items()}


def _first_day(row: Measure, agreement: Agreement | None) -> date:
    if agreement is None:
        return date.min
    return agreement.baseline_date - timedelta(days=row.definition.window_days)


def _detail(row: Measure, loaded: Loaded, today: date) -> MeasureDetail:
    agreements = loaded.agreements.get(row.pk, [])
    moments = [row.created_at, *(agreement.recorded_at for agreement in agreements)]
    return MeasureDetail(
        id=row.pk,
        engagement_id=row.engagement_id,
        engagement_key=row.engagement.key,
        customer_id=row.customer_id,
        told=report(_value(row, loaded, today)),
        start_date=row.engagement.start_date,
        changed_at=max(*moments, loaded.read_at.get(row.pk, row.created_at)),
    )


def _value(row: Measure, loaded: Loaded, today: date) -> definitions.Measure:
    agreements, span = loaded.agreements.get(row.pk, []), loaded.spans[row.customer_id]
    bare = definitions.Measure(
        definition=row.definition,
        as_of=_as_of(row, span, today),
        time_zone=row.customer.time_zone,
        readings=loaded.readings[row.pk],
        events=tuple(_events(row, agreements)),
        whole_from=_whole_from(row, span),
    )
    if not agreements:
        return bare
    agreement = agreements[-1]
    return replace(
        bare,
        baseline=agreement.baseline,
        target=agreement.target,
        milestones=tuple(loaded.milestones.get(agreement.pk, ())),
        agreement=_agreement(agreement),
    )


def _as_of(row: Measure, span: tuple[date, date] | None, today: date) -> date:
    """The last closed day: as far as usage is counted, or yesterday for what others read."""
    if row.definition.source is Source.USAGE and span is not None:
        return min(span[1], today - ONE_DAY)
    return today - ONE_DAY


def _whole_from(row: Measure, span: tuple[date, date] | None) -> date | None:
    if row.definition.source is not Source.USAGE or span is None:
        return None
    return span[0] + timedelta(days=row.definition.window_days - 1)


def _agreement(row: Agreement) -> definitions.Agreement:
    vendor = str(row.for_vendor) if row.for_vendor else ""
    return definitions.Agreement(row.agreed_date, row.for_customer, vendor)


def _events(row: Measure, agreements: Sequence[Agreement]) -> Iterable[Event]:
    """Go-live, and each day on which the target was agreed anew: a new plan, so a new trend."""
    if row.engagement.go_live_date is not None:
        yield Event(row.engagement.go_live_date, "go-live")
    for agreement in agreements[1:]:
        yield Event(agreement.agreed_date, "target agreed anew", changes_plan=True)
