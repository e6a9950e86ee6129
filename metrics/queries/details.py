"""Reads of measures, as values that page, table, chart, CSV and API share."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from metrics import definitions
from metrics.definitions import Event, Source
from metrics.models import Agreement, Measure, Milestone, Reading
from metrics.narrative.story import Report, report
from metrics.queries.places import WHOLE, Place, get_places_of
from rendering.sentences import sentence
from usage.queries import get_day_range

ONE_DAY = timedelta(days=1)
Span = tuple[date, date] | None


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
    place: Place = WHOLE
    reader_name: str = ""
    reported_in: str = ""
    agreement_id: UUID | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer's lead said so too."""
        agreement = self.told.measure.agreement
        return agreement is not None and agreement.confirmed_date is not None

    @property
    def baseline_is_late(self) -> bool:
        """True when the baseline was taken after the work had begun to change something."""
        baseline, begun = self.told.measure.baseline, self.place.start_date or self.start_date
        return baseline is not None and begun is not None and baseline.day > begun


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
    place: Place = WHOLE
    read_date: date | None = None
    is_stale: bool = False
    version: int = 1
    key: str = ""
    baseline: float | None = None


def get_measures(*, engagement_id: UUID | None = None, removed: bool = False) -> QuerySet[Measure]:
    """Measures with their engagement and customer, of one engagement or of all; or those that were
    removed."""
    rows = Measure.objects.filter(removed_at__isnull=not removed).select_related(
        "engagement__lead", "engagement__csm", "customer", "own_definition", "reader"
    )
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_measure(*, measure_id: UUID, today: date) -> MeasureDetail:
    """A measure as it stands on its last closed day. Raises Measure.DoesNotExist."""
    return get_details(rows=[get_measures().get(pk=measure_id)], today=today)[0]


def get_measure_cards(*, engagement_id: UUID, today: date) -> tuple[MeasureCard, ...]:
    """The measures of an engagement, oldest first."""
    details = get_details(rows=list(get_measures(engagement_id=engagement_id)), today=today)
    return tuple(card_of(detail) for detail in details)


def card_of(detail: MeasureDetail) -> MeasureCard:
    """A measure with its figures and words, as a line of an overview."""
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
        place=detail.place,
        read_date=None if measure.latest is None else measure.latest.day,
        is_stale=measure.is_stale,
        version=measure.definition.version,
        key=measure.definition.key,
        baseline=None if measure.baseline is None else measure.baseline.amount,
    )


def get_measured_engagement_ids() -> set[UUID]:
    """Engagements with a target that both sides agreed."""
    rows = Agreement.objects.filter(measure__removed_at=None)
    return set(rows.values_list("measure__engagement_id", flat=True))


