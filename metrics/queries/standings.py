"""How the measures of an engagement stand, without reading the course of each.

The night notes it of every measure, and so does each reading that comes in by day. What is not noted,
or noted too long ago, is told by its course, so that a list is right also where no night was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from metrics.definitions import Definition
from metrics.models import Agreement, Measure
from metrics.queries.details import MeasureCard, MeasureDetail, Span, card_of, get_details
from metrics.queries.places import Place, get_places_of
from metrics.scoring import Absence, Rating, rate

# What asks for somebody comes first.
RANKS = MappingProxyType({"act": 0, "watch": 1, "quiet": 2, "good": 3})
# After midnight, until the night is through, what was noted is of the day before.
STILL_TRUE = timedelta(days=1)
# All that a line and its course need, and no more: an engagement may have a thousand.
LIGHT = (
    *("id", "tenant_id", "customer_id", "engagement_id", "definition_key", "definition_version"),
    *("about", "about_key", "about_name", "created_at", "reported_in"),
    *("stated_date", "state", "progress", "score", "absence"),
    *("engagement__key", "engagement__start_date", "engagement__go_live_date"),
    *("customer__time_zone", "reader__name", "reader__email"),
)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of a measure: how it stands, how much of the way is done, and its score."""

    state: str
    progress: float | None
    rating: Rating


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure as a line of a long list; with its row, and its course where that had to be
    read."""

    id: UUID
    definition: Definition
    place: Place
    noted: Noted
    row: Measure
    detail: MeasureDetail | None = None

    @property
    def state(self) -> str:
        return self.noted.state

    @property
    def progress(self) -> float | None:
        return self.noted.progress


def noted_of(detail: MeasureDetail) -> Noted:
    """The same from the course of a measure: what the night writes down."""
    told = detail.told
    return Noted(told.story.state.value, told.standing.progress, rate(told.measure))


def get_standings(*, engagement_ids: Iterable[UUID], today: date) -> tuple[Standing, ...]:
    """Of every measure of some engagements, oldest first."""
    rows_of = Measure.objects.filter(engagement__in=list(engagement_ids), removed_at=None)
    light = rows_of.only(*LIGHT, *_own_columns())
    joined = light.select_related("engagement", "customer", "own_definition", "reader")
    rows = list(joined)
    places = get_places_of(rows=rows)
    read = _read(rows, places, today)
    return tuple(_standing(row, places[row.pk], read.get(row.pk)) for row in rows)


def _standing(row: Measure, place: Place, read: MeasureDetail | None) -> Standing:
    noted = _noted(row) if read is None else noted_of(read)
    return Standing(row.pk, row.definition, place, noted, row, read)


def _own_columns() -> Iterable[str]:
    own: Any = Measure._meta.get_field("own_definition")
    return (f"own_definition__{field.name}" for field in own.related_model._meta.concrete_fields)


def _noted(row: Measure) -> Noted:
    rating = Rating(row.score, Absence(row.absence) if row.absence else None)
    return Noted(row.state, row.progress, rating)


def _read(
    rows: Sequence[Measure], places: Mapping[UUID, Place], today: date
) -> Mapping[UUID, MeasureDetail]:
    """The courses of those of which nothing is noted, or nothing that still holds."""
    edge = today - STILL_TRUE
    found = [row for row in rows if row.stated_date is None or row.stated_date < edge]
    if not found:
        return {}
    return {one.id: one for one in get_details(rows=found, today=today, places=places)}


def get_deadlines(*, engagement_id: UUID) -> dict[UUID, date | None]:
    """The deadline in force of each measure."""
    agreed = Agreement.objects.filter(measure_id=OuterRef("pk")).order_by("-agreed_date", "-id")
    rows = Measure.objects.filter(engagement_id=engagement_id, removed_at=None).order_by()
    deadline = Subquery(agreed.values("deadline")[:1])
    return dict(rows.annotate(deadline=deadline).values_list("pk", "deadline"))


def get_cards_of(*, standings: Iterable[Standing], today: date) -> tuple[MeasureCard, ...]:
    """Some measures as cards, in their order."""
    return tuple(card_of(detail) for detail in _details_of(list(standings), today, None))


def _details_of(
    wanted: Sequence[Standing], today: date, spans: Mapping[UUID, Span] | None
) -> tuple[MeasureDetail, ...]:
    details = {one.id: one.detail for one in wanted if one.detail is not None}
    missing = [one.row for one in wanted if one.detail is None]
    if missing:
        places = {one.id: one.place for one in wanted}
        found = get_details(rows=missing, today=today, places=places, spans=spans)
        details |= {detail.id: detail for detail in found}
    return tuple(details[one.id] for one in wanted)


@dataclass(frozen=True, slots=True)
class Foremost:
    """The measures an overview has room for, what asks for somebody first; and how all stand."""

    details: tuple[MeasureDetail, ...]
    standings: tuple[Standing, ...]

    @property
    def cards(self) -> tuple[MeasureCard, ...]:
        return tuple(card_of(detail) for detail in self.details)


def get_foremost(
    *,
    engagement_id: UUID,
    today: date,
    most: int,
    spans: Mapping[UUID, Span] | None = None,
) -> Foremost:
    """So many at most, the worst first; `spans` as `get_details` takes them."""
    lines = sorted(get_standings(engagement_ids=[engagement_id], today=today), key=_need)
    return Foremost(_details_of(lines[:most], today, spans), tuple(lines))


def _need(line: Standing) -> tuple[int, float]:
    """Of equal states, what has come least far."""
    return RANKS[line.state], line.progress or 0.0