def get_agreements(*, measure_id: UUID) -> list[Agreement]:
    """Everything agreed about a measure, the newest first, with its milestones loaded."""
    rows = Agreement.objects.filter(measure_id=measure_id).select_related("for_vendor")
    return list(rows.prefetch_related("milestones").order_by("-agreed_date", "-id"))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What belongs to some measures: by measure, spans by customer."""

    agreements: dict[UUID, list[Agreement]]
    readings: dict[UUID, tuple[definitions.Reading, ...]]
    spans: Mapping[UUID, Span]
    read_at: dict[UUID, datetime]
    places: Mapping[UUID, Place]


def get_details(
    *,
    rows: Sequence[Measure],
    today: date,
    places: Mapping[UUID, Place] | None = None,
    spans: Mapping[UUID, Span] | None = None,
) -> list[MeasureDetail]:
    """The details of measures that have engagement and customer loaded, in their order. `places`
    are what they are about, and `spans` the first and the last closed day of use of each customer,
    where that was asked already.

    Costs the same number of queries for one measure and for many of the same customers.
    """
    agreements = _agreements(rows)
    in_force = {key: found[-1] for key, found in agreements.items()}
    readings, read_at = _readings(rows, in_force)
    loaded = Loaded(
        agreements=agreements,
        readings=readings,
        spans=_spans(rows) if spans is None else spans,
        read_at=read_at,
        places=get_places_of(rows=rows) if places is None else places,
    )
    return [_detail(row, loaded, today) for row in rows]


def _spans(rows: Sequence[Measure]) -> Mapping[UUID, Span]:
    return {key: get_day_range(customer_id=key) for key in {row.customer_id for row in rows}}


def _agreements(rows: Sequence[Measure]) -> dict[UUID, list[Agreement]]:
    """By measure, the oldest first; each with its `goals` as JSON, so that they cost no question."""
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    goals = Milestone.objects.filter(agreement=OuterRef("pk")).order_by("due_date", "id")
    goal = JSONObject(name="name", amount="amount", day="due_date", step="kind")
    agreed = Agreement.objects.filter(measure__in=rows).annotate(
        goals=ArraySubquery(goals.values_list(goal))
    )
    for agreement in agreed.select_related("for_vendor", "confirmed_by"):
        found[agreement.measure_id].append(agreement)
    return dict(found)


def _milestones(agreement: Agreement) -> tuple[definitions.Milestone, ...]:
    goals: list[dict[str, Any]] = agreement.goals  # type: ignore[attr-defined]
    return tuple(
        definitions.Milestone(
            goal["name"],
            float(goal["amount"]),
            date.fromisoformat(goal["day"]),
            definitions.Step(goal["step"]),
        )
        for goal in goals
    )


def _readings(
    rows: Sequence[Measure], in_force: dict[UUID, Agreement]
) -> tuple[dict[UUID, tuple[definitions.Reading, ...]], dict[UUID, datetime]]:
    """Readings from one window before the baseline on, since what came before that is history; and
    when the newest or last corrected of them was recorded.

    The database gathers each course into arrays: courses are long, and a row a reading costs more
    than all that is said of it.
    """
    first = {row.pk: _first_day(row, in_force.get(row.pk)) for row in rows}
    found: dict[UUID, tuple[definitions.Reading, ...]] = dict.fromkeys(first, ())
    read_at: dict[UUID, datetime] = {}
    stored = Reading.objects.filter(
        measure_id__in=first, day__gte=min(first.values(), default=date.min)
    ).order_by()
    courses = stored.values_list("measure_id").annotate(
        days=ArrayAgg("day", order_by="day"),
        amounts=ArrayAgg("amount", order_by="day"),
        versions=ArrayAgg("definition_version", order_by="day"),
        at=Max("recorded_at"),
    )
    for key, days, amounts, versions, recorded_at in courses:
        skip = bisect_left(days, first[key])
        found[key] = tuple(map(definitions.Reading, days[skip:], amounts[skip:], versions[skip:]))
        if found[key]:
            read_at[key] = recorded_at
    return found, read_at


def _first_day(row: Measure, agreement: Agreement | None) -> date:
    if agreement is None:
        return date.min
    return agreement.baseline_date - timedelta(days=row.definition.window_days)


def _detail(row: Measure, loaded: Loaded, today: date) -> MeasureDetail:
    agreements = loaded.agreements.get(row.pk, [])
    moments = [row.created_at, *_moments(agreements)]
    return MeasureDetail(
        id=row.pk,
        engagement_id=row.engagement_id,
        engagement_key=row.engagement.key,
        customer_id=row.customer_id,
        told=report(_value(row, loaded, today)),
        start_date=row.engagement.start_date,
        changed_at=max(*moments, loaded.read_at.get(row.pk, row.created_at)),
        place=loaded.places[row.pk],
        reader_name=str(row.reader or ""),
        reported_in=row.reported_in,
        agreement_id=agreements[-1].pk if agreements else None,
    )


def _moments(agreements: Iterable[Agreement]) -> Iterable[datetime]:
    for agreement in agreements:
        yield agreement.recorded_at
        if agreement.confirmed_at is not None:
            yield agreement.confirmed_at


def _value(row: Measure, loaded: Loaded, today: date) -> definitions.Measure:
    agreements, span = loaded.agreements.get(row.pk, []), loaded.spans[row.customer_id]
    bare = definitions.Measure(
        definition=row.definition,
        as_of=_as_of(row, span, today),
        time_zone=row.customer.time_zone,
        readings=loaded.readings[row.pk],
        events=tuple(_events(row, agreements, loaded.readings[row.pk])),
        whole_from=_whole_from(row, span),
    )
    if not agreements:
        return bare
    agreement = agreements[-1]
    return replace(
        bare,
        baseline=agreement.baseline,
        target=agreement.target,
        milestones=_milestones(agreement),
        agreement=_agreement(agreement, row),
        prior=_prior(agreement),
    )


def _prior(row: Agreement) -> definitions.Prior | None:
    if row.prior_amount is None:
        return None
    return definitions.Prior(row.prior_amount, row.prior_note)


def _as_of(row: Measure, span: tuple[date, date] | None, today: date) -> date:
    """The last closed day: as far as usage is counted, or yesterday for what others read."""
    if row.definition.source is Source.USAGE and span is not None:
        return min(span[1], today - ONE_DAY)
    return today - ONE_DAY


def _whole_from(row: Measure, span: tuple[date, date] | None) -> date | None:
    if row.definition.source is not Source.USAGE or span is None:
        return None
    return span[0] + timedelta(days=row.definition.window_days - 1)


def _agreement(row: Agreement, measure: Measure) -> definitions.Agreement:
    at = row.confirmed_at
    return definitions.Agreement(
        agreed_date=row.agreed_date,
        for_customer=row.for_customer,
        for_vendor=str(row.for_vendor) if row.for_vendor else "",
        confirmed_by=str(row.confirmed_by or row.for_customer) if at else "",
        confirmed_date=at.astimezone(measure.customer.zone).date() if at else None,
    )


def _events(
    row: Measure,
    agreements: Sequence[Agreement],
    readings: Sequence[definitions.Reading],
) -> Iterable[Event]:
    """Go-live, and what begins a new trend: a target agreed anew, or counted in another way."""
    if row.engagement.go_live_date is not None:
        yield Event(row.engagement.go_live_date, sentence("go-live"))
    for agreement in agreements[1:]:
        yield Event(agreement.agreed_date, sentence("target agreed anew"), changes_plan=True)
    for before, after in pairwise(readings):
        if before.version != after.version:
            said = sentence("counted by version %(version)s", version=after.version)
            yield Event(after.day, said, changes_plan=True)
